"""Officials in front of the pages: a browser without scripts that keeps cookies and fills in forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from fastapi.testclient import TestClient
from lxml import html
from sqlalchemy import select

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.kit.services import Services
from civic.service_requests.demo import load_demo
from civic.service_requests.models import ServiceRequest
from tests.office import PASSWORD


class Desk:
    """One browser. `opens` a page, `sends` a form of it by its address, and sees where it was led."""

    def __init__(self, web: TestClient) -> None:
        self.web = TestClient(web.app, raise_server_exceptions=False, follow_redirects=True)
        self.answer: httpx.Response = self.web.get("/officials/sign-in")

    def signs_in(self, name: str, password: str = PASSWORD, at: str = "/officials/sign-in") -> httpx.Response:
        self.opens(at)
        return self.sends("/officials/sign-in", name=name, password=password)

    def opens(self, path: str) -> httpx.Response:
        self.answer = self.web.get(path, headers={"accept": "text/html"})
        return self.answer

    def sends(self, where: str, /, **fields: Any) -> httpx.Response:
        """Submits the form of the page that goes to `where`, with its hidden fields."""
        return self.submits(self.form(where), **fields)

    def submits(self, form: Any, /, **fields: Any) -> httpx.Response:
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        data |= fields
        action = urljoin(str(self.answer.url), form.get("action") or str(self.answer.url))
        if form.get("method", "get").lower() == "post":
            self.answer = self.web.post(action, data=data, headers={"accept": "text/html"})
        else:
            self.answer = self.web.get(action, params=data, headers={"accept": "text/html"})
        return self.answer

    def form(self, action: str) -> Any:
        found = [form for form in self.page.forms if (form.get("action") or "") == action]
        assert found, f"no form goes to {action}: {[form.get('action') for form in self.page.forms]}"
        return found[0]

    @property
    def page(self) -> Any:
        return html.fromstring(self.answer.text)

    @property
    def path(self) -> str:
        return self.answer.url.path

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", str(self.page.text_content())).strip()

    @property
    def navigation(self) -> list[str]:
        return [link.text_content() for link in self.page.xpath("//nav//a")]


DeskOf = Callable[..., Desk]


@pytest.fixture
def desk_of(services: Services, web: TestClient) -> DeskOf:
    """A browser in which an official of a role is signed in; made when first asked for."""

    def made(role: Role, name: str | None = None, agency: str | None = None) -> Desk:
        with services.sessions.begin() as session:
            add_official(session, name or role.value, role, PASSWORD, services.clock.now(), agency)
        desk = Desk(web)
        assert desk.signs_in(name or role.value).status_code == 200, desk.text
        return desk

    return made


@pytest.fixture
def cases(services: Services, web: object) -> dict[str, str]:
    """The demonstration's cases on the desk: their keys, and their numbers."""
    with services.sessions.begin() as session:
        load_demo(session, services.clock.now(), services)
        rows = session.execute(select(ServiceRequest.draft_id, ServiceRequest.service_request_id))
        return {str(key).removeprefix("demo-"): number for key, number in rows}


@pytest.fixture
def pothole(cases: dict[str, str]) -> str:
    return cases["pothole-mill-lane"]
