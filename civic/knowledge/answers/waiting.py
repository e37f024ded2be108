"""Open questions as officials see them: what means the same together, without anybody's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from civic.encoder import SentenceEncoder
from civic.kit.personal_data import find, redact
from civic.kit.services import Services
from civic.knowledge.answers import queries
from civic.knowledge.grouping import SAME, groups, like
from civic.knowledge.models import Question


@dataclass(frozen=True)
class Group:
    """Questions that mean the same; `wording` stands for all of them."""

    wording: str
    questions: list[Question]

    @property
    def citizens(self) -> int:
        """From how many conversations they come."""
        return len({one.conversation_id for one in self.questions})


def waiting(session: Session, services: Services, reason: str | None = None) -> list[Group]:
    """The open questions, what was asked most often first."""
    return grouped(services, queries.open_questions(session, reason), SAME)


def grouped(services: Services, questions: Sequence[Question], least: float) -> list[Group]:
    """Questions in groups by meaning."""
    if not questions:
        return []
    together = groups(services.get(SentenceEncoder).encode([one.text for one in questions]), least)
    return [
        Group(redacted(services, questions[places[0]]), [questions[place] for place in places])
        for places in together
    ]


def same_as(session: Session, services: Services, question: Question) -> list[Question]:
    """The other open questions that ask the same, the likest first."""
    others = [one for one in queries.open_questions(session) if one.id != question.id]
    if not others:
        return []
    vectors = services.get(SentenceEncoder).encode([question.text, *(one.text for one in others)])
    return [others[place] for place in like(vectors[1:], vectors[0])]


def redacted(services: Services, question: Question) -> str:
    """What was asked, with the kind of each piece of personal data in its place."""
    seen = find(question.text, services.settings.region, (services.settings.council_phone,))
    return redact(question.text, seen, lambda kind: services.text(f"personal-data-{kind}", question.language))
