"""Decisions about answers, as pure functions over values: the whole policy on one page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civic.knowledge.words import stems, words

# A question with at most this many telling words of its own, and a word early in it that points back, leans
# on what was said before; with hardly any telling word it does so in any case.
_SOME, _HARDLY_ANY, _EARLY = 3, 1, 5
_CONTINUES = re.compile(
    r"\W*(and|but|or|so|then|also|what about|how about|what if|and if|same for|even if)\b", re.I
)
# The next question about the same thing: it begins like this, and is short.
_NEXT_QUESTION = re.compile(
    r"\W*(?:(?:what|how) about\b|(?:and|but|so|or|also)\W+(?:what|how|when|where|who|which|is|are|can|do|"
    r"does|if|for|on|in|at|with|without|after|before|during)\b|(?:and|but|so|or|also)\b.*\?\W*$)",
    re.I,
)
_SHORT_QUESTION = 8
_WHAT_IF = re.compile(
    r"\W*(?:(?:and|but|so|or)\W+)?(?:what (?:if|happens)|why|how|is it|do i|can i)\b.*\w", re.I
)
# The same question for somebody else ("and for my husband?", "what about the kids").
_WHO = (
    r"husband|wife|partner|spouse|mother|mum|mom|father|dad|parents?|sons?|daughters?|child|children|kids?|baby|"
    r"brothers?|sisters?|grandmother|gran|grandfather|grandparents|aunt|uncle|friends?|family|carer|neighbour|"
    r"flatmate|tenant|lodger|boyfriend|girlfriend|fianc[eé]e?"
)
_FOR_SOMEBODY = re.compile(
    r"\W*(?:(?:and|but|so|or|also)\W+)?(?:(?:what|how) about|same for|for|if it(?:'s| is) for|"
    r"does (?:it|that) apply to|can)\s+(?:for\s+)?"
    r"(?:me|him|her|them|us|both of us|somebody else|someone else|"
    rf"(?:my|our|his|her|their|the|a)\s+(?:\w+\s+)?(?:{_WHO}))(?:\s+(?:too|as well|then|get (?:it|one)))*\W*",
    re.IGNORECASE,
)
_POINTS_BACK = frozenset(
    ("it", "that", "this", "these", "those", "they", "them", "he", "she", "his", "her", "there", "one")
)
# "Is there a zoo?" points at nothing that was said before.
_EXISTS = re.compile(r"\b(?:is|are|was|were|isn't|aren't|if) there\b", re.I)


# What stands between two questions of one message, and with what a question begins.
_QUESTION = (
    r"(?:how|what|when|where|who|whom|whose|which|why|can|could|do|does|did|is|are|am|may|must|should|will|"
    r"have)"
)
_BETWEEN_QUESTIONS = re.compile(
    rf"\?+\s+(?:and |also |or )?(?={_QUESTION}\b)|"
    rf"[;,]?\s+(?:and also|and|also|plus)\s+(?={_QUESTION}\b)",
    re.I,
)
_ASKS = re.compile(rf"\b{_QUESTION}\b", re.I)
MOST_PARTS = 3

# A message with one of these asks something, however short it is.
_ASKS_SOMETHING = re.compile(
    r"\b(?:how|when|where|who|whom|which|why|can|could|do|does|did|is|are|am|may|must|should|will|cost|costs|"
    r"price|fee|fees|fine|deadline|times?|dates?|days?|hours|open|apply|renew|appeal|report|lost|missed|number|"
    r"form|contact|change|cancel|pay|refund)\b",
    re.I,
)
# Words that name no topic at all, and words that name too many.
_SAYS_NOTHING = frozenset(
    stems(
        "help information info question questions ask need want know tell work works working thing things "
        "stuff something anything problem issue please hello hi hey council town about advice support "
        "service services more doesn't don't does not cannot can't get trouble stuck say some any there here "
        "just really it's thanks thank cheers ok okay yes no great good bye morning right rule rules policy "
        "details explain broken regarding query i'm"
    )
)
_BROAD = frozenset(stems("money benefits tax house housing car cars school kids family bill bills forms"))

_NOT_MEANT = re.compile(
    r"\b(?:not|n't|nt) (?:what|the thing) i (?:meant?|mean|asked|was asking|wanted|said|am asking)\b|"
    r"\b(?:isn't|isnt|is not|wasn't|wasnt|was not|not) my question\b|\bwrong (?:answer|topic|one|thing)\b|"
    r"\bi (?:meant|mean|asked(?: about| for)?) (?:something|someone|somebody) else\b|\bsomething else\W*$",
    re.I,
)
_SHORT_REMARK = 12
_NAMES_AT_MOST = 2


def leans_on_context(text: str) -> bool:
    """Whether a question is likely to be understood only with the turns before it ("and for my husband?")."""
    telling = len(set(stems(text)))
    if telling <= _HARDLY_ANY or _CONTINUES.match(text):
        return True
    return telling <= _SOME and _names_what_was_said(text)


def context_of(text: str, history: Sequence[str]) -> list[str]:
    """The turns that a question leans on: the last one that stood on its own, and the last one since.

    A chain of follow-ups ("how much is a permit?", "and for electric cars?", "and for two?") so keeps its
    topic however long it grows, and a question of its own drags nothing along.
    """
    if not leans_on_context(text):
        return []
    said = [turn for turn in history if stems(turn)]
    start = next((at for at in range(len(said) - 1, -1, -1) if _names_a_topic(said[at])), 0)
    chain = said[start:]
    return [*chain[:1], *chain[1:][-1:]]


def is_next_question(text: str) -> bool:
    """Whether a message is plainly the next question about the same thing ("what about the green one?")."""
    return bool(_NEXT_QUESTION.match(text)) and len(text.split()) <= _SHORT_QUESTION


def asks_what_if(text: str) -> bool:
    """Whether a message asks what follows from something, however like a yes or no it sounds."""
    return _WHAT_IF.match(text) is not None


def is_for_somebody(text: str) -> bool:
    """Whether a message asks the question before it once more, for another person."""
    return _FOR_SOMEBODY.fullmatch(text) is not None


def points_back(text: str) -> bool:
    """Whether a message says itself that it goes on from the one before ("and for two?", "is that free?")."""
    return bool(_CONTINUES.match(text)) or _names_what_was_said(text)


def _names_what_was_said(text: str) -> bool:
    return not _POINTS_BACK.isdisjoint(words(_EXISTS.sub(" ", text))[:_EARLY])


def _names_a_topic(text: str) -> bool:
    """Whether a turn stands on its own: a question with a subject, or the subject alone ("parking")."""
    if not leans_on_context(text):
        return True
    return (
        not points_back(text) and not _ASKS_SOMETHING.search(text) and bool(set(stems(text)) - _SAYS_NOTHING)
    )


def parts_of(text: str) -> list[str]:
    """The questions in a message: more than one only where each is a question of its own."""
    found = [part.strip(" ,;.") for part in _BETWEEN_QUESTIONS.split(text) if part.strip(" ,;.?")]
    if not 2 <= len(found) <= MOST_PARTS or not all(_ASKS.search(part) for part in found):
        return [text]
    # "How much is it and is it?": a part without any telling word is no question of its own.
    return found if all(stems(part) for part in found) else [text]


def is_vague(text: str, titles: str) -> bool:
    """Whether a message names a topic at most, and asks nothing about it ("parking", "help with money").

    `titles` are those of the best documents: a message that says nothing beyond a title says too little.
    """
    telling = set(stems(text)) - _SAYS_NOTHING
    if not telling:
        return True
    if len(telling) > _SOME or _ASKS_SOMETHING.search(text):
        return False
    return telling <= set(stems(titles)) | _BROAD


def only_names_something(text: str) -> bool:
    """Whether a message is a word or two that ask nothing, whatever they name ("bins")."""
    return 0 < len(set(stems(text)) - _SAYS_NOTHING) <= _NAMES_AT_MOST and not _ASKS_SOMETHING.search(text)


def says_not_meant(text: str) -> bool:
    """Whether a message says that the answer before it was about something else."""
    return _NOT_MEANT.search(text) is not None and len(words(text)) <= _SHORT_REMARK


def after_rating(state: str, reason: str | None, helpful: bool) -> tuple[str, str | None]:
    """State and reason of a question once its answer was rated; what was passed on or answered stays so."""
    if reason == "passed_on" or state == "answered":
        return state, reason
    return ("none", None) if helpful else ("open", "unhelpful")


def after_passing_on(state: str) -> tuple[str, str | None]:
    """State and reason of a question that its citizen asks us to pass on."""
    return ("answered" if state == "answered" else "open"), "passed_on"
