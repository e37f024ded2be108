"""Every SELECT of service requests; officials' ones all go through `visible_to`."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, selectinload, undefer

from civic.accounts.models import Official
from civic.accounts.rules import Permission, Role, may
from civic.conversation.models import Attachment, InboundRecord
from civic.service_requests.errors import BadCursor, UnknownAttachment, UnknownServiceRequest
from civic.service_requests.finding import queries as finding
from civic.service_requests.finding.rules import marks
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAlert,
    ServiceRequestAttachment,
    ServiceRequestDraft,
    ServiceRequestJoiner,
    ServiceRequestMessage,
    ServiceRequestReceipt,
)
from civic.service_requests.rules import OPEN, RUNNING, Priority, Status

NOBODY = "nobody"
METRES_A_DEGREE = 111_195.0

Sort = Literal["newest", "oldest", "recently_changed", "expected"]
Ordered = TypeVar("Ordered", bound=Select[Any])


class HasMoments(Protocol):
    """A case, or a row of one: what a cursor is made of."""

    @property
    def id(self) -> str: ...
    @property
    def requested_at(self) -> datetime: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def expected_on(self) -> date: ...


def visible_to(official: Official) -> Select[ServiceRequest]:
    """The one door to cases: what this official may see at all. Every SELECT for officials begins here."""
    return select(ServiceRequest).where(*seen_by(official))


def seen_by(official: Official) -> list[ColumnElement[bool]]:
    """The same door for SELECTs of columns and counts: the own department's cases, or all without one."""
    if not may(official.role, Permission.CASES_READ):
        return [false()]
    return [ServiceRequest.agency == official.agency] if official.agency else []


def is_open() -> ColumnElement[bool]:
    """Open, in the words of the indexes of open cases: a bound value would not say so to the planner."""
    return ServiceRequest.status.in_(bindparam("open", OPEN, expanding=True, literal_execute=True))


@dataclass(frozen=True)
class Near:
    """Within so many metres of a point."""

    lat: float
    long: float
    radius: float


@dataclass(frozen=True)
class Wanted:
    """Which cases are wanted, and in which order. `assignee`: an official's id, or `NOBODY`."""

    statuses: Sequence[Status] = ()
    service_codes: Sequence[str] = ()
    agency: str | None = None
    area: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    assignee: str | None = None
    # Open, and expected before this day.
    late_on: date | None = None
    near: Near | None = None
    priority: Priority | None = None
    # With a flag that this official has not seen yet.
    flagged_for: Official | None = None
    sort: Sort = "newest"


@dataclass(frozen=True)
class CasePage:
    """Some cases, and the cursor with which the next ones are asked for."""

    items: Sequence[ServiceRequest]
    next_cursor: str | None


def page(
    session: Session, official: Official, wanted: Wanted, limit: int, cursor: str | None = None
) -> CasePage:
    """The next cases after the cursor. New cases that arrive meanwhile neither shift nor repeat any."""
    query = in_order(visible_to(official).where(*conditions(wanted, session, official)), wanted, cursor)
    query = query.options(selectinload(ServiceRequest.attachments))
    rows = session.scalars(query.limit(limit + 1)).all()
    more = len(rows) > limit
    items = rows[:limit]
    return CasePage(items, cursor_of(items[-1], wanted.sort) if more else None)


def in_order(query: Ordered, wanted: Wanted, cursor: str | None) -> Ordered:
    """A SELECT of cases in the order that is wanted, from after the cursor on."""
    column, descending = _order(wanted.sort)
    if cursor is not None:
        value, last_id = _read_cursor(cursor, wanted.sort)
        after = column < value if descending else column > value
        tie = ServiceRequest.id < last_id if descending else ServiceRequest.id > last_id
        # The first condition is where an index is entered; an OR alone would be read from its beginning.
        entry = column <= value if descending else column >= value
        query = query.where(entry, or_(after, and_(column == value, tie)))
    if descending:
        return query.order_by(column.desc(), ServiceRequest.id.desc())
    return query.order_by(column, ServiceRequest.id)


def count(session: Session, official: Official, wanted: Wanted) -> int:
    """How many cases there are."""
    query = select(func.count()).select_from(ServiceRequest).where(*seen_by(official))
    return session.scalar(query.where(*conditions(wanted, None, official))) or 0


