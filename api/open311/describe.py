"""The OpenAPI description of the Open311 routes, whose fields are read by the standard's own rules."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from api.open311.deps import BASE
from civic.service_requests.open311 import rules

TITLE = "Folkmoot: Open311 GeoReport v2"
DESCRIPTION = """
What citizens report, for other systems: read by anybody, sent with an `api_key`. The specification is at
http://wiki.open311.org/GeoReport_v2. Addresses end in `.xml` or `.json`; without an ending `Accept` decides.
"""

Schema = dict[str, Any]


def _object(required: str, /, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties}


def _text(description: str = "") -> Schema:
    return {"type": "string", "description": description} if description else {"type": "string"}


def _maybe(kind: str = "string", **more: Any) -> Schema:
    return {"type": [kind, "null"], **more}


def _list(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


STATUS: Schema = {"type": "string", "enum": ["open", "closed"]}
TIME: Schema = {"type": "string", "format": "date-time"}

SCHEMAS: dict[str, Schema] = {
    "Error": _object("code description", code={"type": "integer"}, description=_text()),
    "Discovery": _object(
        "changeset contact key_service endpoints",
        changeset=TIME,
        contact=_text(),
        key_service=_text(),
        endpoints={"type": "array", "items": {"type": "object"}},
    ),
    "Service": _object(
        "service_code service_name metadata type",
        service_code=_text(),
        service_name=_text(),
        description=_maybe(),
        metadata={"type": "boolean"},
        type={"type": "string", "enum": ["realtime", "batch", "blackbox"]},
        keywords=_maybe(),
        group=_maybe(),
    ),
    "ServiceDefinition": _object(
        "service_code attributes",
        service_code=_text(),
        attributes={
            "type": "array",
            "items": _object(
                "variable code datatype required",
                variable={"type": "boolean"},
                code=_text(),
                datatype=_text(),
                required={"type": "boolean"},
                datatype_description=_maybe(),
                order={"type": "integer"},
                description=_maybe(),
                values={"type": "array", "items": _object("key name", key=_text(), name=_text())},
            ),
        },
    ),
    "Request": _object(
        "service_request_id status service_code requested_datetime",
        service_request_id=_text(),
        status=STATUS,
        status_notes=_maybe(),
        service_name=_maybe(),
        service_code=_text(),
        description=_maybe(maxLength=rules.MAX_DESCRIPTION),
        agency_responsible=_maybe(),
        service_notice=_maybe(),
        requested_datetime=TIME,
        updated_datetime=_maybe(format="date-time"),
        expected_datetime=_maybe(format="date-time"),
        address=_maybe(),
        address_id=_maybe(),
        zipcode=_maybe(),
        lat=_maybe("number"),
        long=_maybe("number"),
        media_url=_maybe(),
        extended_attributes={"type": "object"},
    ),
    "Created": _object(
        "service_request_id",
        service_request_id=_text(),
        service_notice=_maybe(),
        account_id=_maybe(),
    ),
    "Token": _object("service_request_id token", service_request_id=_text(), token=_text()),
    "Update": _object(
        "update_id service_request_id status updated_datetime",
        update_id=_text(),
        service_request_id=_text(),
        status=STATUS,
        updated_datetime=TIME,
        description=_maybe(),
        media_url=_maybe(),
    ),
    "UpdateSent": _object("update_id", update_id=_text()),
}

REPLIES: dict[str, Schema] = {
    "discovery": {"$ref": "#/components/schemas/Discovery"},
    "services": _list("Service"),
    "service_definition": {"$ref": "#/components/schemas/ServiceDefinition"},
    "requests": _list("Request"),
    "created": _list("Created"),
    "token": _list("Token"),
    "updates": _list("Update"),
    "update_sent": _list("UpdateSent"),
}

WINDOW = {
    "start_date": "From this time on; a window of 90 days at most.",
    "end_date": "Until this time.",
}
NEAR = {"lat": "Of a circle, in degrees.", "long": "Of a circle.", "radius": "Of a circle, in metres."}
EXTENSIONS = {"extensions": "`true`: also our own status, and what happened."}
UPDATE_FILTERS = {"service_request_id": "One or several, separated by commas.", **WINDOW}
FEED_FILTERS = {
    "service_code": "One or several, separated by commas.",
    "status": "`open`, `closed` or both.",
    "area": "One or several areas of the town by name, separated by commas.",
    "agency": "One or several departments by code, separated by commas.",
    **NEAR,
}
FILTERS = {
    "service_request_id": "One or several, separated by commas; overrides everything else.",
    **FEED_FILTERS,
    **WINDOW,
    "updated_after": "Changed from this time on.",
    "updated_before": "Changed until this time.",
    "page": "From 1 on.",
    "page_size": f"At most {rules.MOST_REQUESTS}, which is also the default.",
    **EXTENSIONS,
}
KEY = {"api_key": "The key of the sending system."}
SUBMISSION = {
    **KEY,
    "service_code": "The type, from the list of services.",
    "lat": "Latitude; lat and long, or address_string, or address_id.",
    "long": "Longitude.",
    "address_string": "The place in words.",
    "address_id": "The place in the town's own register.",
    "email": "Seen by the responsible department only, as are the next five.",
    "device_id": "The device.",
    "account_id": "The account in the sending system; comes back in the reply.",
    "first_name": "Given name.",
    "last_name": "Family name.",
    "phone": "Telephone.",
    "description": f"What is wrong; at most {rules.MAX_DESCRIPTION} characters.",
    "media_url": "Address of a photo.",
    "token": "The sender's own name of this request: sent again, it gives the same request.",
}
UPDATE = {
    **KEY,
    "service_request_id": "The request.",
    "update_id": "The sender's own id of the update: sent again, nothing is added.",
    "description": "What the citizen wrote.",
    "status": "Read and not acted on: officials decide.",
}


def _parameter(name: str, description: str) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}


def operation(
    path: str,
    method: str,
    *,
    replies: str,
    takes: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
) -> Schema:
    """What a route takes and gives, as OpenAPI says it."""
    formats = {"name": "format", "in": "path", "required": True}
    queried = {"jurisdiction_id": "Of the town; needed only where the operator says so.", **(takes or {})}
    described: Schema = {
        "tags": ["Open311"],
        "parameters": [
            {**formats, "schema": {"type": "string", "enum": ["xml", "json"]}},
            *(_parameter(name, text) for name, text in queried.items()),
        ],
        "responses": {
            status: {"description": text, "content": _content(schema)}
            for status, text, schema in _answers(method, replies)
        },
    }
    if form is not None:
        fields = {name: _text(text) for name, text in form.items()}
        photos = {"media": {"type": "array", "items": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}},
                "multipart/form-data": {"schema": {"type": "object", "properties": {**fields, **photos}}},
            },
        }
    return described


def _answers(method: str, replies: str) -> list[tuple[str, str, Schema]]:
    found = [("200", "What was asked for.", REPLIES[replies])]
    if method == "POST":
        found = [
            ("201", "It was taken.", REPLIES[replies]),
            ("200", "It was here already.", REPLIES[replies]),
        ]
        found.append(("403", "The api_key is missing or not valid.", _list("Error")))
        found.append(("429", "The api_key was used too often.", _list("Error")))
    found.append(("400", "It cannot be used; each reason is said.", _list("Error")))
    found.append(("404", "There is no such thing.", _list("Error")))
    return found


def _content(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}, "text/xml": {"schema": {"type": "string"}}}


def document(app: FastAPI) -> Schema:
    """The OpenAPI document of every route under `/open311/v2`."""
    routes = [route for route in iter_route_contexts(app.routes) if (route.path or "").startswith(BASE + "/")]
    schema = get_openapi(title=TITLE, version="2.0.0", description=DESCRIPTION, routes=routes)
    for methods in schema["paths"].values():
        for described in methods.values():
            # Wrong input is refused in the standard's form, with 400.
            described["responses"].pop("422", None)
    schema["components"] = {"schemas": SCHEMAS}
    return schema
