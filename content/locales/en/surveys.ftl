# Surveys: everything a citizen reads, and the small words by which typed answers are understood.

## Before the first question

surveys-consent-asked =
    { $title }

    { $consent }

    { $total ->
        [one] There is one question.
       *[other] There are about { $total } questions.
    } You can say "pause", "back", "skip" or "stop" at any time.
surveys-consent-default = Your answers are stored with your conversation, and read by the council's staff. Shall we begin?
surveys-thanks-default = That was the last question. Thank you for taking part!
surveys-declined = That is fine, nothing was kept. You can take part whenever you like: just say "survey".
surveys-none-open = There is no survey open at the moment. I can answer questions about the council's services, or take a report of a problem.
surveys-all-answered = You have answered every survey that is open at the moment. Thank you for taking part!
surveys-already-answered = You have already answered "{ $title }". Every person answers once, so that the result is fair. Thank you for taking part!
surveys-closed = The survey "{ $title }" is closed and no longer takes answers. Thank you for your interest!
surveys-which =
    { $count ->
        [one] There is one survey open. Would you like to take part?
       *[other] There are { $count } surveys open. Which one would you like to answer?
    }
surveys-which-line = • { $title }: { $description }
surveys-which-line-bare = • { $title }

## Questions

surveys-question =
    Question { $number } of { $total }
    { $label }
surveys-option = { $number }. { $label }
surveys-scale = Answer with a number from { $start } to { $end }.
surveys-several = You can name several, or press them one by one and then Done.
surveys-ranking = Name them in your order, the first one first, such as "2, 1, 3", or press them one after the other.
surveys-how-date = For example: 31 January 2027, or tomorrow.
surveys-how-time = For example: 15:30, or half past 3 in the afternoon.
surveys-how-geopoint = Share the place, or type its latitude and longitude, such as 51.5007, -0.1246.
surveys-how-image = Send one photo.
surveys-a-photo = a photo
surveys-date = { $weekday } { $day } { $month } { $year }
surveys-weekdays = Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday
surveys-months = January, February, March, April, May, June, July, August, September, October, November, December
surveys-chosen = Chosen so far: { $chosen }.
surveys-list-separator = ,{" "}

## What came of an answer

surveys-kept = Noted: { $answer }.
surveys-skipped = Skipped.
surveys-undone = Back to the question before.
surveys-first = This is the first question, there is nothing to go back to.
surveys-required = This question cannot be skipped. If you would rather not answer it, you can say "stop".
surveys-stale = That button belongs to another question, so it changed nothing.
surveys-why-unknown = The answer helps the council to understand the other answers better. { $optional ->
    [yes] You can skip this question.
   *[no] You can say "stop" if you would rather not answer.
  }
surveys-paused = Paused. Your answers so far are kept. Say "survey" whenever you want to go on, today or another day.
surveys-stop-asked =
    { $answers ->
        [one] Do you want to stop for good? Your answer so far would be deleted.
       *[other] Do you want to stop for good? Your { $answers } answers so far would be deleted.
    } You can also pause and go on another day.
surveys-stopped = Stopped. Your answers were deleted, and you will not be asked again. If you change your mind, say "survey".
surveys-over = This survey is finished.
surveys-resumed = Welcome back! We were at question { $number } of { $total } of "{ $title }".
surveys-resumed-consent = Welcome back! We were about to begin "{ $title }".
surveys-continue-offer = By the way: "{ $title }" is waiting at question { $number } of { $total }. Would you like to go on?

surveys-suggested-one = Did you mean: { $answer }?
surveys-suggested-several = Which one did you mean?

## Answers that do not count

surveys-refused-consent = Please say yes to begin, or no if you would rather not.
surveys-refused-choice = I could not tell which answer you mean. Please choose one: press a button, or type its number or name.
surveys-refused-one-choice = Only one answer is possible here. Please choose one: press a button, or type its number or name.
surveys-refused-choices = I could not tell which answers you mean. Please press them, or type their numbers or names, such as "1 and 3".
surveys-refused-choose-some = Please choose at least one.
surveys-refused-yes-no = Please answer with yes or no.
surveys-refused-undecided = I need a yes or a no here. If you cannot decide, choose what fits better{ $optional ->
    [yes] , or say "skip".
   *[no] .
  }
