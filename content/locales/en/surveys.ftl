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
surveys-closed =
    { $standing ->
        [scheduled] The survey "{ $title }" has not begun yet. Please come back later.
        [paused] The survey "{ $title }" takes no answers at the moment. Please come back later.
       *[closed] The survey "{ $title }" is closed and no longer takes answers. Thank you for your interest!
    }
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
surveys-several = You can choose several, one by one, or name them in a message.
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
surveys-other = { $choice }: { $words }
surveys-skipped = Skipped.
surveys-undone = Back to the question before.
surveys-first = This is the first question, there is nothing to go back to.
surveys-required = This question cannot be skipped. If you would rather not answer it, you can say "stop".
surveys-stale = That button belongs to another question, so it changed nothing.
surveys-why-unknown = The answer helps the council to understand the other answers better. { $optional ->
    [yes] You can skip this question.
   *[no] You can say "stop" if you would rather not answer.
  }
surveys-paused = Paused. Your answers so far are kept. Say "survey" whenever you want to go on, today or within 30 days.
surveys-stop-asked =
    { $answers ->
        [one] Do you want to stop for good? Your answer so far would be deleted.
       *[other] Do you want to stop for good? Your { $answers } answers so far would be deleted.
    } You can also pause and go on another day.
surveys-stopped = Stopped. Your answers were deleted, and you will not be asked again. If you change your mind, say "survey".
surveys-expired = So much time has passed that "{ $title }" cannot be gone on with. What you answered is kept as it is.
surveys-screened = Thank you! We have already heard from enough people who answered as you did, so the survey ends here for you.
surveys-edit = You have answered "{ $title }" already. You can go through your answers again: keep each one, or answer anew. Until you have finished, your first answers count.
surveys-edit-full = Thank you! We have already heard from enough people who answer so. Nothing was changed: your first answers count.
surveys-edit-left = Nothing was changed: your first answers count.
surveys-reminder = "{ $title }" is still waiting for you, at question { $number } of { $total }. Would you like to go on? I will not remind you again.
surveys-invitation = There is a new survey: "{ $title }". Would you like to take part? You asked me to tell you about surveys.
surveys-invitation-reminder = The survey "{ $title }" is still open, should you like to take part. I will not remind you again.
surveys-subscribed = I will tell you when there is a new survey for you. Say "no more surveys" whenever you have had enough.
surveys-unsubscribed = I will not tell you about surveys any more. You can still take part whenever you like: just say "survey".
# Phrases that say so, separated by commas
surveys-say-subscribe = tell me about surveys, tell me about new surveys, invite me to surveys, subscribe to surveys, notify me about surveys, let me know about new surveys, i want to be told about surveys
surveys-say-unsubscribe = no more surveys, no more invitations, stop telling me about surveys, unsubscribe from surveys, do not invite me to surveys, don't tell me about surveys, no more survey invitations
# The words around a language's name in "in French, please", in the languages of those who ask
surveys-words-around-a-language = in, please, switch, change, to, speak, talk, go, on, continue, do, can, could, you, we, i, would, like, prefer, want, it, this, the, language, survey, questions, en, auf, bitte, s'il, vous, plait, te, por, favor, per, favore, po, yn, na
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
surveys-button-begin-again = Begin again
surveys-button-subscribe = Tell me about new surveys
surveys-button-take-part = Take part
surveys-button-no-invitations = No more invitations
surveys-later = All right. Say "survey" whenever you want to go on.

## Results that were published

surveys-results-shared =
    You answered our survey "{ $title }". Thank you! This is what people said, and what became of it:
    { $link }
surveys-results-all = Survey results
surveys-results-none = No results have been published yet.
surveys-results-missing = There are no results here. They may not have been published yet.
surveys-results-lead =
    { $count ->
        [one] One person took part.
       *[other] { $count } people took part.
    }
surveys-results-you-said = You said
surveys-results-we-did = We did
surveys-results-answered =
    { $count ->
        [one] One person answered.
       *[other] { $count } people answered.
    }
surveys-results-average = on average
surveys-results-numbers = The numbers
surveys-results-answer = Answer
surveys-results-count = Count
surveys-results-share = Share
surveys-results-interval = 95 % interval
surveys-results-hidden = hidden
surveys-results-how = Groups of fewer than { $least } people are not shown, so that nobody can be recognised. The thin lines say how far a share may be off by chance. Everybody decides on their own whether to take part, so the answers may differ from those of all who live here.
