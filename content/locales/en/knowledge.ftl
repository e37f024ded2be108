### Answers from the municipality's documents.

## One text for each outcome (civic/knowledge/answering/outcomes.py)

# $title is the title of the document; its words follow as a quotation with the source.
knowledge-status-answered = This is what “{ $title }” says:
knowledge-status-unanswerable-no-source = I do not know: I found nothing in { $town }'s documents that answers this for certain. I can pass your question on to the council's staff, or you can ask in other words.
knowledge-status-unanswerable-no-question = I could not find a question in that. Please ask in a few words, for example “How much is a parking permit?”
knowledge-status-error-no-documents = I have no documents to answer from at the moment. I can pass your question on to the council's staff, or you can call { $phone }.

## The answer's rating and what follows

knowledge-did-this-help = Did this help?
knowledge-yes = Yes
knowledge-no = No
knowledge-rated-helpful = Good to hear. Is there anything else you would like to know?
knowledge-rated-unhelpful = I am sorry. I have noted for the council's staff that this answer did not help. Shall I pass your question on, so that somebody answers it, or would you like to ask in other words?
knowledge-pass-on = Pass my question on
knowledge-rephrase = Ask in other words
knowledge-passed-on = Thank you. I have passed your question on to the council's staff. When somebody answers it, you read it here. If it is urgent, call { $phone }.
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
