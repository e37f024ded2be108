# Giving feedback and making suggestions.

feedback-ask-text = Please tell me what you think, or what { $town } should do better. One message is enough.
feedback-no-words = I could not find any words in that. Please write it in a sentence, or say “cancel”.
feedback-noted = Thank you, I have noted that.
feedback-ask-topic = What is it about? You can skip this.
feedback-topic-assistant = This assistant
feedback-topic-service = A town service
feedback-topic-idea = An idea for the town
feedback-topic-other = Something else
feedback-topic-skip = Skip
feedback-ask-rating = How satisfied are you with it? 1 is very unhappy, 5 is very happy. You can skip this too.
feedback-rating-1 = 1
feedback-rating-2 = 2
feedback-rating-3 = 3
feedback-rating-4 = 4
feedback-rating-5 = 5
feedback-rating-skip = Skip
feedback-choose = Please choose one of the buttons, or skip.
feedback-thanks = Thank you! Your message is with the town hall now. An official reads every message; if you get an answer, it arrives right here.
feedback-cancelled = All right, nothing was passed on.
feedback-reply = The town hall has answered your feedback:

    { $answer }

# Words with which people say that they want to give feedback. A message with at least three other words is
# taken as the feedback itself.
feedback-opening-words = i i'd i'm we a an the my our some to for of on about and it is this that here hello hi please can could may might would do like want wanna need have got give leave make share send submit say tell you your feedback opinion comment comments suggestion suggestions suggest idea ideas improvement thought thoughts review rate rating praise compliment town council city service services assistant bot
