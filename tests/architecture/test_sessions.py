"""A request's transaction is committed before its answer leaves, whichever route it is."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.testclient import TestClient

from api import deps
from api.v1 import routes


def sessions(dependant: Dependant) -> Iterator[str | None]:
    if dependant.call is deps.session:
        yield dependant.scope
    for inner in dependant.dependencies:
        yield from sessions(inner)


def test_no_route_commits_after_its_answer(web: TestClient) -> None:
    scopes = {
        route.path: set(sessions(route.dependant))
        for route in routes(web.app)  # type: ignore[arg-type]
    }
    assert len([path for path, found in scopes.items() if found]) >= 10
    assert {path: found for path, found in scopes.items() if found - {"function"}} == {}
