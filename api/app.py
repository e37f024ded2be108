"""The web application: every door of one process, put together."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from fastapi import APIRouter, FastAPI

import api.pages
import api.public
from api import v1
from api.headers import SecurityHeaders
from api.open311 import door as open311
from api.pages import problems as page_problems
from api.routing import find_quickly
from civic.kit.services import Services


def routers(package: str, path: Iterable[str]) -> list[APIRouter]:
    """The `router` of every module in a package."""
    found = []
    for module in pkgutil.iter_modules(path, package + "."):
        router = getattr(importlib.import_module(module.name), "router", None)
        if router is not None:
            found.append(router)
    return found


def create_app(services: Services, extra: Iterable[APIRouter] = ()) -> FastAPI:
    """The application over `services`; `extra` are routers of other doors (web chat, action webhook)."""
    # The description of the API and the page that shows it are served by `api.v1`, without other sites.
    app = FastAPI(title="Folkmoot", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.services = services
    app.add_middleware(SecurityHeaders)
    v1.install(app)
    open311.install(app)
    page_problems.install(app)
    for router in routers("api.public", api.public.__path__) + routers("api.pages", api.pages.__path__):
        app.include_router(router)
    for router in extra:
        app.include_router(router)
    find_quickly(app)
    return app
