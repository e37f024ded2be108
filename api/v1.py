"""The officials' API as one piece: the routes of every feature, problems, and the documentation."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts

import api.officials
from api import auth, docs, problems

PREFIX = "/api/v1"

TITLE = "Folkmoot: the officials' API"

DESCRIPTION = """
What citizens said, and what the town answers them.

1. **Sign in** with *Authorize*, or `POST /api/v1/token`; the token is good for a few minutes.
2. **Read** what came in: lists are filtered, sorted and paged.
3. **Reply**: an answer reaches the citizen in the channel they wrote from, even if they are away now.

Every change leaves an audit row. Every error is `application/problem+json` (RFC 9457): `code` is for
programs, `detail` says what is wrong, `remedy` what to do.

| role | may |
|---|---|
| viewer | read complaints, messages, feedback, open questions, survey results |
| agent | all of that, and work on them: change a status, reply, answer questions |
| designer | read feedback, survey answers, open questions; publish surveys, keep documents; no complaints |
| admin | everything, and read the audit |
"""

TAGS = [
    {"name": "Signing in", "description": "A name and a password for a short-lived token."},
    {"name": "Service requests", "description": "Complaints: what was reported, where it stands, replies."},
    {"name": "Surveys", "description": "What citizens answered."},
    {"name": "Documents", "description": "What questions are answered from, in versions."},
    {"name": "Questions", "description": "Questions that the assistant could not answer well."},
    {"name": "Feedback", "description": "What citizens think, and what they suggest."},
    {"name": "Enquiries", "description": "Messages of citizens who asked for a person."},
    {"name": "Privacy", "description": "How often citizens had their data deleted. Never who."},
    {"name": "Audit", "description": "Who did what and when. Nothing here can be changed."},
]


def feature_routers() -> Iterator[APIRouter]:
    """The router of each module in `api/officials`; a module without one is a mistake."""
    # Longer names first: fixed words such as `/export` must come before `/{number}`.
    found = sorted(pkgutil.iter_modules(api.officials.__path__), key=lambda one: one.name, reverse=True)
    for module in found:
        yield importlib.import_module(f"api.officials.{module.name}").router


def routes(app: FastAPI) -> list[RouteContext]:
    """Every route under `/api/v1`, with its full path."""
    return [route for route in iter_route_contexts(app.routes) if (route.path or "").startswith(PREFIX + "/")]


def install(app: FastAPI) -> None:
    """Adds everything under `/api` to the application."""
    problems.install(app)
    app.include_router(auth.router, prefix=PREFIX)
    for router in feature_routers():
        app.include_router(router, prefix=PREFIX)
    docs.install(app)
    app.add_api_route(
        "/api/openapi.json", lambda: _description(app), include_in_schema=False, methods=["GET"]
    )


def _description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of the officials' routes; web chat and webhooks are not theirs."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=TITLE, version=app.version, description=DESCRIPTION, tags=TAGS, routes=routes(app)
        )
        _name_our_problems(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _name_our_problems(schema: dict[str, Any]) -> None:
    """FastAPI describes wrong input in a shape of its own; what we answer is a problem."""
    for methods in schema["paths"].values():
        for operation in methods.values():
            said = operation["responses"].get("422", {})
            if "application/json" in said.get("content", {}):
                operation["responses"]["422"] = {
                    key: value for key, value in problems.documented(422)[422].items() if key != "model"
                }
    for name in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(name, None)
