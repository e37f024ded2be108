"""One content in two formats: XML as the specification has it, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from fastapi import Request, Response

from civic.service_requests.open311.rules import fit

MEDIA_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

# What one element of each list is called in XML.
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "service_request_updates": "request_update",
    "updates": "update",
}


def render(
    content: Any, root: str, form: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A reply in a format; `root` is the name of the outermost XML element."""
    body = to_xml(root, content) if form == "xml" else json.dumps(content, ensure_ascii=False)
    # Public data without cookies: any page on the web may read it.
    sent = {"Access-Control-Allow-Origin": "*", "Vary": "Accept", **(headers or {})}
    return Response(body.encode(), status, sent, MEDIA_TYPES[form])


def to_xml(root: str, content: Any) -> str:
    """The content as an XML document."""
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n']
    _write(parts, root, content)
    return "".join(parts)


def _write(parts: list[str], name: str, content: Any) -> None:
    if content is None or content == "" or content == []:
        parts.append(f"<{name}/>")
        return
    parts.append(f"<{name}>")
    if isinstance(content, dict):
        for key, value in content.items():
            _write(parts, key, value)
    elif isinstance(content, list):
        for value in content:
            _write(parts, ITEMS[name], value)
    elif isinstance(content, bool):
        parts.append("true" if content else "false")
    else:
        parts.append(escape(fit(str(content))))
    parts.append(f"</{name}>")


def wanted_form(request: Request) -> str:
    """The format that is asked for: by the ending of the address, else by `Accept`, else XML."""
    ending = request.url.path.rpartition(".")[2]
    if ending in MEDIA_TYPES:
        return ending
    return "json" if _json_first(request.headers.get("accept", "")) else "xml"


def _json_first(accept: str) -> bool:
    def weight(*kinds: str) -> float:
        best = 0.0
        for part in accept.lower().split(","):
            kind, *options = (each.strip() for each in part.split(";"))
            if kind in kinds:
                quality = next((each[2:] for each in options if each.startswith("q=")), "1")
                try:
                    best = max(best, float(quality))
                except ValueError:
                    best = max(best, 0.0)
        return best

    return weight("application/json") > weight("text/xml", "application/xml")
