### Small words by which typed answers are understood, in surveys and in the questions of reports.
### Phrases are separated by commas.

understanding-words-yes =
    yes, y, yes please, yep, yeah, yea, yup, ya, yess, yes sir, aye, ok, okay, okey, k, sure, sure thing, of course,
    certainly, definitely, absolutely, indeed, correct, right, true, exactly, affirmative, gladly, agreed, agree,
    i agree, i do, i would, i am, i have, i can, i will, it is, it does, sounds good, fine, fine by me, go ahead,
    let's go, lets go, let's begin, lets begin, let's start, start, begin, why not, of course i do, i think so,
    always, totally, for sure, by all means, no problem, no doubt, no trouble, no trouble at all, no problem at all, i'd love to, i would love to, love to, 👍, ✅, ✔, 👌, 💯
understanding-words-no =
    no, n, nope, nah, naw, no thanks, no thank you, no way, not at all, never, not really, nay, negative, false,
    wrong, i don't, i dont, i do not, i don't think so, i dont think so, i would not, i wouldn't, i wouldnt, i'm not,
    im not, i am not, i haven't, i havent, i have not, i can't, i cant, i cannot, i won't, i wont, i will not,
    it isn't, it is not, it doesn't, it does not, certainly not, of course not, definitely not, absolutely not,
    by no means, not interested, not for me, rather not, i'd rather not, better not, don't want to, dont want to, not now,
    i disagree, disagree, not sure at all, not usually, not often, rarely, hardly, hardly ever, seldom, 👎, ❌, ✖
understanding-words-probably-yes =
    probably, i guess, i guess so, i suppose, i suppose so, most likely, likely, quite likely, mostly, usually,
    mostly yes, kind of, kinda, sort of, more or less, should be, i hope so, often, sometimes yes, presumably, if i must, most of the time, most times
understanding-words-probably-no =
    probably not, i guess not, i suppose not, unlikely, most likely not, i doubt it, doubtful, mostly no, mostly not,
    not likely, i hope not, i fear not, rather no
understanding-words-undecided =
    maybe, perhaps, if, only if, unless, as long as, not sure, i'm not sure, im not sure, i am not sure, unsure, don't know, dont know, i don't know,
    i dont know, i do not know, dunno, idk, no idea, depends, it depends, that depends, hard to say, yes and no, both,
    neither, sometimes, 50/50, who knows, can't say, cant say, no opinion, undecided, possibly, might, i might, 🤷
understanding-words-back =
    back, go back, previous, previous question, the question before, one back, undo, step back, last question again,
    i made a mistake, change my last answer, correct my last answer, wrong answer
understanding-words-skip =
    skip, skip it, skip this, skip this question, skip question, next, next question, pass, prefer not to say,
    i'd rather not say, id rather not say, rather not say, no answer, no comment, n/a, na, none of your business,
    i prefer not to answer, leave it empty, leave blank
understanding-words-repeat =
    repeat, say again, say that again, again, come again, pardon, what was the question, repeat the question,
    repeat question, once more, what, huh, what did you say, can you repeat that, could you repeat that, sorry
understanding-words-why =
    why, why do you ask, why do you ask that, why do you ask this, why are you asking, why do you want to know,
    why do you need that, why do you need this, why do you need to know, what for, what is that for, what is this for,
    why is that important, what's it to you, reason
understanding-words-pause =
    pause, later, continue later, not now i have to go, wait, break, take a break, i need a break, go on later,
    i'll continue later, ill continue later, tomorrow, continue tomorrow, let's continue tomorrow, remind me later,
    brb, be right back, i have to go, gotta go, hold on, finish later, i'll finish later
understanding-words-stop =
    stop, cancel, quit, exit, end, abort, stop it, stop this, stop the survey, stop survey, cancel the survey,
    cancel survey, end survey, end the survey, quit the survey, leave, i want to stop, i quit, enough, that's enough,
    no more questions, no more, forget it, never mind, nevermind, i don't want this any more, leave me alone
understanding-words-done =
    done, finished, that's all, thats all, that is all, that's it, thats it, that is it, ready, nothing else,
    no more choices, i'm done, im done, all done, finish, submit, complete