surveys-refused-integer = I need a number here, such as 5.
surveys-refused-decimal = I need a number here, such as 5 or 7.50.
surveys-refused-whole-number = I need a whole number here, not { $number }.
surveys-refused-several-numbers = That was more than one number. Please give one.
surveys-refused-range = Please answer with a number from { $start } to { $end }.
surveys-refused-empty = Please write a few words.
surveys-refused-too-long = That is { $length } characters long, and { $longest } fit here. Please say it shorter.
surveys-refused-not-done = Please answer the question first.
surveys-refused-only-words = I cannot use that as an answer here. Please type or choose one.
surveys-refused-date = I could not tell which day you mean. Please write it like 31 January 2027.
surveys-refused-time = I could not tell which time you mean. Please write it like 15:30.
surveys-refused-rank = I could not tell the order. Please type the numbers in your order, each once, such as "2, 1, 3", or press them one after the other.
surveys-refused-rank-all = Please put all { $count } in order, each once.
surveys-refused-acknowledge = Please press the button, or type "ok", to go on.
surveys-refused-geopoint = I need a place on the map here, and cannot look up addresses. Please share the place, or type its latitude and longitude, such as 51.5007, -0.1246.
surveys-refused-image = I need a photo here. Please send one{ $optional ->
    [yes] , or say "skip".
   *[no] .
  }
surveys-refused-not-asked = There is nothing to answer here.
surveys-refused-constraint = That answer does not fit here.

## Buttons

surveys-button-yes = Yes
surveys-button-no = No
surveys-button-begin = Yes, let's begin
surveys-button-decline = No, thanks
surveys-button-back = Back
surveys-button-skip = Skip
surveys-button-done = Done
surveys-button-chosen = ✓ { $label }
surveys-button-ranked = { $place }. ✓ { $label }
surveys-button-keep = Keep: { $answer }
surveys-button-acknowledge = OK
surveys-button-none-of-these = Something else
surveys-button-stop = Yes, stop and delete
surveys-button-pause = Pause instead
surveys-button-go-on = Go on
surveys-button-later = Not now
surveys-later = All right. Say "survey" whenever you want to go on.

## Small words by which typed answers are understood, separated by commas

surveys-words-yes =
    yes, y, yes please, yep, yeah, yea, yup, ya, yess, yes sir, aye, ok, okay, okey, k, sure, sure thing, of course,
    certainly, definitely, absolutely, indeed, correct, right, true, exactly, affirmative, gladly, agreed, agree,
    i agree, i do, i would, i am, i have, i can, i will, it is, it does, sounds good, fine, fine by me, go ahead,
    let's go, lets go, let's begin, lets begin, let's start, start, begin, why not, of course i do, i think so,
    always, totally, for sure, by all means, no problem, no doubt, 👍, ✅, ✔, 👌, 💯
surveys-words-no =
    no, n, nope, nah, naw, no thanks, no thank you, no way, not at all, never, not really, nay, negative, false,
    wrong, i don't, i dont, i do not, i don't think so, i dont think so, i would not, i wouldn't, i wouldnt, i'm not,
    im not, i am not, i haven't, i havent, i have not, i can't, i cant, i cannot, i won't, i wont, i will not,
    it isn't, it is not, it doesn't, it does not, certainly not, of course not, definitely not, absolutely not,
    by no means, not interested, not for me, rather not, i'd rather not, better not, don't want to, dont want to, not now,
    i disagree, disagree, not sure at all, not usually, not often, rarely, hardly, hardly ever, seldom, 👎, ❌, ✖
surveys-words-probably-yes =
    probably, i guess, i guess so, i suppose, i suppose so, most likely, likely, quite likely, mostly, usually,
    mostly yes, kind of, kinda, sort of, more or less, should be, i hope so, often, sometimes yes, presumably, if i must
surveys-words-probably-no =
    probably not, i guess not, i suppose not, unlikely, most likely not, i doubt it, doubtful, mostly no, mostly not,
    not likely, i hope not, i fear not, rather no
surveys-words-undecided =
    maybe, perhaps, if, only if, unless, as long as, not sure, i'm not sure, im not sure, i am not sure, unsure, don't know, dont know, i don't know,
    i dont know, i do not know, dunno, idk, no idea, depends, it depends, that depends, hard to say, yes and no, both,
    neither, sometimes, 50/50, who knows, can't say, cant say, no opinion, undecided, possibly, might, i might, 🤷
surveys-words-back =
    back, go back, previous, previous question, the question before, one back, undo, step back, last question again,
    i made a mistake, change my last answer, correct my last answer, wrong answer
surveys-words-skip =
    skip, skip it, skip this, skip this question, skip question, next, next question, pass, prefer not to say,
    i'd rather not say, id rather not say, rather not say, no answer, no comment, n/a, na, none of your business,
    i prefer not to answer, leave it empty, leave blank
