"""Atom feeds of requests by type and area, with their places as GeoRSS points."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, Request, Response

from api.deps import Now, Parts
from api.open311.deps import BASE, Asked, private, viewer
from api.open311.errors import Open311Route
from civic.kit.db import page_session
from civic.kit.services import Services
from civic.service_requests.open311 import queries, rules, search
from civic.service_requests.open311.rules import fit
from civic.service_requests.open311.views import View
from civic.service_requests.services import ServiceList

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NAMESPACES = 'xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss"'

router = APIRouter(route_class=Open311Route, include_in_schema=False)


@router.get(f"{BASE}/requests.atom", response_class=Response)
def feed(request: Request, parts: Parts, asked: Asked, at: Now) -> Response:
    """The newest requests by filter; unchanged ones cost a reader nothing."""
    wanted = search.read_wanted(asked.fields, at, most=rules.FEED_ENTRIES)
    with page_session(parts.sessions) as session:
        rows = queries.page(session, wanted, private(parts))[: wanted.limit]
    newest = max((row.updated_at for row in rows), default=datetime(2000, 1, 1, tzinfo=UTC))
    seen = viewer(parts)
    views = [seen.request(row) for row in rows]
    address = parts.settings.site + request.url.path
    if request.url.query:
        address += f"?{request.url.query}"
    body = _feed(parts, _title(parts, wanted), address, views, newest).encode()
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(newest.replace(microsecond=0), usegmt=True),
        "Cache-Control": "public, max-age=60",
        "Access-Control-Allow-Origin": "*",
    }
    if _unchanged(request, headers["ETag"], newest):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


def _unchanged(request: Request, etag: str, newest: datetime) -> bool:
    """Whether the reader has this already; the exact mark counts before the time, as HTTP has it."""
    marks = request.headers.get("if-none-match")
    if marks is not None:
        return marks.strip() == "*" or etag in [mark.strip().removeprefix("W/") for mark in marks.split(",")]
    since = request.headers.get("if-modified-since")
    try:
        had = parsedate_to_datetime(since) if since else None
    except (ValueError, TypeError):
        return False
    if had is None:
        return False
    return newest.replace(microsecond=0) <= (had if had.tzinfo else had.replace(tzinfo=UTC))


def _title(parts: Services, wanted: queries.Wanted) -> str:
    """Whose problems, and of which types, areas and departments: a reader has several feeds side by side."""
    services = parts.get(ServiceList)
    of = [*map(services.name_of, wanted.service_codes), *wanted.areas]
    of += map(services.agency_name, wanted.agencies)
    return ", ".join([parts.text("service-requests-open311-feed-title"), *of])


def _feed(parts: Services, title: str, address: str, views: list[View], newest: datetime) -> str:
    site = parts.settings.site
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<feed {NAMESPACES}>",
        f"<title>{_text(title)}</title>",
        f"<id>{_text(address)}</id>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(fit(address))}/>',
        f"<updated>{rules.write_time(newest)}</updated>",
        f"<author><name>{_text(parts.settings.town)}</name></author>",
        *(_entry(site, view) for view in views),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _entry(site: str, view: View) -> str:
    number = view["service_request_id"]
    address = f"{site}{BASE}/requests/{number}"
    title = f"{view['service_name']}: {view['status_notes']}"
    lines = [
        "<entry>",
        f"<id>{_text(address)}</id>",
        f"<title>{_text(title)}</title>",
        f"<updated>{view['updated_datetime']}</updated>",
        f"<published>{view['requested_datetime']}</published>",
        f'<link rel="alternate" type="text/xml" href={quoteattr(address + ".xml")}/>',
        f"<category term={quoteattr(view['service_code'])} label={quoteattr(view['service_name'])}/>",
        f'<content type="text">{_text(_words(view))}</content>',
    ]
    if view["media_url"]:
        lines.append(f'<link rel="enclosure" href={quoteattr(fit(view["media_url"]))}/>')
    if view["lat"] is not None and view["long"] is not None:
        lines.append(f"<georss:point>{view['lat']} {view['long']}</georss:point>")
    return "\n".join([*lines, "</entry>"])


def _words(view: View) -> str:
    said: list[Any] = [view["description"], view["address"], view["agency_responsible"]]
    return "\n".join([str(each) for each in said if each])


def _text(text: str) -> str:
    return escape(fit(text))
