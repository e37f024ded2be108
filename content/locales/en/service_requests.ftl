### Words of the complaints: intake, status, and what citizens are told when something happens.

## The words the assistant understands, separated by commas. They are compared in small letters.

service-requests-words-polite = actually, please, pls, plz, thanks, thank, you, thx, ok, okay, well, now, then, just, the, it, this, that, that's, thats, it's, all, um, uh, oh, hey, sorry
service-requests-words-cancel = cancel, cancle, cancell, stop, quit, exit, abort, forget, never mind, nevermind, leave, no more, stop report, cancel report, cancel my report, cancel everything, forget about, i changed my mind, changed my mind, i want to stop, i want to cancel, /cancel, delete report, end
service-requests-words-help = help, help me, what can i do, i need help, what do i do, how does work, i do not understand, i don't understand, dont understand, what, huh, options, info
service-requests-words-repeat = repeat, again, say again, repeat question, come again, pardon, what was question, what did say, once more, can repeat, could repeat
service-requests-words-back = back, go back, previous, undo, one step back, step back, last question, previous question, return
service-requests-words-skip = skip, skip question, no idea, not sure, i'm not sure, i am not sure, don't know, dont know, do not know, i don't know, i dont know, idk, dunno, later, pass, next, none, nothing, no place, without, leave out, leave empty, no photo, i have no photo, prefer not to say, rather not
service-requests-words-yes = yes, y, ok, okay, ok thanks, yep, yeah, yea, yup, sure, correct, right, that's right, that is right, fine, good, looks good, looks right, agree, agreed, i agree, confirm, confirmed, perfect, yes do, yes correct, yes send, absolutely, of course, go ahead, go on, continue, exactly, ja, si, oui
service-requests-words-no = no, n, nope, nah, wrong, incorrect, is wrong, that's wrong, that is wrong, not right, not correct, change, change something, no wait, wait, edit, no thats wrong, something is wrong, something's wrong
service-requests-words-anonymous = anonymous, anonymously, send anonymously, stay anonymous, no name, without name, without my name, i want to stay anonymous, keep anonymous, anon
service-requests-words-send = send, that's all, that is all, that's it, is all, submit, file, send off, report, done, finish, finished, ready, yes send, send report, send my report, i'm done, go
service-requests-words-new = start anew, start over, start again, restart, new, new report, new one, from beginning, reset
# One of these words in a question about a report means that it shall be taken back, or added to.
service-requests-words-withdraw = withdraw, retract, withdrawn, withdrawal, revoke
service-requests-words-comment = add a comment, add comment, add a photo, add photo, add photos, add a picture, another photo, add something, add a note, add to my report, add to my complaint, add to fm, add details, add more details, comment on

service-requests-words-field-description = description, text, wording, words, what i wrote, message
service-requests-words-field-type = type, kind, category, service, department
service-requests-words-field-place = place, address, location, adress, spot
service-requests-words-field-photo = photo, photos, picture, pictures, image, images, pic
service-requests-words-field-name = name, named, called
service-requests-words-change = change, correct, edit, fix, update, wrong, different, other, another, incorrect, not, should, actually, make, replace, add, new, remove, delete, send, give, with
service-requests-words-joining = is actually, should be, should say, needs to be, must be, was, is, to, as
service-requests-words-name-openings = my name is, my name's, i am, i'm, name is, name's, it is, it's, its, this is, call me, the name is
service-requests-words-before-question = actually, and, also, but, so, ok, okay, oh, wait, sorry, hey, hi, please, then, now, by, the, way, first, quick, question, one, more
service-requests-words-questions = what, what's, whats, wat, when, when's, whens, where, where's, wheres, who, who's, which, why, how, how's, hows, can i, could i, may i, do i, did i, am i, is there, are there, does, do you, can you tell
service-requests-words-ordinals = 1 1st first one, 2 2nd second two, 3 3rd third three, 4 4th fourth four, 5 5th fifth five, 6 6th sixth six, 7 7th seventh seven

