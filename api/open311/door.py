"""Everything under `/open311`, in the order in which an address is looked up."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request, Response

from api.open311 import describe, feeds, media, routes, updates
from api.open311.deps import BASE
from api.open311.errors import Open311Route, refused
from civic.service_requests.open311.errors import Reason

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def install(app: FastAPI) -> None:
    """Adds the interface to the application; `updates` adds its routes to those of `routes`."""
    assert updates.ROOT
    app.include_router(feeds.router)
    app.include_router(media.router)
    app.add_api_route(
        f"{BASE}/openapi.json", lambda: describe.document(app), include_in_schema=False, methods=["GET"]
    )
    app.include_router(routes.router)
    last = APIRouter(route_class=Open311Route, include_in_schema=False)
    last.add_api_route(BASE + "/{rest:path}", nothing, methods=METHODS, response_class=Response)
    app.include_router(last)


async def nothing(request: Request) -> Response:
    """What is not an address of the standard, or not with this method."""
    return refused(request, [Reason(404, "There is nothing here.")])
