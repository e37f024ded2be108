"""Officials sign in with a name and a password, and lose access the moment it is taken away."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api import tokens
from civic.accounts import commands
from civic.accounts.rules import FREE_TRIES, Role
from civic.audit.models import AuditRow
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.office import PASSWORD

HeadersOf = Callable[[Role], dict[str, str]]


def token(web: TestClient, name: str = "agent", password: str = PASSWORD) -> int:
    return web.post("/api/v1/token", data={"username": name, "password": password}).status_code


def me(web: TestClient, headers: dict[str, str]) -> int:
    return web.get("/api/v1/me", headers=headers).status_code


def test_who_signs_in_is_told_who_they_are_and_what_they_may_do(
    web: TestClient, signed_in: HeadersOf
) -> None:
    answer = web.get("/api/v1/me", headers=signed_in(Role.DESIGNER))
    assert answer.status_code == 200
    assert answer.json()["name"] == "designer"
    assert answer.json()["permissions"] == [
        "feedback:read",
        "knowledge:approve",
        "knowledge:work",
        "questions:read",
        "surveys:read",
        "surveys:work",
    ]
    assert "password" not in answer.text


def test_a_wrong_password_and_an_unknown_name_are_the_same_refusal(
    web: TestClient, signed_in: HeadersOf
) -> None:
    signed_in(Role.AGENT)
    wrong = web.post("/api/v1/token", data={"username": "agent", "password": "not this one"})
    unknown = web.post("/api/v1/token", data={"username": "nobody", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.headers["www-authenticate"] == "Bearer"


def test_a_token_ends_after_a_quarter_of_an_hour(
    web: TestClient, signed_in: HeadersOf, clock: SettableClock
) -> None:
    agent = signed_in(Role.AGENT)
    clock.advance(timedelta(minutes=14, seconds=59))
    assert me(web, agent) == 200
    clock.advance(timedelta(seconds=1))
    answer = web.get("/api/v1/me", headers=agent)
    assert (answer.status_code, answer.json()["detail"]) == (401, "This token has expired.")


def test_a_disabled_official_loses_access_at_once(
    web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    agent = signed_in(Role.AGENT)
    with services.sessions.begin() as session:
        commands.disable(session, "agent", services.clock.now())
    assert me(web, agent) == 401
    assert token(web) == 401


def test_a_new_password_ends_the_old_token(web: TestClient, signed_in: HeadersOf, services: Services) -> None:
    agent = signed_in(Role.AGENT)
    with services.sessions.begin() as session:
        commands.set_password(session, "agent", "nine owls whistle")
    assert me(web, agent) == 401
    assert token(web, password="nine owls whistle") == 200


@pytest.mark.one_database
@pytest.mark.parametrize(
    "made",
    [
        lambda claims, secret: jwt.encode(claims, "x" * 40, "HS256"),
        lambda claims, secret: jwt.encode(claims, None, "none"),
        lambda claims, secret: jwt.encode({**claims, "aud": "somebody else"}, secret, "HS256"),
        lambda claims, secret: jwt.encode({**claims, "sub": "01JUNKNOWN"}, secret, "HS256"),
        lambda claims, secret: jwt.encode({**claims, "ver": 99}, secret, "HS256"),
        lambda claims, secret: jwt.encode({**claims, "ver": "one"}, secret, "HS256"),
        lambda claims, secret: jwt.encode({k: claims[k] for k in claims if k != "exp"}, secret, "HS256"),
        lambda claims, secret: "not.a.token",
        lambda claims, secret: "",
        lambda claims, secret: "\x00" * 9,
    ],
)
def test_a_token_that_we_did_not_make_is_worth_nothing(
    web: TestClient, signed_in: HeadersOf, services: Services, made: Callable[[dict[str, object], str], str]
) -> None:
    secret = services.settings.secret("secret_key")
    good = signed_in(Role.ADMIN)["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(good, secret, ["HS256"], audience=tokens.AUDIENCE, options={"verify_exp": False})
    forged = made(claims, secret)
    assert forged != good
    assert me(web, {"Authorization": f"Bearer {forged}"}) == 401


@pytest.mark.one_database
@pytest.mark.parametrize("header", ["", "Bearer", "Basic YWdlbnQ6eA==", "Token abc"])
def test_a_request_without_a_token_is_told_to_sign_in(web: TestClient, header: str) -> None:
    answer = web.get("/api/v1/me", headers={"Authorization": header})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_guessing_has_to_wait_and_is_told_how_long(
    web: TestClient, signed_in: HeadersOf, clock: SettableClock
) -> None:
    signed_in(Role.AGENT)
    assert [token(web, password="a guess") for _ in range(FREE_TRIES + 1)] == [401] * (FREE_TRIES + 1)
    answer = web.post("/api/v1/token", data={"username": "agent", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert answer.json()["code"] == "sign_in_too_often"
    clock.advance(timedelta(seconds=31))
    assert token(web) == 200
    # Proving right starts the count anew.
    assert token(web, password="a guess") == 401
    assert token(web) == 200


def test_sign_ins_are_audited_both_the_good_and_the_refused(
    web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    signed_in(Role.AGENT)
    token(web, password="a guess")
    token(web, name="nobody")
    with services.sessions() as session:
        tags = session.scalars(select(AuditRow.tag).order_by(AuditRow.id)).all()
    assert sorted(tags) == ["official:sign_in:official", "sign_in:refuse:official"]


@pytest.mark.one_database
def test_an_endless_password_is_refused_as_fast_as_any(web: TestClient, signed_in: HeadersOf) -> None:
    signed_in(Role.AGENT)
    started = time.perf_counter()
    assert token(web, password="x" * 900_000) == 401
    assert time.perf_counter() - started < 5


@pytest.mark.one_database
def test_neither_name_nor_password_is_logged(
    web: TestClient, signed_in: HeadersOf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    signed_in(Role.AGENT)
    token(web, name="my.secret.name", password="my secret password")
    assert "my.secret" not in caplog.text and "my secret" not in caplog.text and PASSWORD not in caplog.text
