"""Reply templates: the words that are written often, kept by those who write them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.cases import STATUS_WORDS
from api.pages.service_requests import Worker
from api.pages.session import HOME
from api.pages.shell import go, nav, render
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.services import Services
from civic.service_requests.desk import templates
from civic.service_requests.desk.errors import UnusableTemplate
from civic.service_requests.desk.rules import PLACEHOLDERS
from civic.service_requests.desk.templates import Wording
from civic.service_requests.rules import TRANSITIONS, Status
from civic.service_requests.services import ServiceList

PATH = f"{HOME}/templates"
router = APIRouter(prefix=PATH, include_in_schema=False)
nav(PATH, "Templates", Permission.CASES_WORK, order=12)

TOLD = {step.target for step in TRANSITIONS if step.told}


@router.get("")
def all_templates(request: Request, who: Worker, db: Db, parts: Parts) -> Response:
    """Every template, and a form for a new one."""
    return _page(request, db, parts, who)


@router.get("/{template_id}")
def one_template(request: Request, template_id: str, who: Worker, db: Db, parts: Parts) -> Response:
    """One template in the form."""
    one = templates.one(db, who, template_id[:26], to_change=True)
    filled = {"name": one.name, "text": one.text, "agency": one.agency, "status": one.status}
    return _page(request, db, parts, who, one=one, filled={**filled, "service_code": one.service_code})


@router.post("")
@router.post("/{template_id}")
def keep(
    request: Request,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    template_id: str = "",
    name: Annotated[str, Form(max_length=200)] = "",
    text: Annotated[str, Form(max_length=4000)] = "",
    agency: Annotated[str, Form(max_length=50)] = "",
    service_code: Annotated[str, Form(max_length=50)] = "",
    status: Annotated[str, Form(max_length=24)] = "",
) -> Response:
    """Keeps what was typed as a new template, or in place of an old one."""
    step = Status(status) if status in TOLD else None
    wording = Wording(name, text, agency or None, service_code or None, step)
    services = parts.get(ServiceList)
    try:
        with db.begin_nested():
            kept = templates.keep(db, who, wording, services, at, template_id[:26] or None)
    except UnusableTemplate as error:
        errors = {str(error.params.get("field", "form")): f"{error.detail} {error.remedy}".strip()}
        filled = {
            "name": name,
            "text": text,
            "agency": agency,
            "service_code": service_code,
            "status": status,
        }
        one = templates.one(db, who, template_id[:26]) if template_id else None
        return _page(request, db, parts, who, one=one, filled=filled, errors=errors, status=422)
    return go(request, PATH, f"The template “{kept.name}” is kept.")


@router.post("/{template_id}/delete")
def drop(request: Request, template_id: str, who: Worker, db: Db, at: Now) -> Response:
    """Deletes a template."""
    templates.drop(db, who, template_id[:26], at)
    return go(request, PATH, "The template is deleted.")


def _page(
    request: Request, db: Session, parts: Services, who: Official, status: int = 200, **more: Any
) -> Response:
    services = parts.get(ServiceList)
    return render(
        request,
        "service_requests_templates.html",
        status=status,
        **{"one": None, **more},
        templates=templates.usable_by(db, who),
        services=services,
        types=[(one.service_code, one.service_name) for one in services.services],
        agencies=[] if who.agency else list(services.agencies.items()),
        steps=[(one.value, STATUS_WORDS[one]) for one in Status if one in TOLD],
        placeholders=PLACEHOLDERS,
        base=PATH,
    )
