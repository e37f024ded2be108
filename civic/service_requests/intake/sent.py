"""What a citizen sent: the words, the button, the place and the photo of a message."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from civic.conversation import queries as conversations
from civic.conversation.models import Attachment
from civic.conversation.types import Location, Turn
from civic.service_requests import queries, rules
from civic.service_requests.areas import Areas
from civic.service_requests.intake.state import Heard, Report
from civic.service_requests.intake.words import BUTTON
from civic.service_requests.models import ServiceRequest, ServiceRequestDraft

# A photo or a place that came so shortly before the words belongs to them.
JUST_BEFORE = timedelta(minutes=15)


def heard_in(session: Session, turn: Turn, draft: ServiceRequestDraft | None) -> Heard:
    """What a message says to the report: its words, a button of this report, a place, a photo."""
    _, draft_id, key, answer = button_of(turn.choice)
    photo_place = None
    if turn.attachment_id:
        photo = conversations.attachment(session, turn.conversation_id, turn.attachment_id)
        photo_place = position_of(photo)
    ours = bool(draft_id)
    known = ours and draft is not None and draft.id == draft_id
    return Heard(
        text=turn.text.strip() if turn.text else None,
        key=key if known else None,
        answer=answer if known else "",
        stale=bool(turn.choice) and not known,
        location=turn.location,
        photo=turn.attachment_id,
        photo_place=photo_place,
        intent=turn.intent,
        confidence=turn.confidence,
    )


def button_of(value: str | None) -> tuple[str, str, str, str]:
    """The parts of a button's value; empty ones for a button that is not of a report."""
    parts = (value or "").split(":", 3)
    if len(parts) != 4 or parts[0] != BUTTON:
        return "", "", "", ""
    return parts[0], parts[1], parts[2], parts[3]


def filed_by_button(session: Session, turn: Turn) -> ServiceRequest | None:
    """The case that was made of the report to which a pressed button belongs."""
    draft_id = button_of(turn.choice)[1]
    filed = queries.by_draft(session, draft_id) if draft_id else None
    return filed if filed is not None and filed.citizen_id == turn.citizen_id else None


def position_of(photo: Attachment | None) -> Location | None:
    """Where a photo was taken, as far as its camera said."""
    if photo is None or photo.lat is None or photo.long is None:
        return None
    return Location(lat=photo.lat, long=photo.long)


def shared_before(session: Session, turn: Turn, areas: Areas) -> Report:
    """An empty report with the places and photos that were sent right before the words."""
    report = Report()
    for payload in queries.shared_just_before(
        session, turn.conversation_id, turn.message_id, turn.now - JUST_BEFORE
    ):
        photo = payload.get("attachment_id")
        if isinstance(photo, str) and len(report.photos) < rules.MAX_PHOTOS:
            kept = conversations.attachment(session, turn.conversation_id, photo)
            place = position_of(kept)
            inside = place is not None and not areas.outside(place.lat, place.long)
            report = report.with_(photos=(*report.photos, photo))
            report = report.with_(photo_place=place if inside else report.photo_place)
        if payload.get("location"):
            location = Location.model_validate(payload["location"])
            if not areas.outside(location.lat, location.long):
                report = report.with_(location=location, point_from="shared", place_settled=True)
    return report
