"""Nobody sees a page without signing in, and no form is taken that is not ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.pages import session as sessions
from civic.accounts.commands import disable, set_password
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.pages.conftest import Desk, DeskOf

pytestmark = pytest.mark.one_database

OPEN_TO_ALL = {"/officials/sign-in", "/officials/static/{name}"}


def pages(web: TestClient) -> list[tuple[str, str]]:
    """Every route of the pages, with its method."""
    return [
        (method, route.path)
        for route in iter_route_contexts(web.app.routes)  # type: ignore[attr-defined]
        if (route.path or "").startswith("/officials")
        for method in route.methods or ()
    ]


def test_every_page_sends_a_stranger_to_the_sign_in(web: TestClient) -> None:
    strict = TestClient(web.app, follow_redirects=False)
    closed = [one for one in pages(web) if one[1] not in OPEN_TO_ALL]
    assert len(closed) >= 2
    led = {one: strict.request(one[0], one[1]).headers.get("location", "") for one in closed}
    assert [one for one, place in led.items() if not place.startswith("/officials/sign-in?next=")] == []


def test_every_form_without_its_token_is_refused(web: TestClient, desk_of: DeskOf) -> None:
    desk = desk_of(Role.ADMIN)
    posts = [path for method, path in pages(web) if method == "POST"]
    assert len(posts) >= 2
    for token in (None, "0" * 64):
        answers = {path: desk.web.post(path, data={"csrf": token} if token else {}) for path in posts}
        assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(posts, 403)
        assert all("no longer good" in answer.text for answer in answers.values())


def test_a_token_of_another_session_is_refused(desk_of: DeskOf) -> None:
    one, other = desk_of(Role.AGENT), desk_of(Role.VIEWER)
    token = one.form("/officials/sign-out").fields["csrf"]
    assert other.web.post("/officials/sign-out", data={"csrf": token}).status_code == 403


@pytest.mark.both_databases
def test_signing_in_leads_to_where_one_wanted_to_go_and_is_in_the_audit(
    services: Services, desk_of: DeskOf
) -> None:
    desk = desk_of(Role.AGENT)
    desk.sends("/officials/sign-out")
    assert desk.path == "/officials/sign-in" and "You are signed out." in desk.text
    desk.signs_in(Role.AGENT.value, at="/officials?view=late")
    assert str(desk.answer.url).endswith("/officials?view=late")
    with services.sessions() as session:
        assert "official:sign_in:official" in [row.tag for row in session.query(AuditRow)]


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/officials",
        "//evil.example/officials",
        "/\\evil.example",
        "/officials//evil.example",
        "/officialsx",
        "/officials/../chat",
        "/officials/sign-out",
        "javascript:alert(1)",
        "/officials\n/x",
        "",
    ],
)
def test_signing_in_leads_to_no_other_site(wanted: str) -> None:
    assert sessions.safe_next(wanted) == "/officials"


def test_a_page_of_the_desk_is_where_one_may_be_led() -> None:
    assert sessions.safe_next("/officials/service-requests?sort=oldest") == (
        "/officials/service-requests?sort=oldest"
    )


@pytest.mark.both_databases
def test_a_wrong_password_is_refused_beside_the_form_and_makes_the_next_tries_wait(desk_of: DeskOf) -> None:
    desk = desk_of(Role.AGENT)
    desk.sends("/officials/sign-out")
    for _ in range(5):
        desk.signs_in(Role.AGENT.value, "wrong wrong wrong")
        assert desk.answer.status_code == 401 and "is not right" in desk.text
        assert desk.form("/officials/sign-in").fields["name"] == "agent"
    desk.signs_in(Role.AGENT.value)
    assert desk.answer.status_code == 429 and int(desk.answer.headers["retry-after"]) > 0


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["disabled", "password"])
def test_a_session_ends_when_access_changes(services: Services, desk_of: DeskOf, change: str) -> None:
    desk = desk_of(Role.AGENT)
    with services.sessions.begin() as session:
        if change == "disabled":
            disable(session, "agent", services.clock.now())
        else:
            set_password(session, "agent", "nine violet umbrellas")
    assert desk.opens("/officials").url.path == "/officials/sign-in"


@pytest.mark.both_databases
def test_a_session_lasts_while_it_is_used_and_no_longer(clock: SettableClock, desk_of: DeskOf) -> None:
    desk = desk_of(Role.AGENT)
    for _ in range(3):
        clock.advance(timedelta(hours=6))
        assert desk.opens("/officials").url.path == "/officials"
    form = desk.form("/officials/sign-out")
    clock.advance(timedelta(hours=7))
    desk.opens("/officials")
    assert desk.submits(form).url.path == "/officials/sign-in", "a form opened before stays good"
    desk.signs_in("agent")
    clock.advance(timedelta(hours=9))
    assert desk.opens("/officials").url.path == "/officials/sign-in"


def test_the_cookie_is_for_nobody_else(web: TestClient, desk_of: DeskOf) -> None:
    desk_of(Role.AGENT)
    desk = Desk(web)
    desk.web.follow_redirects = False
    cookies = desk.signs_in("agent").headers.get_list("set-cookie")
    said = next(one for one in cookies if one.startswith(sessions.COOKIE))
    assert "HttpOnly" in said and "SameSite=lax" in said and "Path=/officials" in said
    assert "Secure" not in said
    desk = Desk(web)
    desk.web.base_url = "https://testserver"
    desk.web.follow_redirects = False
    cookies = desk.signs_in("agent").headers.get_list("set-cookie")
    assert all("Secure" in one for one in cookies if "Max-Age=0" not in one)


def test_a_page_session_opens_no_api_and_a_token_no_page(
    web: TestClient, desk_of: DeskOf, signed_in: object
) -> None:
    desk = desk_of(Role.AGENT)
    cookie = desk.web.cookies[sessions.COOKIE]
    assert web.get("/api/v1/me", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
    answer = web.post("/api/v1/token", data={"username": "agent", "password": "seven hedgehogs dance"})
    stranger = Desk(web)
    stranger.web.cookies.set(sessions.COOKIE, answer.json()["access_token"], path="/officials")
    assert stranger.opens("/officials").url.path == "/officials/sign-in"


def test_pages_are_kept_by_nobody_and_run_nothing_inline(desk_of: DeskOf) -> None:
    desk = desk_of(Role.ADMIN)
    assert desk.answer.headers["cache-control"] == "no-store"
    policy = desk.answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert desk.page.xpath("//script[not(@src)] | //style | //*[@style] | //*[@onclick]") == []


def test_a_page_that_is_not_there_says_so_in_the_same_look(desk_of: DeskOf) -> None:
    desk = desk_of(Role.ADMIN)
    desk.opens("/officials/nowhere")
    assert desk.answer.status_code == 404 and "There is nothing here" in desk.text
    assert desk.page.xpath("//a[@class='brand']")


def test_the_stylesheet_and_the_script_are_served(web: TestClient) -> None:
    for name, kind in (("officials.css", "text/css"), ("desk.js", "text/javascript")):
        answer = web.get(f"/officials/static/{name}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(kind)
    assert web.get("/officials/static/../shell.py").status_code == 404
