"""How a report ends: as a case of its own, or joined to one that is open already."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, LoopStep, Reply, Turn
from civic.kit.files import FileStore
from civic.kit.services import Services
from civic.service_requests import commands, queries, receipts, rules, status
from civic.service_requests.intake.state import Report, Taken
from civic.service_requests.intake.words import Speaker
from civic.service_requests.models import ServiceRequest, ServiceRequestDraft


def joined(
    session: Session,
    turn: Turn,
    draft: ServiceRequestDraft,
    services: Services,
    speaker: Speaker,
    report: Report,
    number: str,
) -> LoopStep:
    """Joins a request instead of sending a new one: the words and photos go to its department with it."""
    case = queries.by_number(session, number)
    if case is None or case.status not in rules.OPEN:
        over = Reply(text=speaker.text("join-over", number=number))
        return LoopStep(replies=[over, speaker.question(report)])
    commands.join(
        session,
        case,
        citizen_id=turn.citizen_id,
        conversation_id=turn.conversation_id,
        language=turn.language,
        now=turn.now,
    )
    commands.add_words_of_joiner(
        session, case, report.description, report.photos, citizen_id=turn.citizen_id, now=turn.now
    )
    commands.forget_positions(session, report.photos, None)
    # Photos for which the case had no room go with the draft.
    commands.drop_draft(session, draft, services.get(FileStore))
    text = speaker.text(
        "joined",
        number=case.service_request_id,
        agency=speaker.knowing.services.agency_name(case.agency),
        others=queries.joiner_counts(session, [case.id]).get(case.id, 1),
    )
    return LoopStep(replies=[Reply(text=text, status="service_request_joined")], status="done")


def filed(speaker: Speaker, taken: Taken, case: ServiceRequest, code: str | None) -> Reply:
    """What a citizen reads of the case that was made: its number, or the code that stands for it."""
    if code is not None:
        text = speaker.text(
            "filed-receipt",
            agency=speaker.knowing.services.agency_name(case.agency),
            receipt=receipts.written(case.service_request_id, code),
            date=status.day(case.expected_on),
        )
        # What was typed still lies in the chat: who wants no trace at all has it deleted at once.
        forget = Choice(label=speaker.text("button-forget-chat"), intent="delete_my_data")
        return Reply(text=text, choices=[forget], status="service_request_filed")
    name = taken.report.name
    text = speaker.text(
        "filed",
        name=speaker.text("filed-name", name=name) if name else "",
        agency=speaker.knowing.services.agency_name(case.agency),
        number=case.service_request_id,
        date=status.day(case.expected_on),
    )
    return Reply(text=text, status="service_request_filed")
