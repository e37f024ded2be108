### Answers to what people say around the matter itself. The same words stand in domain.yml; a test compares them.

utter-greet = Hello! I am Folkmoot, the town's assistant. You can ask me a question, report a problem, or take part in a survey. What can I do for you?
utter-bye = Goodbye! Write again whenever you need something.
utter-thank = You are welcome. Is there anything else I can do?
utter-help = This is what I can do. Ask me about the town's rules and services, such as “When is my bin collected?”. Report a problem, such as “The street light is broken”. Ask what became of a report by its number. Take a survey. Tell the council what you think, or ask for a person. Write “delete my data” and I forget what you told me.
utter-bot-challenge = I am Folkmoot, an automated assistant of the town council, not a person. If you would rather speak to someone, write “talk to a person”.
utter-default = Sorry, I lost the thread. Please say that again in other words, or write “help”.