surveys-words-repeat =
    repeat, say again, say that again, again, come again, pardon, what was the question, repeat the question,
    repeat question, once more, what, huh, what did you say, can you repeat that, could you repeat that, sorry
surveys-words-why =
    why, why do you ask, why do you ask that, why do you ask this, why are you asking, why do you want to know,
    why do you need that, why do you need this, why do you need to know, what for, what is that for, what is this for,
    why is that important, what's it to you, reason
surveys-words-pause =
    pause, later, continue later, not now i have to go, wait, break, take a break, i need a break, go on later,
    i'll continue later, ill continue later, tomorrow, continue tomorrow, let's continue tomorrow, remind me later,
    brb, be right back, i have to go, gotta go, hold on, finish later, i'll finish later
surveys-words-stop =
    stop, cancel, quit, exit, end, abort, stop it, stop this, stop the survey, stop survey, cancel the survey,
    cancel survey, end survey, end the survey, quit the survey, leave, i want to stop, i quit, enough, that's enough,
    no more questions, no more, forget it, never mind, nevermind, i don't want this any more, leave me alone
surveys-words-done =
    done, finished, that's all, thats all, that is all, that's it, thats it, that is it, ready, nothing else,
    no more choices, i'm done, im done, all done, finish, submit, complete
surveys-words-elsewhere =
    help, help me, menu, /help, human, talk to a human, talk to a person, talk to someone, speak to someone,
    speak to a person, i want to talk to a person, a real person, agent, operator, delete my data, delete all my data,
    report a problem, i want to report a problem, forget me, are you a bot, are you a robot
surveys-words-all = all, all of them, all of these, all of those, all of the above, everything, every one, each of them, both, both of them, the lot
surveys-words-nothing = none, none of them, none of these, none of those, none of the above, nothing, neither, no one, nil, -
surveys-words-negations =
    not, no, never, don't, dont, doesn't, doesnt, isn't, isnt, won't, wont, without, except, but, neither, nor, none,
    hate, avoid, apart, anything but, can't, cant, cannot
surveys-words-separators = and, plus, also, then, as well as
surveys-words-alternatives = or, either
surveys-words-fillers =
    the, a, an, i, we, my, me, it, is, i'd, i'll, i'm, id, by, on, in, at, to, of, for, mostly, usually, often, normally, mainly,
    sometimes, please, think, say, would, choose, pick, take, prefer, like, use, go, going, with, come, well, um, uh, erm, hmm,
    probably, just, only, too, also, one, ones, that, this, these, those, both, say, let's, lets, maybe, definitely, actually,
    always, there, get, want, mine, my, answer, yes, both, guess, some, occasionally, days, our, us, them, so, it's
surveys-words-numbering = number, numbers, options, choices, answers, option, choice, answer, item, nr, points, point
surveys-words-dozens = a dozen, one dozen, dozen
surveys-words-couples = a couple of, a couple, couple
surveys-words-zeros = none, nothing, zero, nil, nobody, no one, not any, free, for free, not a penny, no
surveys-words-onces = once, just me, only me, me, myself, on my own, alone, i live alone
surveys-words-twices = twice, the two of us, two of us
surveys-words-bounds =
    more than, less than, at least, at most, over, under, above, below, up to, no more than, no less than, or more,
    or less, or so many, or over, or under, minimum, maximum, almost none, fewer than, several
surveys-words-to = to, -, until, till, through, between and, from to
surveys-words-out-of = out of, of, from, over
surveys-words-or-more = or more, or over, or older, and over, and more, plus, and older, or above, and above, at least, +, years or older, years and over
surveys-words-or-less = or less, or fewer, or younger, up to, at most, and under, or under
surveys-words-over = over, more than, above, older than
surveys-words-under = under, less than, below, fewer than, younger than
surveys-words-point-five = and a half, 1/2, ½
surveys-words-on = on, at, by, around, about, the, it's, since, from
surveys-words-next = next
surveys-words-last = last, past
surveys-words-noon = noon, midday, at noon, lunchtime, 12 noon
surveys-words-midnight = midnight, at midnight, 12 midnight
surveys-words-morning = in the morning, am, a.m, a.m., in the early morning
surveys-words-evening = in the afternoon, in the evening, at night, pm, p.m, p.m.
surveys-words-half-past = half past, half after
surveys-words-quarter-past = quarter past, a quarter past, quarter after
surveys-words-quarter-to = quarter to, a quarter to, quarter before
surveys-words-o-clock = o'clock, oclock, o clock, hours, sharp
