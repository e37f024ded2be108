"""A message too vague to answer is asked back once, with the likeliest topics."""

from __future__ import annotations

from civic.knowledge import rules
from civic.knowledge.answering.outcomes import Answer, Status, Topic
from civic.knowledge.answering.state import Asking
from civic.knowledge.index import Hit

TOPICS = 4
# What is offered must have something to do with the message.
LEAST_LIKE = 0.3
LONGEST_LABEL = 60
# In standard deviations; a document whose best passage scores so much less is another matter.
FAR_BEHIND = 1.2


def vague(asking: Asking) -> Answer | None:
    """Ends a vague message with a question back; never twice in a row, and never with one topic alone."""
    part = asking.parts[0]
    goes_on = bool(part.context) and rules.points_back(part.text)
    if not asking.around.may_clarify or len(asking.parts) > 1 or goes_on:
        return None
    titles = " ".join(hit.entry.title for hit in part.hits[:3])
    if not rules.is_vague(part.text, titles):
        return None
    found = topics([hit for hit in part.hits if hit.cosine >= LEAST_LIKE or hit.bm25 > 0])
    if len(found) == 1:
        return None
    return Answer(Status.CLARIFY, topics=tuple(found), about=asking.about)


def only_named(asking: Asking) -> Answer | None:
    """Asks back about a word or two that no passage answers but several speak of ("bins")."""
    part = asking.parts[0]
    if not asking.around.may_clarify or part.context or not rules.only_names_something(part.text):
        return None
    found = topics([hit for hit in part.hits if hit.cosine >= LEAST_LIKE and hit.bm25 > 0])
    return Answer(Status.CLARIFY, topics=tuple(found), about=asking.about) if len(found) > 1 else None


def topics(hits: list[Hit]) -> list[Topic]:
    """The titles of several documents, or the headings of one that stands out: what tells the hits apart."""
    near = [hit for hit in hits if hit.score >= hits[0].score - FAR_BEHIND]
    titles = dict.fromkeys((hit.entry.document_id, hit.entry.title) for hit in near)
    if len(titles) > 1:
        return [Topic(short(title), document_id) for document_id, title in list(titles)[:TOPICS]]
    named: dict[str, Hit] = {}
    for hit in hits:
        if hits[0].entry.document_id == hit.entry.document_id and hit.entry.heading:
            named.setdefault(hit.entry.heading[-1], hit)
    named.pop(hits[0].entry.title if hits else "", None)
    best = sorted(list(named.items())[:TOPICS], key=lambda each: each[1].entry.ordinal)
    return [Topic(short(name), hit.entry.document_id, hit.entry.ordinal) for name, hit in best]


def short(label: str) -> str:
    """A title that fits on a button."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rsplit(" ", 1)[0] + "…"