# A text of these words only says that something shall be reported, and not what.
service-requests-words-bare = i, want, wanna, would, like, need, have, i'd, i've, to, make, file, raise, lodge, submit, report, reporting, rpeort, repport, complain, complaint, complaints, complan, complane, a, an, the, problem, problems, problm, prblem, issue, issues, something, some, thing, things, hi, hello, hey, please, can, could, you, me, my, about, fault, faulty, defect, with, there, is, there's, how, do, do i, does, one, got, new, another, of, in, for, town, council, city, here, now, may, wish, let, us, we, ok, and, start, begin, again, today, good, morning, evening, day, u, pls, plz, im, i'm, am, should, where, know, someone, somebody, tell, talk, go, be, it, this, that

## How people name a place. Prepositions that add nothing to an address are listed a second time as plain.

service-requests-words-before-place = outside, in front of, infront of, opposite, across from, at, near, nearby, close to, next to, beside, by, behind, in, on, along, off, under, below, above, between, corner of, the corner of, at the corner of, on the corner of, junction of, at the junction of, around, round, past, before, after, from, to, into, onto, down, up, of
service-requests-words-plain-before-place = at, in, on, from, to, into, onto, of, along, down, up
service-requests-words-streets = street, st, road, rd, lane, ln, avenue, ave, close, drive, way, crescent, terrace, row, hill, court, mews, grove, gardens, place, square, walk, parade, quay, embankment, alley, boulevard, bypass, highway, rise, view, green, yard, estate
service-requests-words-landmarks = library, railway station, train station, bus station, station, town hall, city hall, hospital, post office, museum, cinema, theatre, market square, market place, fire station, police station, swimming pool, leisure centre, sports centre, job centre, court house, ring road, bypass, marina, harbour, castle, abbey, cathedral, skate park, high street, main street, tesco, aldi, lidl
service-requests-words-named-landmarks = park, school, primary school, nursery, college, church, mosque, temple, synagogue, chapel, bridge, pub, inn, hotel, supermarket, shop, surgery, clinic, chemist, pharmacy, bank, playground, cemetery, graveyard, roundabout, bus stop, car park, stadium, farm, mill, pond, river, canal, common, woods, wood, field, fields, meadow, house, tower, centre, gate, crossroads, junction, underpass, tunnel, garage, cafe, restaurant
service-requests-words-no-name = a, an, the, my, our, your, his, her, their, this, that, these, those, whole, entire, every, any, some, and, or, but, is, are, was, were, has, have, not, no, there, it, main, side, own, same, local, busy, public, wrong, middle, one, two, next, all, whole, most, each, which, what, i, we, you, he, she, they, been, be, with, for, of, so, since, when, blocked, blocking, crossing, across, over, dark, long, old, new, big, small, huge, empty, busy, dangerous, residential, quiet, narrow, good, bad, broken, damaged, full, half, way, road, street, pedestrian, one-way

## Questions

service-requests-ask-description = What is wrong, and where? One sentence is enough, for example: “A deep pothole outside 12 Mill Lane.”
service-requests-ask-type = Thank you. Which of these is it? You can also describe it a little more.
service-requests-ask-group = What is it about?
service-requests-ask-group-type = { $group }: which of these is it?
service-requests-ask-place = Where is it? Share the location or type an address or a place nearby. A photo helps too, if you have one.
service-requests-ask-photo = Send a photo now, or leave it out.
service-requests-ask-name = Under which name shall I send it? Only the department that deals with it will see it. I send the report as soon as you tell me.
service-requests-ask-name-only = Under which name shall I send it? Only the department that deals with it will see it.
service-requests-ask-change = What would you like to change?
service-requests-ask-resume = You have a report that is not finished: “{ $start }” Shall we go on with it, or begin a new one?
service-requests-ask-place-offered = Which of these do you mean? You can also share the location or type the place anew.
service-requests-ask-photo-place = Is it where the photo was taken? { $map }
service-requests-ask-comment = What shall I add to { $number }? Write it, or send a photo. Only the department that deals with it will see it.
service-requests-ask-withdraw = Shall I take { $number } back? The department then stops working on it.

