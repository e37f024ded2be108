"""What a citizen adds to a report that was sent, and taking it back: a detour of the same talk."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civic.conversation.types import LoopStep, Reply, Turn
from civic.kit.files import FileStore
from civic.kit.services import Services
from civic.service_requests import commands, queries, receipts, rules
from civic.service_requests.areas import Areas
from civic.service_requests.intake.state import Knowing, Report, Step, Taken
from civic.service_requests.intake.words import Speaker
from civic.service_requests.models import ServiceRequest, ServiceRequestDraft
from civic.service_requests.places import Gazetteer
from civic.service_requests.reading import lexicon
from civic.service_requests.services import ServiceList
from civic.service_requests.suggester import Suggester
from civic.understanding.meaning import meaning_of


def wanted(session: Session, turn: Turn, services: Services) -> LoopStep | None:
    """Begins what the text asks for ("add a photo to FM-7K3Q9", "withdraw my report"); None: something else.

    Without a number the only own report is meant; of several, the list is what helps, as for every question.
    """
    text = turn.text or ""
    words = lexicon(services.catalogue, turn.language)
    step = Step.WITHDRAW if words.wants_withdrawal(text) else None
    step = step or (Step.COMMENT if words.wants_comment(text) else None)
    if step is None:
        return None
    number = rules.find_tracking_number(text, bare=True)
    if number is None:
        mine, count = queries.own(session, turn.citizen_id, 1)
        return begin(session, turn, services, step, mine[0].service_request_id) if count == 1 else None
    return begin(session, turn, services, step, number)


def pressed(session: Session, turn: Turn, services: Services) -> LoopStep | None:
    """Begins what a button under a report's status means; None for a button of the list."""
    _, what, number = (turn.choice or "").split(":", 2) if (turn.choice or "").count(":") == 2 else ("",) * 3
    if what == "leave":
        return LoopStep(replies=[_leave(session, turn, services, number)], status="done")
    step = {"comment": Step.COMMENT, "withdraw": Step.WITHDRAW}.get(what)
    return begin(session, turn, services, step, number) if step else None


def begin(session: Session, turn: Turn, services: Services, step: Step, number: str) -> LoopStep:
    """Asks for the comment, or whether the report shall really be taken back. `done`: neither is possible."""
    # A button under the status that a receipt opened carries the receipt.
    number = rules.find_tracking_number(number) or number
    case = queries.by_number(session, number)
    if case is None or not may_change(session, turn, case):
        return _no(services, turn, "not-yours", number)
    if step is Step.WITHDRAW and (
        case.status not in rules.OPEN or queries.joiner(session, case, turn.citizen_id)
    ):
        if queries.joiner(session, case, turn.citizen_id):
            return LoopStep(replies=[_leave(session, turn, services, number)], status="done")
        return _no(services, turn, "withdraw-too-late", number)
    if turn.loop not in (None, "complaint_form"):
        return _no(services, turn, "comment-later", number)
    draft = queries.draft(session, turn.conversation_id)
    beneath = None
    if draft is not None and draft.expires_at > turn.now:
        report = Report.model_validate(draft.state)
        beneath = report.beneath if report.about else draft.state
        if beneath is not None and Report.model_validate(beneath).description is None:
            beneath = None
    report = Report(step=step, about=case.service_request_id, beneath=beneath)
    if draft is None:
        draft = commands.begin_draft(session, turn, report)
    else:
        commands.keep_draft(session, draft, report, turn.now)
    speaker = Speaker(services, _knowing(services, turn), turn.language, draft.id)
    return LoopStep(replies=[speaker.question(report)])


def may_change(session: Session, turn: Turn, case: ServiceRequest) -> bool:
    """Whether a case is the citizen's: they reported it, joined it, or hold its receipt in their hand."""
    if case.citizen_id is not None and case.citizen_id == turn.citizen_id:
        return True
    if queries.joiner(session, case, turn.citizen_id) is not None:
        return True
    return holds_receipt(session, turn, case)


