"""The one door through which officials come to cases."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, bindparam, false, select

from civic.accounts.models import Official
from civic.accounts.rules import Permission, may
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import ENDED, OPEN


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


def is_ended() -> ColumnElement[bool]:
    """Ended, in the words of the index of ended cases."""
    return ServiceRequest.status.in_(bindparam("ended", ENDED, expanding=True, literal_execute=True))
