"""Words that are written often: kept, filled in for a case, and sent along with a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.kit.ids import new_id
from civic.service_requests.desk.errors import UnknownTemplate, UnusableTemplate
from civic.service_requests.desk.models import ReplyTemplate
from civic.service_requests.desk.rules import fill, usable_name, usable_text
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

# Who gave no name is still addressed.
NAMELESS = "resident"


@dataclass(frozen=True)
class Wording:
    """What a template says, and where it belongs."""

    name: str
    text: str
    agency: str | None = None
    service_code: str | None = None
    status: Status | None = None


def keep(
    session: Session,
    official: Official,
    wording: Wording,
    services: ServiceList,
    now: datetime,
    template_id: str | None = None,
) -> ReplyTemplate:
    """Adds a template, or replaces the one with this id; an official of a department keeps its own only."""
    template = one(session, official, template_id, to_change=True) if template_id else None
    name, text = usable_name(wording.name, UnusableTemplate), usable_text(wording.text)
    same = session.scalar(select(ReplyTemplate).where(ReplyTemplate.name == name))
    if same is not None and same is not template:
        raise UnusableTemplate(f"There is a template {name!r} already.", field="name")
    if wording.service_code and services.find(wording.service_code) is None:
        raise UnusableTemplate("There is no such type.", field="service_code")
    agency = official.agency or wording.agency or None
    if agency and agency not in services.agencies:
        raise UnusableTemplate("There is no such department.", field="agency")
    if template is None:
        template = ReplyTemplate(id=new_id(now), created_by=official.id)
        session.add(template)
    template.name, template.text = name, text
    template.agency, template.service_code = agency, wording.service_code or None
    template.status = wording.status.value if wording.status else None
    template.updated_at = now
    session.flush()
    record(session, official, "official:keep:template", template.id, {}, now)
    return template


def drop(session: Session, official: Official, template_id: str, now: datetime) -> None:
    """Deletes a template; what was written with it stays."""
    session.delete(one(session, official, template_id, to_change=True))
    session.flush()
    record(session, official, "official:drop:template", template_id, {}, now)


def one(session: Session, official: Official, template_id: str, *, to_change: bool = False) -> ReplyTemplate:
    """A template that the official uses; only one of their own department may be changed by them."""
    template = session.get(ReplyTemplate, template_id)
    usable = template is not None and (
        official.agency is None or template.agency == official.agency or not (template.agency or to_change)
    )
    if template is None or not usable:
        raise UnknownTemplate
    return template


def usable_by(session: Session, official: Official) -> Sequence[ReplyTemplate]:
    """Every template that an official may use, by name."""
    query = select(ReplyTemplate).order_by(ReplyTemplate.name)
    if official.agency:
        query = query.where(or_(ReplyTemplate.agency.is_(None), ReplyTemplate.agency == official.agency))
    return session.scalars(query).all()


def fitting(session: Session, case: ServiceRequest) -> Sequence[ReplyTemplate]:
    """The templates for a case: of its department and its type, or for all."""
    return session.scalars(_FITTING, {"agency": case.agency, "code": case.service_code}).all()


# Made once: every page of a case asks.
_FITTING = (
    select(ReplyTemplate)
    .where(
        or_(ReplyTemplate.agency.is_(None), ReplyTemplate.agency == bindparam("agency")),
        or_(ReplyTemplate.service_code.is_(None), ReplyTemplate.service_code == bindparam("code")),
    )
    .order_by(ReplyTemplate.name)
)


def automatic(
    session: Session, case: ServiceRequest, target: Status, services: ServiceList, town: str
) -> str | None:
    """What is said with a step when the official says nothing: the most particular template of the step."""
    found = [each for each in fitting(session, case) if each.status == target.value]
    best = max(found, key=lambda each: (each.service_code is not None, each.agency is not None), default=None)
    return filled(best.text, case, services, town) if best else None


def filled(text: str, case: ServiceRequest, services: ServiceList, town: str) -> str:
    """The words for one case."""
    return fill(
        text,
        {
            "number": case.service_request_id,
            "service": services.name_of(case.service_code),
            "agency": services.agency_name(case.agency),
            "name": case.name or NAMELESS,
            "address": case.address or "the place you named",
            "date": format_date(case.expected_on, "d MMMM y", locale="en_GB"),
            "town": town,
        },
    )
