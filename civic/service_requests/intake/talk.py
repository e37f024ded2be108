"""One turn of a report: what was kept, through the engine, to what is kept and said."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from civic.conversation.types import Location, LoopStep, Reply, Turn
from civic.kit.files import FileStore
from civic.kit.services import Services
from civic.service_requests import commands, queries, rules, status
from civic.service_requests.intake import engine
from civic.service_requests.intake.state import Heard, Knowing, Report, Said, Step, Taken
from civic.service_requests.intake.words import BUTTON, Speaker
from civic.service_requests.models import ServiceRequest, ServiceRequestDraft
from civic.service_requests.reading import find_place, lexicon
from civic.service_requests.services import ServiceList
from civic.service_requests.suggester import Suggester

# A photo or a place that came so shortly before the words belongs to them.
JUST_BEFORE = timedelta(minutes=15)


def advance(session: Session, turn: Turn, services: Services, random: Random) -> LoopStep:
    """Takes a message into the report of its conversation, and asks what is still missing."""
    draft = queries.draft(session, turn.conversation_id)
    expired = draft is not None and draft.expires_at <= turn.now
    if draft is not None and expired:
        commands.drop_draft(session, draft, services.get(FileStore))
        draft = None
    if turn.choice and not _button(turn.choice)[0]:
        return LoopStep(status="interrupted")  # a button of another feature, which knows what it means
    heard = _heard(turn, draft)
    if heard.stale and (filed := _filed_by_button(session, turn)) is not None:
        again = _speaker(services, turn, draft).text("already-filed", number=filed.service_request_id)
        if draft is None:
            return LoopStep(replies=[Reply(text=again)], status="done")
        return LoopStep(replies=[Reply(text=again), _ask(services, turn, draft)])
    if draft is None:
        return _begin(session, turn, heard, services, expired=expired and not turn.starting)
    if turn.resuming:
        return LoopStep(replies=[_ask(services, turn, draft)])
    if turn.starting:
        return _begin_again(session, turn, heard, draft, services)
    return _take(session, turn, heard, draft, services, random)


def pick_up(session: Session, turn: Turn, services: Services, random: Random) -> LoopStep | None:
    """Goes on with a report whose talk was forgotten after a long silence; None when there is none.

    A place or a photo is taken at once; before anything else, whether to go on is asked first.
    """
    draft = queries.draft(session, turn.conversation_id)
    if draft is None or draft.expires_at <= turn.now:
        return None
    report = Report.model_validate(draft.state)
    if report.description is None:
        return None
    heard = _heard(turn, draft)
    knowing = _knowing(services, turn)
    names_place = (
        report.step is Step.PLACE and bool(heard.text) and find_place(heard.text or "", knowing.words)
    )
    cancels = heard.intent == "cancel"
    if names_place or heard.location or heard.photo or cancels:
        return _take(session, turn, heard, draft, services, random)
    report = report.with_(step=Step.RESUME, pending=None)
    commands.keep_draft(session, draft, report, turn.now)
    speaker = Speaker(services, knowing, turn.language, draft.id)
    return LoopStep(replies=[speaker.question(report)])


def pressed_outside(session: Session, turn: Turn, services: Services) -> Reply:
    """What an old button of a report says when no report is being made: it never files a second time."""
    speaker = _speaker(services, turn, None)
    filed = _filed_by_button(session, turn)
    if filed is not None:
        return Reply(text=speaker.text("already-filed", number=filed.service_request_id))
    return Reply(text=speaker.text("already-gone"))


def _knowing(services: Services, turn: Turn) -> Knowing:
    return Knowing(
        services=services.get(ServiceList),
        suggest=services.get(Suggester).suggest,
        words=lexicon(services.catalogue, turn.language),
    )


def _speaker(services: Services, turn: Turn, draft: ServiceRequestDraft | None) -> Speaker:
    return Speaker(services, _knowing(services, turn), turn.language, draft.id if draft else "")


def _ask(services: Services, turn: Turn, draft: ServiceRequestDraft) -> Reply:
    return _speaker(services, turn, draft).question(Report.model_validate(draft.state))


def _heard(turn: Turn, draft: ServiceRequestDraft | None) -> Heard:
    _, draft_id, key, answer = _button(turn.choice)
    ours = bool(draft_id)
    known = ours and draft is not None and draft.id == draft_id
    return Heard(
        text=turn.text.strip() if turn.text else None,
        key=key if known else None,
        answer=answer if known else "",
        stale=bool(turn.choice) and not known,
        location=turn.location,
        photo=turn.attachment_id,
        intent=turn.intent,
        confidence=turn.confidence,
    )


def _button(value: str | None) -> tuple[str, str, str, str]:
    """The parts of a button's value; empty ones for a button that is not of a report."""
    parts = (value or "").split(":", 3)
    if len(parts) != 4 or parts[0] != BUTTON:
        return "", "", "", ""
    return parts[0], parts[1], parts[2], parts[3]