service-requests-button-none = None of these
service-requests-button-chosen = ✓ { $label }
service-requests-button-done = Done
service-requests-button-skip-place = Skip the place
service-requests-button-skip-photo = No photo
service-requests-button-send = Send
service-requests-button-send-anonymously = Send anonymously
service-requests-button-send-with-name = Send with my name
service-requests-button-receipt = Send without a trace
service-requests-button-keep-place = Keep “{ $place }”
service-requests-button-photo-place = Yes, there
service-requests-button-elsewhere = No, somewhere else
service-requests-button-join = It is { $number }
service-requests-button-none-of-them = None of these
service-requests-button-comment = Add a comment or a photo
service-requests-button-withdraw = Take it back
service-requests-button-leave = Tell me no more about it
service-requests-button-keep-quiet = Add nothing
service-requests-button-withdraw-now = Yes, take it back
service-requests-button-keep-report = No, keep it
service-requests-button-change = Change something
service-requests-button-cancel = Cancel
service-requests-button-stay-anonymous = Stay anonymous
service-requests-button-go-on = Go on
service-requests-button-start-anew = Begin a new one
service-requests-button-to-summary = Nothing, go back
service-requests-button-back = Back
service-requests-field-description = Description
service-requests-field-type = Type
service-requests-field-place = Place
service-requests-field-photo = Photo
service-requests-field-name = Name

## The summary and the consent

service-requests-summary =
    Is this right?

    Problem: { $description }
    Type: { $type }
    { $details }
service-requests-summary-place = Place: { $place }
service-requests-summary-no-place = Place: not given
service-requests-summary-attribute = { $question } { $answer }
service-requests-summary-photos = { $count ->
        [0] Photo: none – you can still send one
        [1] Photo: 1
       *[other] Photos: { $count }
    }
service-requests-summary-name = Your name: { $name }
service-requests-summary-anonymous = Your name: not given
service-requests-consent = When you send it, { $agency } of { $town } Council stores it and writes to you here. Until then nothing is sent. Say “delete my data” at any time to have everything about you deleted.
service-requests-consent-public = Anybody can look up its type, place and status; your words, photos and name are for the department only.
service-requests-consent-private = Anybody can look up its type and status; everything else is for the department only.
service-requests-shared-place = the location you shared ({ $lat }, { $long })
service-requests-address-and-point = { $address } (location shared)
service-requests-photo-place = where the photo was taken

## Remarks on the way

service-requests-danger = If anybody is in danger, call { $emergency } now. Keep away from the place, and do not wait for an answer here.
service-requests-emergency-service = This can be dangerous: keep your distance, and call { $emergency } if somebody may get hurt.
service-requests-understood-type = That sounds like: { $type }.
service-requests-kept-photo = I have added the photo.
service-requests-too-many-photos = There are { $limit } photos already, which is as many as I can take. I left this one out.
service-requests-photos-removed = I have taken the photos out.
service-requests-kept-place = I have noted the place.
service-requests-outside = That place is outside { $town }, so the council cannot act there. Please give a place in { $town }.
service-requests-changed = I have changed that.
service-requests-more-words = I need a few words to go on: what is wrong?
service-requests-not-words = I cannot read that. Please tell me in words what is wrong.
service-requests-cut-description = That was long: I kept the first { $limit } characters. The department can ask you for more.
service-requests-cut-place = Please give the place in fewer words ({ $limit } characters at most).
service-requests-place-unclear = I could not read a place in that. An address, a crossing or a building nearby is best.
service-requests-choose-one = Please choose one of these, or type its number.
service-requests-answer-needed = The department cannot act without this one.
service-requests-not-a-number = Please answer with a number.
service-requests-not-a-moment = Please answer with a day, and an hour if you know it, such as “yesterday at 5 pm”.
service-requests-answer-unsure = Which of these did you mean?
service-requests-several = You can choose several, one by one, or name them in a message.
service-requests-answer-too-long = Please answer in fewer words ({ $limit } characters at most).
service-requests-summary-unclear = Please choose: send it, change something, or cancel. You can also say, for example, “change the place to 14 Mill Lane”.
service-requests-not-a-name = That does not look like a name. Type your name, or stay anonymous.
service-requests-no-photos-yet = There is no photo yet.
service-requests-cannot-skip = I do need this one. If you would rather stop, say “cancel”.
service-requests-stale-button = That button belongs to an earlier question. To correct something, say for example “change the place”, or wait for the summary.
service-requests-first-step = This is the first question; there is nothing before it.
service-requests-already-here = We are in the middle of your report already.
service-requests-cancelled = Cancelled. I have deleted what you told me about this problem, and nothing was sent.
service-requests-draft-expired = Your earlier report was not finished within { $hours } hours, so I deleted it. Let us begin anew.
service-requests-help-description = Tell me what is wrong and, if you can, where: for example “street light out at 5 Bridge Street”. Say “cancel” to stop at any time; nothing is sent before you confirm.
service-requests-help-type = I want to send your report to the right department. Choose what fits best, or describe it in other words. Say “back” or “cancel” at any time.
service-requests-help-attribute = The department needs this to act. Say “back” to correct what you said before, or “cancel” to stop.
service-requests-help-place = The crew has to find it: share your location, type an address, or name a building nearby. You can skip it if there is no place.
service-requests-help-summary = Nothing has been sent yet. Send it as it is or with your name, say what to change, or say “cancel”.
service-requests-help-name = Your name is optional. Type it, or stay anonymous.
service-requests-help-change = Choose what is not right. Nothing has been sent yet.
service-requests-help-photo = A photo helps the crew to find the place and bring the right tools. It is optional.
service-requests-help-resume = Going on keeps what you told me; beginning anew deletes it.
service-requests-help-comment = Write what the department should know, or send a photo. Say “cancel” to add nothing.
service-requests-help-withdraw = Taking the report back ends the work on it; keeping it changes nothing.
service-requests-withdraw-unclear = Please answer yes or no: shall I take the report back?
service-requests-comment-unclear = Please write a few words, or send a photo.

