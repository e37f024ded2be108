### Answers from the municipality's documents.

## One text for each outcome (civic/knowledge/answering/outcomes.py)

# $title is the title of the document; its words follow as a quotation with the source.
knowledge-status-answered = This is what “{ $title }” says:
# $why: `part` of the message was not found ($missing), or the document names `conditions` that the quote leaves out.
knowledge-status-answered-partly = { $why ->
    [part] I found this in “{ $title }”. About “{ $missing }” I found nothing for certain:
   *[conditions] This is what “{ $title }” says. It also names conditions or exceptions: please open the document before you rely on this.
 }
# $topics is how many topics follow as buttons.
knowledge-status-clarify = { $topics ->
    [0] I am not sure what you would like to know. Please tell me what it is about, for example “How much is a parking permit?”
   *[other] I can tell you more if I know what you mean. Which of these is it about?
 }
knowledge-status-unanswerable-no-source = { $topics ->
    [0] I do not know: I found nothing in { $town }'s documents that answers this for certain. I can pass your question on to the council's staff, or you can ask in other words.
    [one] I do not know: I found nothing in { $town }'s documents that answers this for certain. The page below is the nearest I have. I can also pass your question on to the council's staff.
   *[other] I do not know: I found nothing in { $town }'s documents that answers this for certain. The pages below are the nearest I have. I can also pass your question on to the council's staff.
 }
knowledge-status-unanswerable-no-question = I could not find a question in that. Please ask in a few words, for example “How much is a parking permit?”
# $kinds is a list such as “phone number, card number”.
knowledge-status-personal-data-refused = Your message held personal data ({ $kinds }). I have not kept it and did not answer, to be safe. Please ask again without it.
knowledge-status-emergency-signposted = If anybody is in danger, call { $emergency } now.
knowledge-status-error-no-documents = I have no documents to answer from at the moment. I can pass your question on to the council's staff, or you can call { $phone }.
knowledge-status-error-internal = Something went wrong on our side while I looked for an answer. Your question is kept. I can pass it on to the council's staff, or you can call { $phone }.

## Refusals that are data (content/refusals.yml names their statuses)

knowledge-status-unanswerable-legal-advice = I cannot give legal advice. A solicitor, a law centre or an advice charity can look at your case. If you want to know what the council's own rules say, ask me about those, or I can pass your question on.
knowledge-status-unanswerable-party-politics = I do not give opinions on parties, candidates or politicians. I can tell you how elections and votes work here.
knowledge-status-unanswerable-about-a-person = I do not give information about people. For the council's own offices and how to reach them, just ask.
knowledge-status-unanswerable-out-of-scope = That is not something that { $town }'s documents deal with. I can help with the town's rules and services. If you think that the council should answer this, I can pass your question on.

## The answer's rating and what follows

knowledge-did-this-help = Did this help?
knowledge-yes = Yes
knowledge-no = No
knowledge-not-meant = Not what I meant
knowledge-others = I am sorry. Perhaps you meant one of these:
knowledge-others-helped = Does that answer your question? If not, I can pass it on.
knowledge-no-others = I am sorry, I found nothing else that fits. I can pass your question on to the council's staff, or you can ask in other words.
knowledge-offer-report = That sounds as if something went wrong. Would you like to report it, so that the council puts it right?
knowledge-button-report = Report it
knowledge-rated-helpful = Good to hear. Is there anything else you would like to know?
knowledge-rated-unhelpful = I am sorry. I have noted for the council's staff that this answer did not help. Shall I pass your question on, so that somebody answers it, or would you like to ask in other words?
knowledge-pass-on = Pass my question on
knowledge-rephrase = Ask in other words
knowledge-passed-on = Thank you. I have passed your question on to the council's staff. When somebody answers it, you read it here. If it is urgent, call { $phone }.
# What an official answered; $asked is what this citizen had asked.
knowledge-official-answer = You asked: “{ $asked }” The council's staff answer: { $answer }
knowledge-rephrase-how = Please ask again in other words. It helps to name the service, for example “bulky waste”, and to ask one thing at a time.
knowledge-stale = That button belongs to an earlier question that is no longer here. Please ask it again.

## Pages

knowledge-documents = Documents
knowledge-documents-lead = The rules and services of { $town } from which questions are answered here.
knowledge-documents-none = There are no documents yet.
knowledge-documents-other = Other
knowledge-document-date = As of { $date }
knowledge-document-page = Page { $page }
knowledge-document-original = The original
knowledge-document-replaced = This is an earlier version, kept because an answer quoted it.
knowledge-document-newer = Read the version in force
knowledge-document-removed = This document is no longer in force. It is kept because an answer quoted it.
knowledge-document-missing = There is no such document.
knowledge-document-all = All documents
knowledge-skip = Skip to the text
knowledge-chat = Chat
