"""Reports in the making: kept for a day, dropped with their photos."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic.conversation.models import Attachment
from civic.conversation.types import Turn
from civic.kit.files import FileStore
from civic.kit.ids import new_id
from civic.service_requests import queries, rules
from civic.service_requests.intake.state import Report
from civic.service_requests.models import ServiceRequestDraft

logger = logging.getLogger(__name__)


def begin_draft(session: Session, turn: Turn, report: Report) -> ServiceRequestDraft:
    """Keeps what was said so far, for a day at most; an earlier draft of the conversation gives way."""
    session.execute(
        delete(ServiceRequestDraft).where(ServiceRequestDraft.conversation_id == turn.conversation_id)
    )
    draft = ServiceRequestDraft(
        id=new_id(turn.now),
        conversation_id=turn.conversation_id,
        citizen_id=turn.citizen_id,
        state=report.model_dump(mode="json"),
        created_at=turn.now,
        updated_at=turn.now,
        expires_at=turn.now + rules.DRAFT_LIVES,
    )
    session.add(draft)
    session.flush()
    return draft


def keep_draft(session: Session, draft: ServiceRequestDraft, report: Report, now: datetime) -> None:
    """Replaces what is kept of a report in the making."""
    draft.state = report.model_dump(mode="json")
    draft.updated_at = now
    draft.expires_at = now + rules.DRAFT_LIVES
    session.flush()


def drop_draft(session: Session, draft: ServiceRequestDraft, files: FileStore) -> None:
    """Forgets a report that was not sent, and the photos that came with it."""
    report = Report.model_validate(draft.state)
    photos = list(report.photos)
    if report.beneath is not None:
        photos += Report.model_validate(report.beneath).photos
    session.delete(draft)
    session.flush()
    discard_photos(session, photos, files)


def discard_photos(session: Session, attachment_ids: Iterable[str], files: FileStore) -> None:
    """Deletes photos that belong to no case; the row goes with the file.

    Where the file cannot be deleted just now, the row stays: its conversation's end takes both.
    """
    for attachment_id in attachment_ids:
        if queries.is_filed(session, attachment_id):
            continue
        try:
            files.delete(attachment_id)
        except Exception as error:  # whatever the store is: the citizen's report goes on
            logger.warning("a photo cannot be deleted yet: %s", type(error).__name__)
            continue
        session.execute(delete(Attachment).where(Attachment.id == attachment_id))


def purge_drafts(session: Session, now: datetime, files: FileStore) -> int:
    """Deletes the drafts whose day is over, with their photos; returns how many."""
    expired = session.scalars(select(ServiceRequestDraft).where(ServiceRequestDraft.expires_at <= now)).all()
    for draft in expired:
        drop_draft(session, draft, files)
    return len(expired)
