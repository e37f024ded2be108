# What the Telegram channel says of its own: everything else comes from the features.
telegram-location-button = 📍 Send my location
telegram-location-hint = You can share the place with the button below the message box, or with the paperclip (choose “Location”).
telegram-photo-hint = To add a photo, press the paperclip next to the message box.
telegram-keyboard-closed = Noted.

telegram-source-page = page { $page }
telegram-source-date = { $date }

telegram-unreadable-edit = I read messages as they were first sent, so I did not see your change. Please send the corrected text as a new message.
telegram-unreadable-group = I talk with people one to one. Please open a private chat with me: press my name, then “Message”.
telegram-unreadable-voice = I cannot listen to recordings yet. Please type your message.
telegram-unreadable-video = I cannot watch videos yet. Please send a photo, or describe it in words.
telegram-unreadable-sticker = I cannot read stickers. Please tell me in words what I can do for you.
telegram-unreadable-file = I can only take photos (JPEG, PNG, WebP or GIF). Please send a photo, or type what matters.
telegram-unreadable-other = I cannot read this kind of message. Please type it in words, or send a photo or a location.
telegram-unreadable-too_large = This photo is too large for me: please send one of at most { $megabytes } MB.
telegram-photo-lost = I could not fetch your photo from Telegram. Please send it again.
telegram-photo-not-kept = I cannot keep photos just now, so I do not have this one. Your words are safe, and we can go on without it; please send the photo again later.

telegram-command-start = Start, and see what I can do
telegram-command-help = How to use this chat
telegram-command-cancel = Stop what we are doing
telegram-command-delete = Delete everything you told me