def count_up_to(session: Session, official: Official, wanted: Wanted, most: int) -> int:
    """How many cases a filter finds, `most + 1` standing for more: nobody reads a million anyway."""
    if wanted.text and wanted.text.strip() and _marks_say_all(wanted, official):
        return finding.count(session, wanted.text, _marks(wanted, official), most)
    few = conditions(wanted, None, official)
    found: Select[int] = select(literal_column("1")).select_from(ServiceRequest)
    found = found.where(*seen_by(official), *few).limit(most + 1)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def read(
    session: Session, official: Official, service_request_id: str, *, for_update: bool = False
) -> ServiceRequest:
    """One case with its thread, history and photos; one that the official may not see does not exist."""
    query = (
        visible_to(official)
        .where(ServiceRequest.service_request_id == service_request_id.strip().upper())
        .options(
            selectinload(ServiceRequest.messages),
            selectinload(ServiceRequest.changes),
            selectinload(ServiceRequest.attachments),
            undefer(ServiceRequest.joiners_count),
        )
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise UnknownServiceRequest(f"You see no service request {service_request_id[:20]!r}.")
    return found


def photos(session: Session, request: ServiceRequest) -> Sequence[Attachment]:
    """The photos of a case, in the order in which they came."""
    return session.scalars(
        select(Attachment)
        .join(ServiceRequestAttachment, ServiceRequestAttachment.attachment_id == Attachment.id)
        .where(ServiceRequestAttachment.request_id == request.id)
        .order_by(ServiceRequestAttachment.position)
    ).all()


def photo(session: Session, request: ServiceRequest, attachment_id: str) -> Attachment:
    """One photo of a case; a photo of another case does not exist here."""
    for found in photos(session, request):
        if found.id == attachment_id:
            return found
    raise UnknownAttachment("This service request has no such photo.")


def by_number(session: Session, service_request_id: str) -> ServiceRequest | None:
    """The case with a tracking number, for what the public may know of it."""
    return session.scalar(
        select(ServiceRequest).where(ServiceRequest.service_request_id == service_request_id)
    )


class Placed(NamedTuple):
    """Where a case is, and the area it is said to be in; the fields are in the order of the SELECT."""

    id: str
    lat: float
    long: float
    area: str | None


def placed_after(session: Session, after: str, limit: int) -> list[Placed]:
    """The next cases with a place behind an id, in the order of ids."""
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.lat, ServiceRequest.long, ServiceRequest.area)
        .where(ServiceRequest.id > after, ServiceRequest.lat.is_not(None), ServiceRequest.long.is_not(None))
        .order_by(ServiceRequest.id)
        .limit(limit)
    )
    return [Placed(id_, float(lat or 0), float(long or 0), area) for id_, lat, long, area in rows]


def how_many_placed(session: Session) -> int:
    """How many cases have a place."""
    placed = ServiceRequest.lat.is_not(None)
    return session.scalar(select(func.count()).select_from(ServiceRequest).where(placed)) or 0


def by_draft(session: Session, draft_id: str) -> ServiceRequest | None:
    """The case that was made of a draft."""
    return session.scalar(select(ServiceRequest).where(ServiceRequest.draft_id == draft_id))


def number_of(session: Session, request_id: str | None) -> str | None:
    """The tracking number of a case known by its row id."""
    if request_id is None:
        return None
    return session.scalar(select(ServiceRequest.service_request_id).where(ServiceRequest.id == request_id))


def numbers_of(session: Session, request_ids: Sequence[str]) -> dict[str, str]:
    """The tracking numbers of several cases, by row id."""
    if not request_ids:
        return {}
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.service_request_id).where(ServiceRequest.id.in_(request_ids))
    )
    return {row[0]: row[1] for row in rows}


def own(session: Session, citizen_id: str, limit: int = 10) -> tuple[Sequence[ServiceRequest], int]:
    """The cases that a citizen reported or joined, newest first, and how many there are."""
    joined = select(ServiceRequestJoiner.request_id).where(ServiceRequestJoiner.citizen_id == citizen_id)
    mine = or_(ServiceRequest.citizen_id == citizen_id, ServiceRequest.id.in_(joined))
    rows = session.scalars(
        select(ServiceRequest)
        .where(mine)
        .order_by(ServiceRequest.requested_at.desc(), ServiceRequest.id.desc())
        .limit(limit)
    ).all()
    return rows, session.scalar(select(func.count()).select_from(ServiceRequest).where(mine)) or 0


def open_near(
    session: Session, near: Near, service_codes: Sequence[str], since: datetime, citizen_id: str
) -> Sequence[ServiceRequest]:
    """Open cases of some types near a point whose place is public; none that this citizen follows already."""
    joined = select(ServiceRequestJoiner.request_id).where(ServiceRequestJoiner.citizen_id == citizen_id)
    return session.scalars(
        select(ServiceRequest)
        .where(
            *_near(near),
            ServiceRequest.status.in_(OPEN),
            ServiceRequest.service_code.in_(service_codes),
            ServiceRequest.requested_at >= since,
            ServiceRequest.shown != "nothing",
            or_(ServiceRequest.citizen_id.is_(None), ServiceRequest.citizen_id != citizen_id),
            ServiceRequest.id.not_in(joined),
        )
        .order_by(ServiceRequest.requested_at.desc(), ServiceRequest.id.desc())
        .limit(200)
    ).all()