## Open requests that may be about the same

service-requests-similar = Somebody may have reported this already. Is it one of these? Then you need not send yours: I add what you told me, and write to you when something happens. If it is none of them, just send your report.
service-requests-similar-line =
    { $number }: { $type }, { $place }, { $metres } m away, reported on { DATETIME($date, dateStyle: "long") }{ $others ->
        [0] {""}
        [1] , joined by one other
       *[other] , joined by { $others } others
    }
    { $map }
service-requests-ask-which = Yes, it is one of these – or yes, send yours?
service-requests-button-send-mine = Send mine, anonymously
service-requests-similar-no-address = place shared
service-requests-joined = You have joined { $number }: { $others ->
        [1] that makes two of you
       *[other] you are { $others } besides the one who reported it
    }. { $agency } has what you told me, and I write to you here when something happens. Your own report was not sent.
service-requests-join-over = { $number } has ended in the meantime. Please send your own report.
service-requests-status-joined = { $number }: { $type }, reported on { DATETIME($date, dateStyle: "long") }. Status: { $status }. You have joined it, and hear when something happens.
service-requests-status-joiners = { $others ->
        [1] One other person has joined it.
       *[other] { $others } others have joined it.
    }

## After sending: comments, photos, taking back, receipts

service-requests-commented = Added to { $number }. { $agency } will see it.
service-requests-photo-only = (a photo)
service-requests-nothing-changed = { $number } stays as it is.
service-requests-comment-later = Let us finish what we are doing first. Then ask me about { $number } again.
service-requests-withdrawn = { $number } is taken back, and { $agency } need not act on it any more. Thank you for telling us.
service-requests-withdrawn-for-you = { $number } is no longer yours, and I do not write to you about it any more. Others have joined it, so the work goes on for them.
service-requests-withdraw-too-late = { $number } has ended already: there is nothing to take back.
service-requests-not-yours = { $number } was not sent from here, so only its status can be asked for.
service-requests-left = I do not write to you about { $number } any more.
service-requests-receipt-wrong = This receipt does not fit { $number }. Please check for a slip.

## Filed

service-requests-filed =
    Thank you{ $name }. Your report is with { $agency }.

    Your number: { $number }

    You can expect a result by { DATETIME($date, dateStyle: "long") }. I write to you here when something happens. To ask, send me the number, or say “my reports”.
service-requests-filed-name = , { $name }
service-requests-filed-receipt =
    Thank you. Your report is with { $agency }, and nothing there leads back to you.

    Your receipt, shown only now: { $receipt }

    Keep it: with it you can ask how the report stands and add to it, from anywhere. I cannot write to you about it. A result can be expected by { DATETIME($date, dateStyle: "long") }. What you wrote and this receipt stay in this chat until you delete it.
