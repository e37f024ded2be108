"""The standard's own methods: discovery, services, definitions, requests, tokens."""

from __future__ import annotations

from collections.abc import Callable
from random import SystemRandom
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.deps import Now, Parts
from api.open311 import describe
from api.open311.deps import BASE, Asked, Form, Posted, Sent, private, viewer
from api.open311.errors import Open311Route
from api.open311.formats import render
from civic.kit.db import page_session
from civic.kit.files import FileStore
from civic.kit.ids import new_secret
from civic.kit.images import CleanImage, clean
from civic.kit.personal_data import find, redact
from civic.kit.services import Services
from civic.service_requests.areas import Areas
from civic.service_requests.open311 import commands, keys, queries, rules, search, updates, views
from civic.service_requests.open311.errors import refuse
from civic.service_requests.open311.models import Open311Key
from civic.service_requests.open311.submission import Submission, read_submission
from civic.service_requests.services import ServiceList

CHANGESET = "2026-11-22T00:00:00Z"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"

router = APIRouter(route_class=Open311Route)


def route(method: str, path: str, **described: Any) -> Callable[[Any], Any]:
    """A route with its two forms of address: with the format as an ending, and without."""

    def add(handler: Any) -> Any:
        summary = handler.__name__.replace("_", " ").capitalize()
        options = {"methods": [method], "response_class": Response, "summary": summary}
        extra = describe.operation(path, method, **described)
        router.add_api_route(
            f"{BASE}{path}.{{format}}", handler, openapi_extra=extra, name=handler.__name__, **options
        )
        hidden = {**options, "methods": [method, "HEAD"] if method == "GET" else [method]}
        router.add_api_route(f"{BASE}{path}.{{format}}", handler, include_in_schema=False, **hidden)
        router.add_api_route(f"{BASE}{path}", handler, include_in_schema=False, **hidden)
        return handler

    return add


