"""Routes are found quickly, and they are the same routes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Match
from starlette.testclient import TestClient

from api.app import create_app
from api.routing import find_quickly


def scope(path: str, method: str = "GET", root_path: str = "") -> dict[str, Any]:
    return {"type": "http", "path": path, "method": method, "root_path": root_path, "headers": []}


def test_every_path_is_found_by_the_same_routers_as_without() -> None:
    app = create_app(None)  # type: ignore[arg-type]
    routers: list[Any] = [one for one in app.router.routes if hasattr(one, "effective_route_contexts")]
    assert len(routers) > 20 and all("matches" in vars(one) for one in routers)
    # One path of each router: which of its own routes it takes is its own affair.
    contexts = [next(iter(one.effective_route_contexts())) for one in routers]
    paths = [(context.starlette_route or context).path for context in contexts]
    for path in {re.sub(r"{[^}]*}", "x1", path) for path in paths} | {"/", "/nowhere", "/api", ""}:
        for method in ("GET", "DELETE"):
            quick = [one.matches(scope(path, method))[0] for one in routers]
            plain = [type(one).matches(one, scope(path, method))[0] for one in routers]
            assert quick == plain, path


def test_a_router_is_not_asked_about_paths_that_cannot_be_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    router, app = APIRouter(prefix="/bins"), FastAPI()

    @router.get("/{number}")
    def bin_of(number: str) -> str:
        return number

    app.include_router(router)
    included: Any = app.router.routes[-1]
    asked: list[str] = []
    plain = included.matches

    def noted(scope: dict[str, Any]) -> Any:
        asked.append(scope["path"])
        return plain(scope)

    included.matches = noted
    find_quickly(app)
    assert included.matches is noted  # what stands there already is left alone
    del included.matches
    monkeypatch.setattr(type(included), "matches", lambda self, scope: noted(scope))
    find_quickly(app)
    assert included.matches(scope("/buses/7"))[0] is Match.NONE and asked == []
    assert included.matches(scope("/bins/7"))[0] is Match.FULL and asked == ["/bins/7"]
    # Behind a proxy that adds a path of its own nothing is concluded from the beginning.
    assert included.matches(scope("/town/bins/7", root_path="/town"))[0] is Match.FULL


def test_addresses_work_below_a_path_of_a_proxy() -> None:
    router, app = APIRouter(prefix="/bins"), FastAPI()

    @router.get("/{number}")
    def bin_of(number: str) -> str:
        return number

    app.include_router(router)
    find_quickly(app)
    assert TestClient(app).get("/bins/7").json() == "7"
    assert TestClient(app, root_path="/town").get("/bins/7").json() == "7"
