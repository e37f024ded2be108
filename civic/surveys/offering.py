"""Which surveys a citizen can answer, and which one they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Reply, Turn
from civic.surveys import buttons, queries
from civic.surveys.queries import Published
from civic.surveys.rendering import Text
from civic.surveys.rules import respondent_key
from civic.understanding.normal import normal, words

SHORTEST_NAME = 4


@dataclass(frozen=True)
class Offer:
    """An open survey, as one citizen sees it."""

    published: Published
    answered: bool

    @property
    def id(self) -> str:
        return self.published.survey.id

    def title(self, language: str) -> str:
        return self.published.definition.title.in_language(language)


def offers(session: Session, turn: Turn, secret: str) -> list[Offer]:
    """Every open survey, and whether the citizen has answered it."""
    surveys = queries.open_surveys(session, turn.now)
    keys = [(one.survey.id, respondent_key(secret, one.survey.id, turn.citizen_id)) for one in surveys]
    done = queries.answered_surveys(session, keys)
    return [Offer(one, one.survey.id in done) for one in surveys]


def named(text: str, choices: Sequence[Offer], language: str) -> str | None:
    """The id of the survey that a text names; None where it names none, or may mean several."""
    said = [word for word in words(normal(text.replace("_", "-"))) if len(word) >= SHORTEST_NAME]
    for offer in choices:
        if offer.id in said:
            return offer.id
    owners: dict[str, set[str]] = {}
    for offer in choices:
        for word in words(normal(offer.title(language) + " " + offer.id.replace("-", " "))):
            if len(word) >= SHORTEST_NAME:
                owners.setdefault(word, set()).add(offer.id)
    points: dict[str, int] = {}
    for word in said:
        for known, ids in owners.items():
            slips = 1 if len(known) > SHORTEST_NAME else 0
            if len(ids) == 1 and OSA.distance(word, known, score_cutoff=slips) <= slips:
                points[next(iter(ids))] = points.get(next(iter(ids)), 0) + 1
    best = max(points.values(), default=0)
    winners = [survey_id for survey_id, score in points.items() if score == best]
    return winners[0] if len(winners) == 1 else None


def listing(choices: Sequence[Offer], text: Text, language: str) -> Reply:
    """The surveys to choose from, as buttons; or that there is none."""
    fresh = [offer for offer in choices if not offer.answered]
    if not fresh:
        return Reply(text=text("surveys-all-answered" if choices else "surveys-none-open", language))
    lines = [text("surveys-which", language, count=len(fresh))]
    for offer in fresh:
        about = offer.published.definition.description
        key = "which-line" if about else "which-line-bare"
        said = about.in_language(language) if about else ""
        lines.append(text(f"surveys-{key}", language, title=offer.title(language), description=said))
    picks = [
        Choice(label=offer.title(language)[:120], intent="start_survey", value=buttons.start(offer.id))
        for offer in fresh
    ]
    return Reply(text="\n".join(lines), choices=picks)


def closed(session: Session, survey_id: str, turn: Turn) -> dict[str, str] | None:
    """The title of a survey that exists and takes no answers, and why it takes none."""
    for one in queries.published(session):
        if one.survey.id == survey_id:
            title = one.definition.title.in_language(turn.speaks)
            return {"title": title, "standing": one.standing(turn.now).value}
    return None
