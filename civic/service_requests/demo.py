"""Loads the demonstration's cases, so that officials find something on their desk on the first day."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.conversation.commands import open_conversation
from civic.kit.ids import new_id, new_secret
from civic.kit.services import Services
from civic.service_requests import deadlines, queries, rules
from civic.service_requests.areas import Areas
from civic.service_requests.commands import add_case
from civic.service_requests.desk.errors import UnusableTemplate
from civic.service_requests.desk.models import ReplyTemplate
from civic.service_requests.desk.rules import usable_name, usable_text
from civic.service_requests.models import ServiceRequest, ServiceRequestChange, ServiceRequestMessage
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

FILE = "service_requests.yml"
ACTOR = "system"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DemoStep(_Entry):
    """A step that was taken, and what the citizen was told with it."""

    status: Status
    days_ago: int
    message: str | None = None


class DemoNote(_Entry):
    """A note among officials."""

    days_ago: int
    text: str


class DemoCase(_Entry):
    """One case of the demonstration."""

    key: str
    service_code: str
    description: str
    days_ago: int
    address: str | None = None
    lat: float | None = None
    long: float | None = None
    attributes: dict[str, str] = {}
    name: str | None = None
    steps: tuple[DemoStep, ...] = ()
    notes: tuple[DemoNote, ...] = ()


class DemoTemplate(_Entry):
    """Words that officials write often."""

    name: str
    text: str
    status: Status | None = None


def load_demo(session: Session, now: datetime, services: Services) -> int:
    """Loads each case of `content/demo/service_requests.yml` once; returns how many were new."""
    path = services.settings.content / "demo" / FILE
    if not path.exists():
        return 0
    content = yaml.safe_load(path.read_text("utf-8"))
    cases = [DemoCase.model_validate(entry) for entry in content["cases"]]
    for entry in content.get("templates", []):
        _load_template(session, DemoTemplate.model_validate(entry), now)
    language = services.settings.default_language
    known, areas = services.get(ServiceList), services.get(Areas)
    return sum(_load(session, case, known, areas, language, now) for case in cases)


def _load(
    session: Session, demo: DemoCase, services: ServiceList, areas: Areas, language: str, now: datetime
) -> bool:
    # The draft it was never made of: a name by which a second load finds it.
    draft_id = f"demo-{demo.key}"[:26]
    if queries.by_draft(session, draft_id) is not None:
        return False
    service = services.get(demo.service_code)
    then = now - timedelta(days=demo.days_ago, hours=3)
    # A conversation that nobody can open, so that replying works in the demonstration as it does in life.
    conversation = open_conversation(session, "web", f"demonstration-{new_secret()}", language, then)
    case = add_case(
        session,
        Random(demo.key),
        id=new_id(then),
        draft_id=draft_id,
        service_code=service.service_code,
        agency=areas.agency(service, demo.lat, demo.long),
        status=Status.SUBMITTED,
        description=demo.description,
        address=demo.address,
        lat=demo.lat,
        long=demo.long,
        area=areas.name(demo.lat, demo.long),
        attributes=dict(demo.attributes),
        name=demo.name,
        citizen_id=conversation.citizen_id,
        conversation_id=conversation.id,
        language=language,
        source="demonstration",
        requested_at=then,
        updated_at=then,
        expected_on=deadlines.promised(service, services.calendar, then),
    )
    _add_step(case, None, Status.SUBMITTED, then)
    for position, step in enumerate(demo.steps):
        at = now - timedelta(days=step.days_ago, hours=2) + timedelta(minutes=20 * position)
        _add_step(case, case.status, step.status, at)
        case.status, case.updated_at = step.status, at
        if step.message:
            _add_message(case, step.message, at, internal=False)
    for note in demo.notes:
        _add_message(case, note.text, now - timedelta(days=note.days_ago), internal=True)
    session.flush()
    return True


def _load_template(session: Session, demo: DemoTemplate, now: datetime) -> None:
    if session.scalar(select(ReplyTemplate.id).where(ReplyTemplate.name == demo.name)) is not None:
        return
    session.add(
        ReplyTemplate(
            id=new_id(now),
            name=usable_name(demo.name, UnusableTemplate),
            text=usable_text(demo.text),
            status=demo.status.value if demo.status else None,
            created_by=ACTOR,
            updated_at=now,
        )
    )


def _add_step(case: ServiceRequest, source: Status | None, target: Status, at: datetime) -> None:
    if source is not None and (source, target) not in rules.BY_STEP:
        raise ValueError(f"{FILE}: {case.draft_id}: {source.value} cannot become {target.value}")
    case.changes.append(
        ServiceRequestChange(id=new_id(at), source=source, target=target, actor=ACTOR, created_at=at)
    )


def _add_message(case: ServiceRequest, text: str, at: datetime, *, internal: bool) -> None:
    case.messages.append(
        ServiceRequestMessage(
            id=new_id(at), author="official", internal=internal, text=text, told=not internal, created_at=at
        )
    )