def holds_receipt(session: Session, turn: Turn, case: ServiceRequest) -> bool:
    """Whether the receipt of this case was said in this message, or lies behind the pressed button."""
    found = receipts.find(turn.text or turn.choice or "")
    kept = queries.receipt(session, case) if found and found[0] == case.service_request_id else None
    return bool(found and kept and receipts.fits(found[1], case.id, kept.code_hash))


def conclude(
    session: Session,
    turn: Turn,
    draft: ServiceRequestDraft,
    services: Services,
    speaker: Speaker,
    taken: Taken,
) -> LoopStep:
    """Does what was asked for, and brings back the report that waited."""
    report = taken.report
    case = queries.by_number(session, report.about or "")
    if case is None:
        gone = Reply(text=speaker.text("status-unknown", number=report.about or ""))
        return surface(session, turn, draft, services, speaker, report, [gone])
    number, agency = case.service_request_id, speaker.knowing.services.agency_name(case.agency)
    if taken.end == "withdraw":
        if case.status not in rules.OPEN:
            return surface(
                session,
                turn,
                draft,
                services,
                speaker,
                report,
                _no(services, turn, "withdraw-too-late", number).replies,
            )
        closed = commands.withdraw(session, case, speaker.knowing.services.calendar, turn.now)
        text = speaker.text("withdrawn" if closed else "withdrawn-for-you", number=number, agency=agency)
        return surface(session, turn, draft, services, speaker, report, [Reply(text=text)])
    writer = turn.citizen_id if queries.receipt(session, case) is None else None
    owner = case.conversation_id if writer is None else None
    commands.forget_positions(session, report.photos, owner)
    full = bool(report.photos) and len(case.attachments) >= rules.MAX_PHOTOS
    if not full or report.description:
        commands.hear(
            session,
            case,
            citizen_id=writer,
            conversation_id=turn.conversation_id,
            text=report.description or services.text("service-requests-photo-only", case.language),
            photos=report.photos,
            services=services,
            now=turn.now,
        )
    if full:
        text = speaker.text("too-many-photos", limit=rules.MAX_PHOTOS)
    else:
        text = speaker.text("commented", number=number, agency=agency)
    said = [*speaker.remarks(taken.said), Reply(text=text, status="service_request_comment")]
    return surface(session, turn, draft, services, speaker, report, said)


def surface(
    session: Session,
    turn: Turn,
    draft: ServiceRequestDraft,
    services: Services,
    speaker: Speaker,
    report: Report,
    replies: list[Reply],
) -> LoopStep:
    """Ends the detour: the report beneath it goes on, or the talk is over."""
    if report.beneath is None:
        files = services.get(FileStore)
        commands.keep_draft(session, draft, report, turn.now)
        commands.drop_draft(session, draft, files)
        return LoopStep(replies=replies, status="done")
    commands.discard_photos(session, report.photos, services.get(FileStore))
    waiting = Report.model_validate(report.beneath)
    commands.keep_draft(session, draft, waiting, turn.now)
    return LoopStep(replies=[*replies, speaker.question(waiting)])


def _leave(session: Session, turn: Turn, services: Services, number: str) -> Reply:
    case = queries.by_number(session, number)
    left = case is not None and commands.leave(session, case, turn.citizen_id, turn.now)
    key = "service-requests-left" if left else "service-requests-not-yours"
    return Reply(text=services.text(key, turn.language, number=number))


def _no(services: Services, turn: Turn, key: str, number: str) -> LoopStep:
    text = services.text(f"service-requests-{key}", turn.language, number=number)
    return LoopStep(replies=[Reply(text=text)], status="done")


def _knowing(services: Services, turn: Turn) -> Knowing:
    return Knowing(
        services=services.get(ServiceList),
        suggest=services.get(Suggester).suggest,
        words=lexicon(services.catalogue, turn.language),
        places=services.get(Gazetteer),
        areas=services.get(Areas),
        meaning=meaning_of(services),
        now=turn.now,
    )
