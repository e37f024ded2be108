### Words of the web chat: of the element that any site may embed, and of the page at `/`.
### A part in { } is filled in when it is shown.

## The element

# ltr, or rtl for a language that is written from right to left.
webchat-direction = ltr
webchat-heading = Ask { $town }
webchat-open = Ask { $town }
webchat-close = Close the chat
webchat-unread = New messages: { $count }
webchat-welcome = Ask a question in your own words, or tell us what is wrong.
webchat-log = Conversation
webchat-label = Your message
webchat-placeholder = Write a message
webchat-send = Send
webchat-you = You:
webchat-assistant = Assistant:
webchat-official = The { $town } team
webchat-typing = Writing an answer
webchat-sending = Sending
webchat-waiting = Will be sent when you are connected
webchat-failed = Not sent.
webchat-retry = Try again
webchat-new-messages = New messages
webchat-choices = Choose an answer
webchat-source = Source:
webchat-page = page { $page }
webchat-date = as of { $date }
webchat-offline = You are offline. You can go on writing; we send it when you are back.
webchat-reconnecting = The connection was lost. Trying again …
webchat-too-long = This is too long by { $count } characters.
webchat-characters-left = Characters left: { $count }
webchat-share-location = Use where I am now
webchat-locating = Finding where you are …
webchat-location-failed = Your device did not tell us where you are. Please type the address or a place nearby.
webchat-location-sent = My location
webchat-add-photo = Add a photo
webchat-photo-sent = Photo
webchat-photo-preview = The photo you chose
webchat-photo-ready = Press send when you are ready.
webchat-photo-remove = Remove the photo
webchat-photo-type = This file cannot be used. Please choose a photo: JPEG, PNG, WebP or GIF.
webchat-photo-size = This photo is too large. { $megabytes } MB is the limit.
webchat-photo-not-kept = I cannot keep photos just now. Your words are safe: take the photo out and go on without it, and send it later.
webchat-uploading = Sending the photo
webchat-upload-failed = The photo could not be sent. Please try again.
webchat-survey = The survey, please
webchat-end = Clear this chat
webchat-end-sure = Press again to clear

## What the server tells the element

webchat-too-many = That was very fast. Please wait a minute, then try again.
webchat-not-understood = This message could not be read. Please reload the page and try again.
webchat-unavailable = We cannot take messages just now. Please try again in a moment, or call { $phone }.

## The page at /

home-title = Ask { $town }
home-heading = What can we do for you?
home-intro = Ask about rules and services, report a problem, or have your say. Answers quote the town's own documents.
home-examples = For example
home-example-question = When is my garden waste collected?
home-example-problem = There is a deep pothole on my road
home-example-status = What happened to my report?
home-example-survey = I want to take part in a survey
home-documents = Town documents
home-officials = For officials
home-emergency = In an emergency call { $emergency }.
home-no-script = The chat needs JavaScript. You can also call us: { $phone }.
home-loading = The chat is loading …
home-call = Call { $phone }
embed-title = A page with the chat on it
embed-heading = Your own site, with one line more
embed-intro = This page stands for any site of the town. The button in the corner comes from one script and one element.
