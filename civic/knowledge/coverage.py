"""What citizens asked in a period and what became of it, by topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from civic.kit.services import Services
from civic.knowledge.answering import Status
from civic.knowledge.answers.waiting import Group, grouped
from civic.knowledge.grouping import ABOUT_THE_SAME
from civic.knowledge.models import Document, Question

# The newest so many unanswered questions are put into groups; enough for a quarter of a year of a town.
MOST = 2000
ANSWERED = frozenset({Status.ANSWERED, Status.ANSWERED_PARTLY})
# The question never reached the documents: it was asked back, or stopped for the citizen's own good.
ASIDE = frozenset({Status.CLARIFY, Status.PERSONAL_DATA_REFUSED, Status.EMERGENCY_SIGNPOSTED})


@dataclass(frozen=True)
class Counts:
    """How many were asked; `refused` is what no document answered, `aside` what was not for documents."""

    asked: int = 0
    answered: int = 0
    refused: int = 0
    aside: int = 0
    helpful: int = 0
    unhelpful: int = 0
    open: int = 0
    answered_by_officials: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[int, ...]:
        """The numbers in their order."""
        return tuple(self.__dict__.values())


@dataclass(frozen=True)
class Coverage:
    """All together, by the section of the document that answered, and groups of what was not answered."""

    total: Counts
    topics: list[tuple[str | None, Counts]]
    unanswered: list[Group]


def coverage(
    session: Session,
    services: Services,
    since: datetime | None = None,
    until: datetime | None = None,
    groups: int = 50,
) -> Coverage:
    """The coverage of a period; a group without an answer shows no personal data."""
    rows = session.execute(
        select(
            Document.section,
            Question.status,
            Question.helpful,
            Question.state,
            func.count(),
        )
        .select_from(Question)
        .outerjoin(Document, Question.document_id == Document.id)
        .where(*_period(since, until))
        .group_by(Document.section, Question.status, Question.helpful, Question.state)
    )
    topics: Counter[str | None] = Counter()
    counts: dict[str | None, Counts] = {}
    for section, status, helpful, state, many in rows:
        place = section if status in ANSWERED else None
        if status in ANSWERED and section is None:
            place = ""
        counts[place] = counts.get(place, Counts()) + _counts(status, helpful, state, many)
        topics[place] += many
    total = sum(counts.values(), Counts())
    ordered = [(place, counts[place]) for place, _ in topics.most_common()]
    unanswered = grouped(services, _unanswered(session, since, until), ABOUT_THE_SAME)
    return Coverage(total, ordered, unanswered[:groups])


def _counts(status: str, helpful: bool | None, state: str, many: int) -> Counts:
    aside = status in ASIDE
    answered = status in ANSWERED
    return Counts(
        asked=many,
        answered=many * answered,
        refused=many * (not answered and not aside),
        aside=many * aside,
        helpful=many * (helpful is True),
        unhelpful=many * (helpful is False),
        open=many * (state == "open"),
        answered_by_officials=many * (state == "answered"),
    )


def _unanswered(session: Session, since: datetime | None, until: datetime | None) -> Sequence[Question]:
    """Questions that no document answered, or whose answer did not help; the newest."""
    done = [status.value for status in ANSWERED | ASIDE]
    failed = Question.status.not_in(done) | Question.helpful.is_(False)
    return session.scalars(
        select(Question).where(failed, *_period(since, until)).order_by(Question.id.desc()).limit(MOST)
    ).all()


def _period(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(Question.asked_at >= since)
    if until is not None:
        conditions.append(Question.asked_at < until)
    return conditions
