"""What is done with a survey by hand: a file is kept, published, paused, closed, given a time."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from civic.audit.commands import HasId, record
from civic.kit.ids import new_id
from civic.surveys import queries as surveys
from civic.surveys.definition import SurveyDefinition
from civic.surveys.drafts import queries
from civic.surveys.drafts.errors import AlreadyEnded, DraftBroken, DraftChanged, UnusableSchedule
from civic.surveys.drafts.models import SurveyDraft
from civic.surveys.publishing import DESK, publish
from civic.surveys.queries import Published
from civic.surveys.sheets import SurveyFileRead

LONGEST_NAME = 200
KEPT = timedelta(days=180)  # a file left lying, which its designer has elsewhere too
YEARS = range(2000, 2200)
Times = tuple[datetime | None, datetime | None]


def keep(
    session: Session,
    official: HasId,
    file: str,
    content: bytes,
    read: SurveyFileRead,
    now: datetime,
    draft_id: str | None = None,
) -> SurveyDraft:
    """Keeps an uploaded file with what was said of it; with `draft_id` in place of the file before."""
    if draft_id is None:
        row = SurveyDraft(id=new_id(now), created_at=now)
        session.add(row)
    else:
        row = queries.draft(session, draft_id, for_update=True)
    good = read.definition if read.definition is not None and not read.errors else None
    row.file = "".join(sign for sign in file if sign.isprintable())[-LONGEST_NAME:]
    row.content = content
    row.content_hash = hashlib.sha256(content).hexdigest()
    if good is not None or draft_id is None:  # a slip in the new file does not lose what it belongs to
        row.survey_id = good.id if good else None
    row.definition = good.model_dump(mode="json") if good else None
    row.problems = [problem.model_dump() for problem in read.problems]
    row.uploaded_by = official.id
    row.updated_at = now
    session.flush()
    counted = {"survey": row.survey_id, "mistakes": len(read.errors)}
    record(session, official, "official:upload:survey_draft", row.id, counted, now)
    return row


def discard(session: Session, official: HasId, draft_id: str, now: datetime) -> None:
    """Forgets a draft."""
    row = queries.draft(session, draft_id, for_update=True)
    record(session, official, "official:discard:survey_draft", row.id, {"survey": row.survey_id}, now)
    session.delete(row)
    session.flush()


def forget_old(session: Session, now: datetime, limit: int = 100) -> int:
    """Forgets drafts that nobody has touched for a long time; returns how many."""
    rows = queries.untouched(session, now - KEPT, limit)
    for row in rows:
        record(session, "system", "system:discard:survey_draft", row.id, {"survey": row.survey_id}, now)
        session.delete(row)
    session.flush()
    return len(rows)


def seen(session: Session, row: SurveyDraft) -> str:
    """What somebody looked at before publishing: the file, and the version that it would follow."""
    survey = surveys.survey(session, row.survey_id) if row.survey_id else None
    return f"{row.content_hash[:16]}.{survey.current if survey else 0}"


def publish_draft(
    session: Session,
    official: HasId,
    draft_id: str,
    now: datetime,
    looked_at: str | None = None,
    times: Times | None = None,
) -> tuple[str, int]:
    """Puts a draft in force, with its times if they are given: the survey's id and its version.

    Raises `DraftBroken`, and `DraftChanged` where it is not what was `looked_at`.
    """
    row = queries.draft(session, draft_id, for_update=True)
    definition = queries.definition_of(row)
    if definition is None:
        raise DraftBroken("Its file has mistakes.", remedy="Correct them, and upload the file again.")
    if looked_at and looked_at != seen(session, row):
        raise DraftChanged(
            "A newer file was uploaded, or another version was published. Nothing was published now.",
            remedy="Look at the draft again, then publish it.",
        )
    version, _fresh = publish(session, definition, fingerprint(definition), now, origin=DESK)
    record(session, official, "official:publish:survey", definition.id, {"version": version}, now)
    if times is not None:
        schedule(session, official, definition.id, *times, now)
    session.delete(row)
    session.flush()
    return definition.id, version


def fingerprint(definition: SurveyDefinition) -> str:
    """A hash that two different definitions never share, whatever files they came from."""
    content = json.dumps(definition.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def pause(session: Session, official: HasId, survey_id: str, now: datetime) -> Published:
    """Lets nobody begin until `resume`; who has begun may finish."""
    one = surveys.one_published(session, survey_id)
    if one.survey.paused_at is None:
        one.survey.paused_at = now
        record(session, official, "official:pause:survey", survey_id, None, now)
    return one


def close(session: Session, official: HasId, survey_id: str, now: datetime) -> Published:
    """Ends a survey; who has begun may finish."""
    one = surveys.one_published(session, survey_id)
    if one.survey.closed_at is None:
        one.survey.closed_at = now
        record(session, official, "official:close:survey", survey_id, None, now)
    return one


def resume(session: Session, official: HasId, survey_id: str, now: datetime) -> Published:
    """Lets people begin again; raises `AlreadyEnded` where its time is over."""
    one = surveys.one_published(session, survey_id)
    if one.closes is not None and one.closes <= now:
        raise AlreadyEnded(
            f"It ended on {one.closes:%Y-%m-%d}.", remedy="Set a later end, then open it again."
        )
    if one.survey.paused_at or one.survey.closed_at:
        one.survey.paused_at = one.survey.closed_at = None
        record(session, official, "official:resume:survey", survey_id, None, now)
    return one


def schedule(
    session: Session,
    official: HasId,
    survey_id: str,
    opens: datetime | None,
    closes: datetime | None,
    now: datetime,
) -> Published:
    """Sets from when and until when people may begin; None: as the file says."""
    one = surveys.one_published(session, survey_id)
    check_times(one.definition, opens, closes)
    if (opens, closes) == (one.survey.opens, one.survey.closes):
        return one
    one.survey.opens, one.survey.closes = opens, closes
    details = {"opens": _code(opens), "closes": _code(closes)}
    record(session, official, "official:schedule:survey", survey_id, details, now)
    return one


def check_times(definition: SurveyDefinition, opens: datetime | None, closes: datetime | None) -> None:
    """Raises `UnusableSchedule` where a survey would end before it begins."""
    if any(moment is not None and moment.year not in YEARS for moment in (opens, closes)):
        raise UnusableSchedule("That year is no year of a survey.", remedy="Correct the year.")
    begins, ends = opens or definition.opens, closes or definition.closes
    if begins and ends and ends <= begins:
        raise UnusableSchedule("It would end before it begins.", remedy="Set a later end.")


def _code(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if moment else None