@route("GET", "/discovery", replies="discovery")
def discovery(parts: Parts, form: Form) -> Response:
    """Says where the interface is, and in which formats it answers."""
    settings = parts.settings
    content = {
        "changeset": CHANGESET,
        "contact": f"{settings.town}, {settings.council_phone}",
        "key_service": f"{settings.town}, {settings.council_phone}",
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": settings.site + BASE,
                "changeset": CHANGESET,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return render(content, "discovery", form)


router.add_api_route(
    "/open311/discovery.{format}", discovery, include_in_schema=False, response_class=Response
)


@route("GET", "/services", replies="services")
def list_services(parts: Parts, asked: Asked, form: Form) -> Response:
    """The types of requests that can be sent."""
    return render(viewer(parts).services_view(), "services", form)


@route("GET", "/services/{service_code}", replies="service_definition")
def service_definition(service_code: str, parts: Parts, asked: Asked, form: Form) -> Response:
    """The questions that belong to a type of request."""
    service = parts.get(ServiceList).find(service_code)
    if service is None:
        raise refuse(404, "There is no service with this service_code.")
    return render(views.definition(service), "service_definition", form)


@route("GET", "/requests", replies="requests", takes=describe.FILTERS)
def list_requests(request: Request, parts: Parts, asked: Asked, form: Form, at: Now) -> Response:
    """Requests by filter, newest first: of the last 90 days and at most 1000, where nothing else is said."""
    wanted = search.read_wanted(asked.fields, at)
    with page_session(parts.sessions) as session:
        rows = queries.page(session, wanted, private(parts))
        more = len(rows) > wanted.limit
        content = _extended(parts, session, rows[: wanted.limit], asked)
    headers = {}
    if more:
        # Whatever the page was: it can only have been reached by a number.
        address = request.url.include_query_params(page=wanted.offset // wanted.limit + 2)
        headers["Link"] = f'<{parts.settings.site}{address.path}?{address.query}>; rel="next"'
    return render(content, "service_requests", form, headers=headers)


@route("GET", "/requests/{service_request_id}", replies="requests", takes=describe.EXTENSIONS)
def read_request(service_request_id: str, parts: Parts, asked: Asked, form: Form) -> Response:
    """One request by its number."""
    number = search.stored_number(rules.fit(service_request_id))
    with page_session(parts.sessions) as session:
        rows = queries.page(session, queries.Wanted(numbers=[number], limit=1), private(parts))
        if not rows:
            raise refuse(404, "There is no request with this service_request_id.")
        content = _extended(parts, session, rows, asked)
    return render(content, "service_requests", form)


def _extended(parts: Services, session: Session, rows: Any, asked: Sent) -> list[views.View]:
    """The requests in the standard's words; with `extensions=true` also our status and the updates."""
    seen = viewer(parts)
    content = [seen.request(row) for row in rows]
    if (asked.one("extensions") or "").lower() not in ("true", "1", "v1") or not rows:
        return content
    ids = [row.id for row in rows]
    limit = rules.MOST_REQUESTS * 10
    by_number: dict[str, list[views.View]] = {}
    for update in seen.updates(
        updates.changes(session, request_ids=ids, limit=limit),
        updates.replies(session, request_ids=ids, limit=limit),
        limit,
    ):
        by_number.setdefault(update["service_request_id"], []).append(update)
    for view, row in zip(content, rows, strict=True):
        view["extended_attributes"] = {
            "detailed_status": row.status.value,
            "updates": by_number.get(row.service_request_id, []),
        }
    return content


@route("POST", "/requests", replies="created", form=describe.SUBMISSION)
def send_request(posted: Posted, parts: Parts, form: Form, at: Now) -> Response:
    """Sends a request; its number comes back at once. Needs a key."""
    key = used_key(parts, posted)
    sent = read_submission(posted.fields, parts.get(ServiceList), parts.get(Areas))
    photos = _clean(parts, posted)
    number, service_notice, new = _file(parts, key, sent, photos, at)
    content = [
        {
            "service_request_id": number,
            "service_notice": service_notice,
            "account_id": sent.contact.get("account_id"),
        }
    ]
    headers = {"Location": f"{parts.settings.site}{BASE}/requests/{number}.{form}"}
    return render(content, "service_requests", form, 201 if new else 200, headers)


def used_key(parts: Services, posted: Sent) -> Open311Key:
    """The key that was sent; that it was used counts whatever comes of the request."""
    with parts.sessions.begin() as session:
        limit = parts.settings.open311_requests_per_minute
        return keys.use_key(session, posted.one("api_key"), limit, parts.clock.now())


def _clean(parts: Services, posted: Sent) -> list[tuple[str, CleanImage]]:
    largest = parts.settings.max_attachment_megabytes * 1024 * 1024
    return [(new_secret(18), clean(data, largest)) for data in posted.files]


def _file(
    parts: Services, key: Open311Key, sent: Submission, photos: list[tuple[str, CleanImage]], at: Any
) -> tuple[str, str, bool]:
    """Files what was sent; photos' files lie there before the case does, and go when it does not come."""
    settings, files = parts.settings, parts.get(FileStore)
    personal = find(sent.description, settings.region, (settings.council_phone,))
    public = redact(sent.description, personal, lambda kind: "…")
    kept = False
    try:
        for attachment_id, image in photos:
            files.put(attachment_id, image.data)
        with parts.sessions.begin() as session:
            case, new = commands.file_submission(
                session,
                key,
                sent,
                photos,
                public=public,
                language=parts.settings.default_language,
                calendar=parts.get(ServiceList).calendar,
                now=at,
                random=SystemRandom(),
            )
            notice = viewer(parts).notice(case.agency, case.expected_on)
        kept = new
    finally:
        if not kept:
            for attachment_id, _ in photos:
                files.delete(attachment_id)
    if rules.is_danger(sent.description, parts.get(ServiceList).danger_phrases):
        notice = f"{parts.text('service-requests-open311-danger')} {notice}"
    return case.service_request_id, notice, new


@route("GET", "/tokens/{token}", replies="token")
def request_of_a_token(token: str, parts: Parts, asked: Asked, form: Form) -> Response:
    """The number of the request that was sent with a token of the sender's own."""
    with page_session(parts.sessions) as session:
        number = queries.by_token(session, token) if rules.usable_token(token) else None
    if number is None:
        raise refuse(404, "There is no request with this token.")
    return render([{"service_request_id": number, "token": token}], "service_requests", form)
