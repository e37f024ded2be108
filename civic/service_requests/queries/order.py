"""The orders of a list of cases, and the cursors that go on in them."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_

from civic.service_requests.errors import BadCursor
from civic.service_requests.models import ServiceRequest

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


def in_order(query: Ordered, sort: Sort, cursor: str | None) -> Ordered:
    """A SELECT of cases in the order that is wanted, from after the cursor on."""
    column, descending = _order(sort)
    if cursor is not None:
        value, last_id = _read_cursor(cursor, sort)
        after = column < value if descending else column > value
        tie = ServiceRequest.id < last_id if descending else ServiceRequest.id > last_id
        # The first condition is where an index is entered; an OR alone would be read from its beginning.
        entry = column <= value if descending else column >= value
        query = query.where(entry, or_(after, and_(column == value, tie)))
    if descending:
        return query.order_by(column.desc(), ServiceRequest.id.desc())
    return query.order_by(column, ServiceRequest.id)


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
