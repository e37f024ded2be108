# Buttons and answers that belong to no feature.
menu-report = Report a problem
menu-survey = Take a survey
menu-person = Talk to a person

routing-stale-button = That button is from earlier and no longer works. Please type what you would like to do.
routing-nothing-open-answer = There is nothing open that needs an answer. What would you like to do? You can also just ask a question.
routing-nothing-open-cancel = There is nothing to cancel. What would you like to do?
routing-nothing-open-location = Thank you for the place. What is it about? Describe the problem, or choose below.
routing-nothing-open-photo = Thank you for the photo. What is it about? Describe the problem, or choose below.
routing-not-understood = Sorry, I did not understand that. Ask me about the council's services and rules, or choose below.
routing-out-of-scope = I can only help with matters of the town: questions about its rules and services, problems to report, surveys and feedback. Write “help” to see examples.
routing-welcome-back = Welcome back. We go on where we stopped; say “cancel” if you would rather not.
routing-nothing-to-repeat = I have not said anything yet. Ask me about the council's services and rules.

gateway-too-long = That message is too long for me: please keep it under { $limit } characters. Nothing was lost, you can send it in parts.
gateway-failed = Sorry, something went wrong on our side. Your message is kept and I will try again in a moment; you do not need to send it again. If it is urgent, call { $phone }.
gateway-empty = I could not read anything in that message. Please type it in words.
gateway-too-many = You are sending messages faster than I can read them. Please wait a minute.
