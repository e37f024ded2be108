"""Every error in the standard's form: a list of code and description, in the format that was asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from api.open311.formats import render, wanted_form
from civic.kit.errors import FolkmootError
from civic.service_requests.open311.errors import Reason, Refusal

log = logging.getLogger(__name__)

# The standard knows 400, 403 and 404; beyond those only what says when to come back, and our own faults.
KEPT = {400, 403, 404, 429, 503}


class Open311Route(APIRoute):
    """A route whose errors are the standard's; nothing of it reaches the handlers of the other doors."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except Refusal as refusal:
                after = refusal.retry_after
                return refused(request, refusal.reasons, {"Retry-After": str(after)} if after else None)
            except FolkmootError as error:
                status = error.status if error.status in KEPT else 400
                return refused(request, [Reason(status, error.detail)])
            except (RequestValidationError, HTTPException):
                return refused(request, [Reason(400, "This request cannot be read.")])
            except OperationalError as error:
                log.error("the database did not take a request: %s", type(error.orig).__name__)
                reason = Reason(503, "Nothing was changed. Try the same request again in a moment.")
                return refused(request, [reason], {"Retry-After": "5"})
            except Exception as error:
                log.error("unforeseen error at %s: %s", self.path, type(error).__name__)
                return refused(request, [Reason(500, "Something went wrong here; nothing was changed.")])

        return handle


def refused(request: Request, reasons: list[Reason], headers: Mapping[str, str] | None = None) -> Response:
    """A refusal as the standard writes it."""
    content = [{"code": reason.code, "description": reason.description} for reason in reasons]
    return render(content, "errors", wanted_form(request), reasons[0].code, headers)