service-requests-button-forget-chat = Delete this chat now
service-requests-already-filed = This report has been sent already. Its number is { $number }.
service-requests-already-gone = That report is over: it was sent without a trace, cancelled, or has expired, so I did not send it again. You can begin a new one.

## Status

service-requests-status-submitted = received, not yet looked at
service-requests-status-acknowledged = received and passed to the crew
service-requests-status-in_progress = being worked on
service-requests-status-waiting_for_citizen = waiting for an answer from you
service-requests-status-resolved = solved
service-requests-status-closed = closed
service-requests-status-rejected = not accepted
service-requests-status-duplicate = joined with an earlier report
service-requests-status-reopened = open again
service-requests-status-own =
    { $number }: { $type }
    Status: { $status } (since { DATETIME($since, dateStyle: "long") })
    { $details }
service-requests-status-own-place = Place: { $place }
service-requests-status-own-expected = Expected by { DATETIME($date, dateStyle: "long") }
service-requests-status-own-message = { $agency } wrote on { DATETIME($date, dateStyle: "long") }: “{ $text }”
service-requests-status-public = { $number }: { $type }, reported on { DATETIME($date, dateStyle: "long") }. Status: { $status }. More is shown only to the person who reported it.
service-requests-status-waiting-public = waiting for an answer from the person who reported it
service-requests-status-unknown = I know no report with the number { $number }. Numbers look like FM-7K3Q9; please check for a slip.
service-requests-my-reports = { $count ->
        [1] You have one report. Choose it for details.
       *[other] You have { $count } reports. Choose one for details.
    }
service-requests-my-reports-more = Of your { $count } reports, these are the newest. For another one, send me its number.
service-requests-my-reports-line = { $number }: { $type }, { $status }
service-requests-no-reports = You have not reported anything from here. If you have a number such as FM-7K3Q9, send it to me.

## What the citizen is told when something happens

service-requests-told-acknowledged = { $number } ({ $type }): { $agency } has read your report and passed it to the crew.
service-requests-told-in-progress = { $number } ({ $type }): work on it has begun.
service-requests-told-waiting-for-citizen = { $number } ({ $type }): { $agency } needs something from you.
service-requests-told-resolved = { $number } ({ $type }): this has been solved. Thank you for telling us.
service-requests-told-rejected = { $number } ({ $type }): { $agency } cannot act on this report.
service-requests-told-duplicate = { $number } ({ $type }): somebody had reported this before. The work goes on under { $original }; ask me about that number.
service-requests-told-reopened = { $number } ({ $type }): your report is open again.
service-requests-told-waiting-for-reporter = { $number } ({ $type }): { $agency } waits for an answer from the person who reported it.
service-requests-told-ask-verdict =
    { $told }

    Is it fixed?
service-requests-told-message = { $told } “{ $message }”
service-requests-told-reply = { $agency } about { $number } ({ $type }): “{ $message }”

## What other systems and the public read (Open311)

service-requests-open311-notice = { $agency } deals with this. A result can be expected by { DATETIME($date, dateStyle: "long") }.
service-requests-open311-danger = If anybody is in danger, call { $emergency } now; this report is read during office hours.
service-requests-open311-duplicate = Joined with an earlier report: { $original }.
service-requests-open311-feed-title = { $town }: reported problems

## After a solution

service-requests-button-verdict-fixed = Fixed
service-requests-button-verdict-not-fixed = Not fixed
service-requests-button-verdict-different = Different problem
service-requests-button-skip-rating = Rather not say
service-requests-button-skip-why = Skip
service-requests-verdict-not-fixed = Sorry to hear that. { $number } is open again, and { $agency } has been alerted. What is still wrong? Whatever you write now goes to them; a photo helps too.
service-requests-verdict-different = Thank you. { $number } stays as it is, and we begin a new report.
service-requests-verdict-overtaken = { $number } has moved on since then: it is { $stands }. You can write to me about it at any time with its number.
service-requests-verdict-gone = That question is over. If something is wrong, tell me what it is.
service-requests-ask-rating = Glad to hear that { $number } is fixed. How satisfied are you with how it was dealt with? 1 is very unhappy, 5 is very happy.
service-requests-ask-why = Thank you. What was good or bad about { $number }? One sentence is enough, or skip it.
service-requests-rating-thanks = Thank you. That helps to do better with the next report.
service-requests-rating-known = Thank you, you have told me that about { $number } already.