def joiner(session: Session, request: ServiceRequest, citizen_id: str) -> ServiceRequestJoiner | None:
    """A citizen as somebody who joined a case."""
    return session.get(ServiceRequestJoiner, (request.id, citizen_id))


def joiner_counts(session: Session, request_ids: Sequence[str]) -> dict[str, int]:
    """How many citizens joined each of some cases; a case that nobody joined is left out."""
    if not request_ids:
        return {}
    rows = session.execute(
        select(ServiceRequestJoiner.request_id, func.count())
        .where(ServiceRequestJoiner.request_id.in_(request_ids))
        .group_by(ServiceRequestJoiner.request_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Subscriber:
    """Somebody who is told what becomes of a case, where, and in which language."""

    conversation_id: str
    citizen_id: str | None
    language: str


def subscribers(session: Session, request: ServiceRequest) -> list[Subscriber]:
    """Who hears of every change: the citizen who reported it first, then who joined, in order; each once."""
    found = []
    if request.conversation_id is not None:
        found.append(Subscriber(request.conversation_id, request.citizen_id, request.language))
    for row in session.scalars(
        select(ServiceRequestJoiner)
        .where(ServiceRequestJoiner.request_id == request.id)
        .order_by(ServiceRequestJoiner.joined_at, ServiceRequestJoiner.citizen_id)
    ):
        if row.conversation_id != request.conversation_id:
            found.append(Subscriber(row.conversation_id, row.citizen_id, row.language))
    return found


def receipt(session: Session, request: ServiceRequest) -> ServiceRequestReceipt | None:
    """What is kept of the code by which an anonymous citizen comes back."""
    return session.get(ServiceRequestReceipt, request.id)


def last_public_message(session: Session, request: ServiceRequest) -> ServiceRequestMessage | None:
    """The last thing an official wrote to the citizen."""
    return session.scalar(
        select(ServiceRequestMessage)
        .where(
            ServiceRequestMessage.request_id == request.id,
            ServiceRequestMessage.internal.is_(False),
            ServiceRequestMessage.author == "official",
        )
        .order_by(ServiceRequestMessage.id.desc())
        .limit(1)
    )


def draft(session: Session, conversation_id: str) -> ServiceRequestDraft | None:
    """The report that is being made in a conversation, held until the transaction ends."""
    return session.scalar(
        select(ServiceRequestDraft)
        .where(ServiceRequestDraft.conversation_id == conversation_id)
        .with_for_update()
    )


def shared_just_before(
    session: Session, conversation_id: str, message_id: str, since: datetime
) -> list[dict[str, object]]:
    """Places and photos sent right before a message, no word or button in between; oldest first."""
    rows = session.scalars(
        select(InboundRecord)
        .where(
            InboundRecord.conversation_id == conversation_id,
            InboundRecord.received_at >= since,
            InboundRecord.message_id != message_id,
        )
        .order_by(InboundRecord.received_at.desc(), InboundRecord.id.desc())
        .limit(10)
    ).all()
    shared: list[dict[str, object]] = []
    for row in rows:
        payload = row.payload
        if payload.get("text") or payload.get("choice") or payload.get("intent"):
            break
        shared.append(payload)
    return shared[::-1]


def is_filed(session: Session, attachment_id: str) -> bool:
    """Whether a photo belongs to a case already."""
    return bool(
        session.scalar(select(exists().where(ServiceRequestAttachment.attachment_id == attachment_id)))
    )


def conditions(
    wanted: Wanted, session: Session | None = None, official: Official | None = None
) -> list[ColumnElement[bool]]:
    """What the filter says, to be put behind `seen_by`.

    With a session it is for the beginning of a list: words of many cases are then looked up another way.
    """
    conditions: list[ColumnElement[bool]] = []
    if _open_only(wanted):
        conditions.append(is_open())
    if wanted.statuses and set(wanted.statuses) != set(OPEN):
        conditions.append(ServiceRequest.status.in_(list(wanted.statuses)))
    if wanted.service_codes:
        conditions.append(ServiceRequest.service_code.in_(list(wanted.service_codes)))
    if wanted.agency:
        conditions.append(ServiceRequest.agency == wanted.agency)
    if wanted.area:
        conditions.append(ServiceRequest.area == wanted.area)
    if wanted.since:
        conditions.append(ServiceRequest.requested_at >= wanted.since)
    if wanted.until:
        conditions.append(ServiceRequest.requested_at < wanted.until)
    if wanted.assignee == NOBODY:
        conditions.append(ServiceRequest.assignee_id.is_(None))
    elif wanted.assignee:
        conditions.append(ServiceRequest.assignee_id == wanted.assignee)
    if wanted.late_on:
        conditions += [ServiceRequest.expected_on < wanted.late_on, ServiceRequest.status.in_(RUNNING)]
    if wanted.near:
        conditions += _near(wanted.near)
    if wanted.priority:
        conditions.append(ServiceRequest.priority == wanted.priority)
    if wanted.flagged_for:
        conditions.append(_flagged(wanted.flagged_for))
    if wanted.text and wanted.text.strip():
        found_by = _marks(wanted, official)
        if session is None:
            conditions.append(finding.having(wanted.text, found_by))
        else:
            conditions.append(finding.best(session, wanted.text, found_by))
    return conditions


def _open_only(wanted: Wanted) -> bool:
    return wanted.late_on is not None or (bool(wanted.statuses) and set(wanted.statuses) <= set(OPEN))


def _marks_say_all(wanted: Wanted, official: Official) -> bool:
    """Whether the index of words alone knows how many cases a filter finds."""
    all_open = not wanted.statuses or set(wanted.statuses) == set(OPEN)
    own = official.agency is None or wanted.agency in (None, official.agency)
    others = (
        wanted.since,
        wanted.until,
        wanted.assignee,
        wanted.late_on,
        wanted.near,
        wanted.priority,
        wanted.flagged_for,
    )
    able = may(official.role, Permission.CASES_READ)
    return able and all_open and own and len(wanted.service_codes) < 2 and not any(others)


def _marks(wanted: Wanted, official: Official | None) -> list[str]:
    """What narrows a search for words: where a filter leaves a choice of several, it is not among it."""
    agency = (official.agency if official else None) or wanted.agency
    code = wanted.service_codes[0] if len(wanted.service_codes) == 1 else None
    return marks([agency] if agency else [], _open_only(wanted), [code] if code else [], wanted.area)


def _flagged(official: Official) -> ColumnElement[bool]:
    flags = select(ServiceRequestAlert.request_id).where(
        ServiceRequestAlert.seen_at.is_(None),
        or_(ServiceRequestAlert.official_id.is_(None), ServiceRequestAlert.official_id == official.id),
    )
    if official.role is not Role.ADMIN:
        flags = flags.where(ServiceRequestAlert.role != Role.ADMIN.value)
    return ServiceRequest.id.in_(flags)


def _near(near: Near) -> list[ColumnElement[bool]]:
    """A box that the index knows, and the circle in it; on a plane, good to a percent up to 100 km."""
    shrink = max(math.cos(math.radians(near.lat)), 0.01)
    up, aside = near.radius / METRES_A_DEGREE, near.radius / METRES_A_DEGREE / shrink
    north = (ServiceRequest.lat - near.lat) * METRES_A_DEGREE
    east = (ServiceRequest.long - near.long) * METRES_A_DEGREE * shrink
    return [
        ServiceRequest.lat.between(near.lat - up, near.lat + up),
        ServiceRequest.long.between(near.long - aside, near.long + aside),
        north * north + east * east <= near.radius * near.radius,
    ]


def _order(sort: Sort) -> tuple[ColumnElement[Any], bool]:
    match sort:
        case "newest":
            return ServiceRequest.requested_at.expression, True
        case "oldest":
            return ServiceRequest.requested_at.expression, False
        case "recently_changed":
            return ServiceRequest.updated_at.expression, True
        case "expected":
            return ServiceRequest.expected_on.expression, False


# ------------------------------------------------------------------------------------------------ cursors

_FIELD = {
    "newest": "requested_at",
    "oldest": "requested_at",
    "recently_changed": "updated_at",
    "expected": "expected_on",
}


def cursor_of(last: HasMoments, sort: Sort) -> str:
    """The cursor that goes on after a case."""
    value = getattr(last, _FIELD[sort]).isoformat()
    return base64.urlsafe_b64encode(json.dumps([sort, value, last.id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, sort: Sort) -> tuple[date, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, value, last_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        moment = date.fromisoformat(value) if sort == "expected" else datetime.fromisoformat(value)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadCursor("This cursor was not made by this list.", remedy="Begin without a cursor.") from error
    zoned = not isinstance(moment, datetime) or moment.tzinfo is not None
    if made_for != sort or not isinstance(last_id, str) or not zoned:
        raise BadCursor("This cursor belongs to another order.", remedy="Begin without a cursor.")
    return moment, last_id
