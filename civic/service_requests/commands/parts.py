"""What the commands on a case share: opening it for a change, its history and thread, telling the citizen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from civic.accounts.models import Official
from civic.kit.ids import new_id
from civic.service_requests import queries, rules
from civic.service_requests.errors import ChangedMeanwhile, OriginalNeeded, UnknownServiceRequest
from civic.service_requests.models import ServiceRequest, ServiceRequestChange, ServiceRequestMessage
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

Say = Callable[..., str]


def open_case(
    session: Session, official: Official, service_request_id: str, expected_version: int | None
) -> ServiceRequest:
    case = queries.read(session, official, service_request_id, for_update=True)
    if expected_version is not None and case.version != expected_version:
        raise ChangedMeanwhile(
            f"It is at version {case.version}, and you read version {expected_version}.",
            remedy="Read it again, then repeat the step if it still makes sense.",
        )
    return case


def original_of(
    session: Session, official: Official, case: ServiceRequest, number: str | None
) -> ServiceRequest | None:
    if not number:
        return None
    found = rules.find_tracking_number(number, bare=True) or number
    if found == case.service_request_id:
        raise OriginalNeeded("It cannot be a duplicate of itself.", remedy="Give the earlier one.")
    try:
        original = queries.read(session, official, found)
    except UnknownServiceRequest as error:
        raise OriginalNeeded(
            f"There is no service request {number[:20]!r}.", remedy="Give the number of the earlier one."
        ) from error
    if original.duplicate_of is not None:
        raise OriginalNeeded("That one is a duplicate itself.", remedy="Give the one it repeats.")
    return original


def naming(case: ServiceRequest, services: ServiceList) -> dict[str, str]:
    return {
        "number": case.service_request_id,
        "type": services.name_of(case.service_code),
        "agency": services.agency_name(case.agency),
    }


def note_step(
    case: ServiceRequest, source: Status | None, target: Status, actor: str, now: datetime
) -> ServiceRequestChange:
    if case.changes:
        # The history keeps its order though the clock stands still, or jumps back.
        now = max(now, max(one.created_at for one in case.changes) + timedelta(microseconds=1))
    change = ServiceRequestChange(id=new_id(now), source=source, target=target, actor=actor, created_at=now)
    case.changes.append(change)
    return change


def add_message(
    case: ServiceRequest, official: Official, text: str, *, internal: bool, told: bool, now: datetime
) -> ServiceRequestMessage:
    message = ServiceRequestMessage(
        id=new_id(now),
        author="official",
        official_id=official.id,
        internal=internal,
        text=text.strip(),
        told=told,
        created_at=now,
    )
    case.messages.append(message)
    return message


def touch(case: ServiceRequest, now: datetime) -> None:
    case.updated_at = max(now, case.updated_at)
    # The clock may stand still between two changes; the version counts them all the same.
    flag_modified(case, "updated_at")