## What is written about a report afterwards

service-requests-noted = I have added that to { $number } ({ $type }); { $agency } reads it. Write on if there is more.
service-requests-noted-photo = I have added the photo to { $number } ({ $type }); { $agency } sees it. Write on if there is more.
service-requests-noted-nothing = There was nothing in that to pass on about { $number }.
service-requests-noted-location = Location shared: { $lat }, { $long }
service-requests-button-something-else = Something else

## What the citizen wants to hear

service-requests-ask-wish = { $wish ->
       *[everything] I write to you whenever something happens to your reports.
        [result] I write to you when there is a result or a question about your reports.
        [nothing] I do not write to you about your reports of my own accord; ask me whenever you like.
    } How would you like it?
service-requests-button-wish-everything = Tell me everything
service-requests-button-wish-result = Only the result
service-requests-button-wish-nothing = Nothing
service-requests-wish-everything = I will write to you whenever something happens to your reports.
service-requests-wish-result = I will write to you only when there is a result, or a question to you.
service-requests-wish-nothing = I will not write to you about your reports of my own accord. To see how one stands, send me its number or say “my reports”; to change this, say “notifications”.

## How these are typed. Whole messages, without their punctuation.

service-requests-words-verdict-fixed = fixed, it is fixed, its fixed, it's fixed, yes fixed, yes it is fixed, solved, it is solved, its solved, all good, all fixed, works now, it works now, done, repaired, it is repaired, sorted, all sorted
service-requests-words-verdict-not-fixed = not fixed, it is not fixed, its not fixed, it's not fixed, it isnt fixed, it isn't fixed, isnt fixed, isn't fixed, no not fixed, no it is not fixed, no its not fixed, still broken, it is still broken, its still broken, it's still broken, not solved, it is not solved, still there, it is still there, its still there, it's still there, not repaired, nothing happened, nothing has happened, nobody came, not done
service-requests-words-verdict-different = different problem, a different problem, another problem, something different, other problem, it is a different problem, its a different problem
service-requests-words-skip-why = skip, no, no thanks, no thank you, nothing, rather not, rather not say, nope, leave it, not now, cancel, stop
service-requests-words-stars = one 1, two 2, three 3, four 4, five 5
service-requests-words-wish = notifications, notification, notification settings, change notifications, notify me, change my notifications, how do you notify me, messages settings, settings
service-requests-words-wish-everything = tell me everything, everything, notify me about everything, tell me about everything, all notifications, all updates, every update
service-requests-words-wish-result = only the result, tell me only the result, only tell me the result, just the result, result only, only results, tell me the result only
service-requests-words-wish-nothing = tell me nothing, no notifications, stop notifications, turn off notifications, stop notifying me, do not notify me, dont notify me, don't notify me, no updates, stop updates, stop sending me updates, do not write to me, don't write to me
service-requests-words-not-to-the-case = hi, hello, hey, good morning, good evening, thanks, thank you, thank you very much, many thanks, ok, okay, ok thanks, great, great thanks, bye, goodbye, help, menu, cancel, stop, start, repeat, delete my data, my reports, talk to a person, surveys, survey
service-requests-words-other-wish = i want to report, i'd like to report, i would like to report, report a, report another, new report, i want to complain about, talk to, speak to somebody, take a survey, take the survey, do a survey, a survey, take part in, i have a question, another question, how do i apply, how can i apply, how do i get a, how do i register, how do i renew, how much does, when is my, delete my, delete all my, delete everything, forget my, forget me, give feedback, my reports, what about fm, status of
service-requests-words-asks-status = what, what's, whats, how, how's, hows, when, where, why, who, is, are, was, were, has, have, did, does, do, any, status, check, show, track, state, update, news, tell, look, see, please, can, could, will, would, info, information, whether
service-requests-words-verbs = is, are, was, were, has, have, did, does, do, can, could, will, would
