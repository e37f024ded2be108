"""Subscribers are invited: chosen by chance, each once, and told through the outbox in batches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Reply
from civic.delivery import commands as delivery
from civic.delivery import queries as deliveries
from civic.delivery.rules import News, wanted
from civic.surveys import buttons, queries
from civic.surveys.models import SurveyInvitation, SurveySubscription
from civic.surveys.queries import Published
from civic.surveys.rendering import Text
from civic.surveys.rules import Standing, respondent_key

NAMED_AT_ONCE = 500  # in one SELECT


def invite(
    session: Session,
    survey_id: str,
    *,
    secret: str,
    seed: int,
    now: datetime,
    share: float = 1.0,
    most: int | None = None,
) -> int:
    """Notes whom to invite, by chance among subscribers who were not invited and have not answered.

    The same seed chooses the same people. Nothing is sent here: `send` does that, in batches.
    """
    candidates = _free(session, survey_id, secret)
    size = round(share * len(candidates))
    chosen = Random(seed).sample(candidates, min(size, len(candidates) if most is None else most))
    for citizen_id in sorted(chosen):
        session.add(SurveyInvitation(survey_id=survey_id, citizen_id=citizen_id, created_at=now))
    session.flush()
    return len(chosen)


def _free(session: Session, survey_id: str, secret: str) -> list[str]:
    invited = select(SurveyInvitation.citizen_id).where(SurveyInvitation.survey_id == survey_id)
    subscribers = session.scalars(
        select(SurveySubscription.citizen_id)
        .where(SurveySubscription.citizen_id.not_in(invited))
        .order_by(SurveySubscription.citizen_id)
    ).all()
    answered = _answered(session, survey_id, subscribers, secret)
    return [citizen_id for citizen_id in subscribers if citizen_id not in answered]


def _answered(session: Session, survey_id: str, citizen_ids: Iterable[str], secret: str) -> set[str]:
    """Of these citizens, those who took part; also where the answers lead to nobody."""
    ids, found = list(citizen_ids), set()
    for at in range(0, len(ids), NAMED_AT_ONCE):
        keys = {respondent_key(secret, survey_id, one): one for one in ids[at : at + NAMED_AT_ONCE]}
        found |= {keys[key] for key in queries.participants(session, survey_id, keys)}
    return found


def counts(session: Session, survey_id: str) -> dict[str, int]:
    """How many subscribers there are, and how many were invited, wait for it, and were passed over."""

    def count(*wheres: object) -> int:
        chosen = select(func.count()).select_from(SurveyInvitation)
        found = session.scalar(chosen.where(SurveyInvitation.survey_id == survey_id, *wheres))  # type: ignore[arg-type]
        return found or 0

    waits = (SurveyInvitation.sent_at.is_(None), SurveyInvitation.skipped.is_(None))
    return {
        "subscribers": session.scalar(select(func.count()).select_from(SurveySubscription)) or 0,
        "waiting": count(*waits),
        "sent": count(SurveyInvitation.sent_at.is_not(None)),
        "passed_over": count(SurveyInvitation.skipped.is_not(None)),
    }


def send(session: Session, text: Text, secret: str, now: datetime, limit: int) -> int:
    """Sends some of the waiting invitations through the outbox; returns how many were looked at."""
    surveys = {one.survey.id: one for one in queries.published(session)}
    waits = (Standing.SCHEDULED, Standing.PAUSED)
    ready = [survey_id for survey_id, one in surveys.items() if one.standing(now) not in waits]
    rows = session.scalars(
        select(SurveyInvitation)
        .where(
            SurveyInvitation.sent_at.is_(None),
            SurveyInvitation.skipped.is_(None),
            SurveyInvitation.survey_id.in_(ready),
        )
        .order_by(SurveyInvitation.created_at, SurveyInvitation.survey_id, SurveyInvitation.citizen_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        one = surveys[row.survey_id]
        row.skipped = _against(session, row, one.standing(now), secret)
        if row.skipped is None:
            _tell(session, row, one, text, now, "invitation")
            row.sent_at = now
    session.flush()
    return len(rows)


def remind(session: Session, text: Text, secret: str, before: datetime, now: datetime, limit: int) -> int:
    """Reminds once of invitations that went out before a moment and led to nothing."""
    rows = session.scalars(
        select(SurveyInvitation)
        .where(SurveyInvitation.sent_at < before, SurveyInvitation.reminded_at.is_(None))
        .order_by(SurveyInvitation.sent_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    surveys = {one.survey.id: one for one in queries.published(session)} if rows else {}
    for row in rows:
        row.reminded_at = now
        one = surveys[row.survey_id]
        begun = any(own.survey_id == row.survey_id for own in queries.unfinished(session, row.citizen_id))
        if not begun and _against(session, row, one.standing(now), secret) is None:
            _tell(session, row, one, text, now, "invitation-reminder")
    session.flush()
    return len(rows)


def _against(session: Session, row: SurveyInvitation, standing: Standing, secret: str) -> str | None:
    """Why somebody is not told after all; None: nothing speaks against it."""
    if session.get(SurveySubscription, row.citizen_id) is None:
        return "unsubscribed"
    if standing is not Standing.OPEN:
        return "closed"
    if not wanted(deliveries.wish_of(session, row.citizen_id), News.STEP):
        return "unwanted"
    return "answered" if _answered(session, row.survey_id, [row.citizen_id], secret) else None


def _tell(
    session: Session, row: SurveyInvitation, one: Published, text: Text, now: datetime, key: str
) -> None:
    subscription = session.get_one(SurveySubscription, row.citizen_id)
    language = one.definition.language
    title, about = one.definition.title.in_language(language), one.definition.description
    said = text(f"surveys-{key}", language, title=title)
    if about is not None:
        said = f"{said}\n\n{about.in_language(language)}"
    choices = [
        Choice(
            label=text("surveys-button-take-part", language),
            intent="start_survey",
            value=buttons.start(row.survey_id),
        ),
        Choice(label=text("surveys-button-no-invitations", language), value=buttons.UNSUBSCRIBE),
    ]
    delivery.tell(
        session,
        subscription.conversation_id,
        Reply(text=said, choices=choices),
        dedupe_key=f"survey-{key}:{row.survey_id}",
        now=now,
    )
