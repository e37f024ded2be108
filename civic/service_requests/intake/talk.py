"""One turn of a report: what was kept, through the engine, to what is kept and said."""

from __future__ import annotations

from random import Random

from sqlalchemy.orm import Session

from civic.conversation.types import LoopStep, Reply, Turn
from civic.kit.files import FileStore
from civic.kit.services import Services
from civic.service_requests import commands, queries, receipts, rules, status
from civic.service_requests.areas import Areas
from civic.service_requests.intake import afterwards, ends, engine, nearby
from civic.service_requests.intake.sent import button_of, filed_by_button, heard_in, shared_before
from civic.service_requests.intake.state import Heard, Knowing, Report, Said, Step, Taken
from civic.service_requests.intake.words import Speaker
from civic.service_requests.models import ServiceRequestDraft
from civic.service_requests.places import Gazetteer
from civic.service_requests.reading import find_place, lexicon
from civic.service_requests.services import ServiceList
from civic.service_requests.suggester import Suggester
from civic.understanding.meaning import meaning_of


def advance(session: Session, turn: Turn, services: Services, random: Random) -> LoopStep:
    """Takes a message into the report of its conversation, and asks what is still missing."""
    draft = queries.draft(session, turn.conversation_id)
    expired = draft is not None and draft.expires_at <= turn.now
    if draft is not None and not expired and turn.starting and not turn.choice:
        draft = _surfaced(session, draft, services, turn)
    if draft is not None and expired:
        commands.drop_draft(session, draft, services.get(FileStore))
        draft = None
    if turn.choice and not button_of(turn.choice)[0]:
        return LoopStep(status="interrupted")  # a button of another feature, which knows what it means
    heard = heard_in(session, turn, draft)
    if heard.stale and (filed := filed_by_button(session, turn)) is not None:
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
    if report.about is not None or report.description is None:
        return None
    heard = heard_in(session, turn, draft)
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
    filed = filed_by_button(session, turn)
    if filed is not None:
        return Reply(text=speaker.text("already-filed", number=filed.service_request_id))
    return Reply(text=speaker.text("already-gone"))


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


def _speaker(services: Services, turn: Turn, draft: ServiceRequestDraft | None) -> Speaker:
    return Speaker(services, _knowing(services, turn), turn.language, draft.id if draft else "")


def _ask(services: Services, turn: Turn, draft: ServiceRequestDraft) -> Reply:
    return _speaker(services, turn, draft).question(Report.model_validate(draft.state))


def _surfaced(
    session: Session, draft: ServiceRequestDraft, services: Services, turn: Turn
) -> ServiceRequestDraft | None:
    """The draft without a comment that was never written: what waits beneath it comes up again."""
    report = Report.model_validate(draft.state)
    if report.about is None:
        return draft
    if report.beneath is None:
        commands.drop_draft(session, draft, services.get(FileStore))
        return None
    commands.keep_draft(session, draft, Report.model_validate(report.beneath), turn.now)
    return draft


def _begin(
    session: Session, turn: Turn, heard: Heard, services: Services, *, expired: bool = False
) -> LoopStep:
    knowing = _knowing(services, turn)
    taken = engine.begin(heard, knowing, shared_before(session, turn, knowing.areas))
    said = list(_worth_saying(taken))
    if expired:
        hours = int(rules.DRAFT_LIVES.total_seconds() // 3600)
        said.insert(0, Said("draft-expired", {"hours": hours}))
    draft = commands.begin_draft(session, turn, taken.report)
    speaker = Speaker(services, knowing, turn.language, draft.id)
    report, near = _with_similar(session, turn, services, draft, taken.report, speaker)
    return LoopStep(replies=[*speaker.remarks(said), speaker.question(report), *near])


def _with_similar(
    session: Session,
    turn: Turn,
    services: Services,
    draft: ServiceRequestDraft,
    report: Report,
    speaker: Speaker,
) -> tuple[Report, list[Reply]]:
    """At the summary, and once for a type and a place: open requests that may be about the same."""
    wanted = nearby.looked_for(report)
    if report.step is not Step.SUMMARY or not wanted or wanted == report.looked_at:
        return report, []
    found = nearby.alike(session, services, report, turn.citizen_id, turn.now)
    report = report.with_(
        looked_at=wanted, similar=tuple(one.number for one in found), asked_which=bool(found)
    )
    commands.keep_draft(session, draft, report, turn.now)
    return report, [speaker.similar(found)] if found else []


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
    number = None if report.about else rules.find_tracking_number(heard.text or "")
    if number is not None and number in report.similar and report.step is Step.SUMMARY:
        # Typed instead of tapped: "it is FM-7K3Q9".
        return ends.joined(session, turn, draft, services, speaker, report, number)
    if number is not None:
        told = status.of_number(session, services, turn, number)
        return LoopStep(replies=[told, speaker.question(report)])
    if report.asked_which:
        report = report.with_(asked_which=False)
        if heard.text and knowing.words.command(heard.text) == "yes" and report.step is Step.SUMMARY:
            commands.keep_draft(session, draft, report, turn.now)
            return LoopStep(replies=[speaker.which(report)])
    taken = engine.take(report, heard, knowing)
    replies = speaker.remarks(_worth_saying(taken))
    match taken.end:
        case "interrupted":
            # A photo that came with the question is kept all the same.
            commands.keep_draft(session, draft, taken.report, turn.now)
            return LoopStep(status="interrupted")
        case "join":
            return ends.joined(session, turn, draft, services, speaker, taken.report, taken.number)
        case "comment" | "withdraw":
            return afterwards.conclude(session, turn, draft, services, speaker, taken)
        case "cancel" if report.about is not None:
            kept = Reply(text=speaker.text("nothing-changed", number=report.about))
            return afterwards.surface(session, turn, draft, services, speaker, taken.report, [kept])
        case "cancel":
            commands.drop_draft(session, draft, services.get(FileStore))
            return LoopStep(replies=[*replies, Reply(text=speaker.text("cancelled"))], status="done")
        case "file" | "file_with_receipt":
            code = receipts.new_code(random) if taken.end == "file_with_receipt" else None
            case = commands.file(
                session,
                draft,
                taken.report,
                knowing.services,
                language=turn.language,
                now=turn.now,
                random=random,
                areas=knowing.areas,
                code=code,
            )
            return LoopStep(replies=[*replies, ends.filed(speaker, taken, case, code)], status="done")
    left_out = [photo for photo in report.photos if photo not in taken.report.photos]
    if heard.photo and heard.photo not in taken.report.photos:
        left_out.append(heard.photo)
    commands.keep_draft(session, draft, taken.report, turn.now)
    commands.discard_photos(session, left_out, services.get(FileStore))
    report, near = _with_similar(session, turn, services, draft, taken.report, speaker)
    return LoopStep(replies=[*replies, speaker.question(report), *near])


def _worth_saying(taken: Taken) -> tuple[Said, ...]:
    # The summary names the type anyway.
    shown = taken.report.step is Step.SUMMARY
    return tuple(one for one in taken.said if not (shown and one.key == "understood-type"))