def _filed_by_button(session: Session, turn: Turn) -> ServiceRequest | None:
    draft_id = _button(turn.choice)[1]
    filed = queries.by_draft(session, draft_id) if draft_id else None
    return filed if filed is not None and filed.citizen_id == turn.citizen_id else None


def _begin(
    session: Session, turn: Turn, heard: Heard, services: Services, *, expired: bool = False
) -> LoopStep:
    knowing = _knowing(services, turn)
    taken = engine.begin(heard, knowing, _shared_before(session, turn))
    said = list(_worth_saying(taken))
    if expired:
        hours = int(rules.DRAFT_LIVES.total_seconds() // 3600)
        said.insert(0, Said("draft-expired", {"hours": hours}))
    draft = commands.begin_draft(session, turn, taken.report)
    speaker = Speaker(services, knowing, turn.language, draft.id)
    return LoopStep(replies=[*speaker.remarks(said), speaker.question(taken.report)])


def _begin_again(
    session: Session, turn: Turn, heard: Heard, draft: ServiceRequestDraft, services: Services
) -> LoopStep:
    """A new beginning while an older report lies unfinished, e.g. after a long silence."""
    report = Report.model_validate(draft.state)
    if report.description is None:
        commands.drop_draft(session, draft, services.get(FileStore))
        return _begin(session, turn, heard, services)
    knowing = _knowing(services, turn)
    text = heard.text or ""
    pending = text if text and not knowing.words.is_bare(text) else None
    report = report.with_(step=Step.RESUME, pending=pending)
    commands.keep_draft(session, draft, report, turn.now)
    speaker = Speaker(services, knowing, turn.language, draft.id)
    danger = [Said("danger")] if rules.find_danger(text, knowing.services.danger_phrases) else []
    return LoopStep(replies=[*speaker.remarks(danger), speaker.question(report)])


def _shared_before(session: Session, turn: Turn) -> Report:
    """An empty report with the places and photos that were sent right before the words."""
    report = Report()
    for payload in queries.shared_just_before(
        session, turn.conversation_id, turn.message_id, turn.now - JUST_BEFORE
    ):
        photo = payload.get("attachment_id")
        if isinstance(photo, str) and len(report.photos) < rules.MAX_PHOTOS:
            report = report.with_(photos=(*report.photos, photo))
        if payload.get("location"):
            location = Location.model_validate(payload["location"])
            report = report.with_(location=location, place_settled=True)
    return report


def _take(
    session: Session,
    turn: Turn,
    heard: Heard,
    draft: ServiceRequestDraft,
    services: Services,
    random: Random,
) -> LoopStep:
    knowing = _knowing(services, turn)
    speaker = Speaker(services, knowing, turn.language, draft.id)
    report = Report.model_validate(draft.state)
    number = rules.find_tracking_number(heard.text or "")
    if number is not None:
        told = status.of_number(session, services, turn, number)
        return LoopStep(replies=[told, speaker.question(report)])
    taken = engine.take(report, heard, knowing)
    replies = speaker.remarks(_worth_saying(taken))
    match taken.end:
        case "interrupted":
            # A photo that came with the question is kept all the same.
            commands.keep_draft(session, draft, taken.report, turn.now)
            return LoopStep(status="interrupted")
        case "cancel":
            commands.drop_draft(session, draft, services.get(FileStore))
            return LoopStep(replies=[*replies, Reply(text=speaker.text("cancelled"))], status="done")
        case "file":
            case = commands.file(
                session,
                draft,
                taken.report,
                knowing.services,
                language=turn.language,
                now=turn.now,
                random=random,
            )
            return LoopStep(replies=[*replies, _receipt(speaker, taken, case)], status="done")
    left_out = [photo for photo in report.photos if photo not in taken.report.photos]
    if heard.photo and heard.photo not in taken.report.photos:
        left_out.append(heard.photo)
    commands.keep_draft(session, draft, taken.report, turn.now)
    commands.discard_photos(session, left_out, services.get(FileStore))
    return LoopStep(replies=[*replies, speaker.question(taken.report)])


def _worth_saying(taken: Taken) -> tuple[Said, ...]:
    # The summary names the type anyway.
    shown = taken.report.step is Step.SUMMARY
    return tuple(one for one in taken.said if not (shown and one.key == "understood-type"))


def _receipt(speaker: Speaker, taken: Taken, case: ServiceRequest) -> Reply:
    name = taken.report.name
    text = speaker.text(
        "filed",
        name=speaker.text("filed-name", name=name) if name else "",
        agency=speaker.knowing.services.agency_name(case.agency),
        number=case.service_request_id,
        date=status.day(case.expected_on),
    )
    return Reply(text=text, status="service_request_filed")
