"""What officials change at the desk: who deals with a case, its type, duplicates, many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civic.accounts import queries as accounts
from civic.accounts.models import Official
from civic.audit.commands import record
from civic.kit.errors import FolkmootError
from civic.service_requests import deadlines
from civic.service_requests.areas import Areas
from civic.service_requests.commands import change_status
from civic.service_requests.commands.parts import Say, open_case, touch
from civic.service_requests.desk import templates
from civic.service_requests.desk.errors import CannotBeAssigned, SameType, TooManyAtOnce
from civic.service_requests.desk.rules import MOST_AT_ONCE, can_work_on
from civic.service_requests.desk.webhooks import announce
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import Priority, Status
from civic.service_requests.services import ServiceList


def assign(
    session: Session,
    official: Official,
    service_request_id: str,
    assignee: str | None,
    now: datetime,
    expected_version: int | None = None,
) -> ServiceRequest:
    """Gives a case to the official with this name, or to nobody; whoever has it already keeps it."""
    case = open_case(session, official, service_request_id, expected_version)
    person = accounts.find_by_name(session, assignee) if assignee else None
    if assignee and (person is None or not can_work_on(person, case.agency)):
        raise CannotBeAssigned(
            f"{assignee[:40]!r} does not work on the cases of this department.",
            remedy="Choose an agent of the department.",
            field="assignee",
        )
    new = person.id if person else None
    if case.assignee_id == new:
        return case
    case.assignee_id = new
    touch(case, now)
    session.flush()
    record(
        session,
        official,
        "official:assign:service_request",
        case.id,
        {"number": case.service_request_id, "assignee": new},
        now,
    )
    announce(session, case, "assigned", now)
    return case


def change_type(
    session: Session,
    official: Official,
    service_request_id: str,
    service_code: str,
    *,
    services: ServiceList,
    now: datetime,
    areas: Areas | None = None,
    expected_version: int | None = None,
) -> ServiceRequest:
    """Corrects the type: department and expected day follow from it, and so does who can deal with it.

    The department is the one that deals with such a thing at this place, as when it was reported.
    """
    case = open_case(session, official, service_request_id, expected_version)
    service = services.get(service_code)
    if case.service_code == service_code:
        raise SameType(field="service_code")
    before = case.service_code
    agency = (areas or Areas()).agency(service, case.lat, case.long)
    case.service_code, case.agency = service.service_code, agency
    deadlines.recompute(case, services)
    person = accounts.by_id(session, case.assignee_id) if case.assignee_id else None
    if person is not None and not can_work_on(person, case.agency):
        case.assignee_id = None
    touch(case, now)
    session.flush()
    record(
        session,
        official,
        "official:retype:service_request",
        case.id,
        {"number": case.service_request_id, "from": before, "to": service_code},
        now,
    )
    announce(session, case, "type_changed", now)
    return case


def set_priority(
    session: Session,
    official: Official,
    service_request_id: str,
    priority: Priority,
    *,
    services: ServiceList,
    now: datetime,
    expected_version: int | None = None,
) -> ServiceRequest:
    """Says how urgent a case is; the expected day follows from it. Whoever has it already keeps it."""
    case = open_case(session, official, service_request_id, expected_version)
    if case.priority is priority:
        return case
    before, case.priority = case.priority, priority
    deadlines.recompute(case, services)
    touch(case, now)
    session.flush()
    record(
        session,
        official,
        "official:prioritise:service_request",
        case.id,
        {"number": case.service_request_id, "from": before.value, "to": priority.value},
        now,
    )
    announce(session, case, "priority_changed", now)
    return case


def move(
    session: Session,
    official: Official,
    service_request_id: str,
    target: Status,
    *,
    services: ServiceList,
    say: Say,
    town: str,
    now: datetime,
    message: str | None = None,
    duplicate_of: str | None = None,
    expected_version: int | None = None,
) -> ServiceRequest:
    """Takes a step; where nothing is said with it, the template that belongs to the step is."""
    if not (message or "").strip():
        case = open_case(session, official, service_request_id, expected_version)
        message = templates.automatic(session, case, target, services, town)
    return change_status(
        session,
        official,
        service_request_id,
        target,
        services=services,
        say=say,
        now=now,
        message=message,
        duplicate_of=duplicate_of,
        expected_version=expected_version,
    )


@dataclass(frozen=True)
class Outcome:
    """What became of one of many; `error` is None where it was done."""

    number: str
    error: FolkmootError | None = None


def each(session: Session, numbers: Sequence[str], change: Callable[[str], ServiceRequest]) -> list[Outcome]:
    """Does the same to several cases. One that cannot be changed stays as it is; the others are changed."""
    wanted = list(dict.fromkeys(number.strip().upper() for number in numbers if number.strip()))
    if len(wanted) > MOST_AT_ONCE:
        raise TooManyAtOnce(f"At most {MOST_AT_ONCE} are changed at once.", remedy="Choose fewer.")
    outcomes = []
    for number in wanted:
        try:
            with session.begin_nested():
                change(number)
        except FolkmootError as error:
            outcomes.append(Outcome(number, error))
        else:
            outcomes.append(Outcome(number))
    return outcomes
