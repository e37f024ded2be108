"""What is answered when a citizen writes about a case, or says what they want to hear."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Reply, Turn
from civic.delivery import commands as delivery
from civic.delivery import queries as deliveries
from civic.delivery.rules import Wish
from civic.kit.services import Services
from civic.service_requests import commands, queries, rules, status, telling
from civic.service_requests.commands.parts import naming
from civic.service_requests.models import ServiceRequest
from civic.service_requests.services import ServiceList
from civic.service_requests.typed import NOTED, WISH


def note(session: Session, turn: Turn, services: Services) -> Reply:
    """Puts words, a photo or a place into the case; of somebody else's case only the status is said."""
    number = (turn.choice or "").partition(":")[2]
    case = queries.by_number(session, number)
    if case is None or telling.follower(session, case, turn.citizen_id) is None:
        return status.of_number(session, services, turn, number)
    case = session.get_one(ServiceRequest, case.id, with_for_update=True, populate_existing=True)
    named = naming(case, services.get(ServiceList))
    text = turn.text or ""
    if turn.location is not None:
        place = _text(services, turn, "noted-location", lat=turn.location.lat, long=turn.location.long)
        text = f"{text}\n{place}".strip()
    if not rules.says_something(text) and turn.attachment_id is None:
        return Reply(text=_text(services, turn, "noted-nothing", number=number))
    commands.hear(
        session,
        case,
        citizen_id=turn.citizen_id,
        conversation_id=turn.conversation_id,
        text=text,
        photos=[turn.attachment_id] if turn.attachment_id else [],
        services=services,
        now=turn.now,
    )
    key = "noted" if text else "noted-photo"
    other = Choice(label=_text(services, turn, "button-something-else"), intent="help")
    return Reply(text=_text(services, turn, key, **named), choices=[other], status=NOTED)


def wish(session: Session, turn: Turn, services: Services) -> Reply:
    """Keeps what a citizen wants to hear of their own accord, or asks for it."""
    chosen = (turn.choice or "").partition(":")[2]
    if chosen in list(Wish):
        delivery.prefer(session, turn.citizen_id, Wish(chosen), turn.now)
        return Reply(text=_text(services, turn, f"wish-{chosen}"))
    now = deliveries.wish_of(session, turn.citizen_id)
    choices = [
        Choice(label=_text(services, turn, f"button-wish-{one.value}"), value=f"{WISH}:{one.value}")
        for one in Wish
    ]
    return Reply(text=_text(services, turn, "ask-wish", wish=now.value), choices=choices)


def _text(services: Services, turn: Turn, key: str, **args: object) -> str:
    return services.text(f"service-requests-{key}", turn.language, **args)