understanding-words-elsewhere =
    help, help me, menu, /help, human, talk to a human, talk to a person, talk to someone, speak to someone,
    speak to a person, i want to talk to a person, a real person, agent, operator, delete my data, delete all my data,
    report a problem, i want to report a problem, forget me, are you a bot, are you a robot
understanding-words-all = all, all of them, all of these, all of those, all of the above, everything, every one, each of them, both, both of them, the lot
understanding-words-nothing = none, none of them, none of these, none of those, none of the above, nothing, neither, no one, nil, -
understanding-words-negations =
    not, no, never, don't, dont, doesn't, doesnt, isn't, isnt, won't, wont, without, except, but, neither, nor, none,
    hate, avoid, apart, anything but, can't, cant, cannot
understanding-words-separators = and, plus, also, then, as well as
understanding-words-rather-than =
    followed by, after that, next, before, over, above, ahead of, rather than, more than, is more important than,
    are more important than, matters more than, matter more than
understanding-words-firsts =
    first, firstly, first of all, to begin with, at the top, on top, top, top priority, most important, the most important,
    matters most, matter most, above all, number one, no. 1, my favourite, my favorite, best
understanding-words-lasts =
    last, lastly, last of all, finally, at the end, at the bottom, bottom, least important, the least important,
    matters least, matter least, least of all, least, worst
understanding-words-alternatives = or, either
understanding-words-fillers =
    the, a, an, i, we, my, me, it, is, i'd, i'll, i'm, id, by, on, in, at, to, of, for, mostly, usually, often, normally, mainly,
    sometimes, please, think, say, would, choose, pick, take, prefer, like, use, go, going, with, come, well, um, uh, erm, hmm,
    probably, just, only, too, also, one, ones, that, this, these, those, both, say, let's, lets, maybe, definitely, actually,
    always, there, get, want, mine, my, answer, yes, both, guess, some, occasionally, days, our, us, them, so, it's
understanding-words-numbering = number, numbers, options, choices, answers, option, choice, answer, item, nr, points, point
understanding-words-dozens = a dozen, one dozen, dozen
understanding-words-couples = a couple of, a couple, couple
understanding-words-zeros = none, nothing, zero, nil, nobody, no one, not any, free, for free, not a penny, no
understanding-words-onces = once, just me, only me, me, myself, on my own, alone, i live alone
understanding-words-twices = twice, the two of us, two of us
understanding-words-bounds =
    more than, less than, at least, at most, over, under, above, below, up to, no more than, no less than, or more,
    or less, or so many, or over, or under, minimum, maximum, almost none, fewer than, several
understanding-words-to = to, -, until, till, through, between and, from to
understanding-words-out-of = out of, of, from, over
understanding-words-or-more = or more, or over, or older, and over, and more, plus, and older, or above, and above, at least, +, years or older, years and over
understanding-words-or-less = or less, or fewer, or younger, up to, at most, and under, or under
understanding-words-over = over, more than, above, older than
understanding-words-under = under, less than, below, fewer than, younger than
understanding-words-point-five = and a half, 1/2, ½
understanding-words-on = on, at, by, around, about, the, it's, since, from
understanding-words-next = next
understanding-words-last = last, past
understanding-words-noon = noon, midday, at noon, lunchtime, 12 noon
understanding-words-midnight = midnight, at midnight, 12 midnight
understanding-words-morning = in the morning, am, a.m, a.m., in the early morning
understanding-words-evening = in the afternoon, in the evening, at night, pm, p.m, p.m.
understanding-words-half-past = half past, half after
understanding-words-quarter-past = quarter past, a quarter past, quarter after
understanding-words-quarter-to = quarter to, a quarter to, quarter before
understanding-words-o-clock = o'clock, oclock, o clock, hours, sharp
understanding-words-other = other, others, something else, another, another one, somewhere else, someone else, other things, elsewhere
understanding-words-minutes = minute, minutes
understanding-words-hours = hour, hours, h, hr, hrs
understanding-words-half-hours = half an hour, half hour, a half hour, half of an hour
understanding-words-quarter-hours = a quarter of an hour, quarter of an hour, quarter hour, a quarter hour
