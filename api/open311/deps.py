"""What the routes ask for: the fields that were sent, the jurisdiction, the format, the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from api.deps import Parts
from api.open311.formats import MEDIA_TYPES, wanted_form
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.service_requests.open311.errors import refuse
from civic.service_requests.open311.rules import private_codes
from civic.service_requests.open311.submission import one
from civic.service_requests.open311.views import Viewer
from civic.service_requests.rules import MAX_PHOTOS
from civic.service_requests.services import ServiceList

BASE = "/open311/v2"
MAX_FIELDS = 200
FORM_BYTES = 256 * 1024
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Sent:
    """The fields of a form, and the files that came with it."""

    fields: Mapping[str, Sequence[str]]
    files: Sequence[bytes] = field(default_factory=list)

    def one(self, name: str) -> str | None:
        return one(self.fields, name)


def jurisdiction(settings: Settings, said: str | None) -> None:
    """Refuses a jurisdiction that is not ours, and none where one must be named."""
    own = settings.open311_jurisdiction
    if said is None and own and settings.open311_jurisdiction_required:
        raise refuse(400, "The jurisdiction_id is missing.")
    if said is not None and own and said != own:
        raise refuse(404, "There is no jurisdiction with this jurisdiction_id.")


def asked(request: Request, parts: Parts) -> Sent:
    """What is asked for in the address of a GET request, of a jurisdiction that is ours."""
    fields: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        fields.setdefault(name, []).append(value)
    sent = Sent(fields)
    jurisdiction(parts.settings, sent.one("jurisdiction_id"))
    return sent


async def posted(request: Request, parts: Parts) -> Sent:
    """The form that was sent, with its photos; a key and a jurisdiction may also stand in the address."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in FORMS:
        raise refuse(400, f"Send a form: {FORMS[0]}, or {FORMS[1]} with photos.")
    largest = parts.settings.max_attachment_megabytes * 1024 * 1024
    length = request.headers.get("content-length", "")
    limit = FORM_BYTES + (largest * MAX_PHOTOS if kind == FORMS[1] else 0)
    if not length.isdigit() or int(length) > limit:
        raise refuse(400, f"The form needs a Content-Length of at most {limit} bytes.")
    fields: dict[str, list[str]] = {}
    files: list[bytes] = []
    async with request.form(max_files=MAX_PHOTOS, max_fields=MAX_FIELDS, max_part_size=FORM_BYTES) as form:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                fields.setdefault(name, []).append(value)
            elif data := await value.read():
                files.append(data)
    for name in ("api_key", "jurisdiction_id"):
        if name not in fields and name in request.query_params:
            fields[name] = request.query_params.getlist(name)
    sent = Sent(fields, files)
    jurisdiction(parts.settings, sent.one("jurisdiction_id"))
    return sent


def form_of(request: Request) -> str:
    """The format of the reply; an ending that is neither XML nor JSON is no address of ours."""
    ending = request.path_params.get("format")
    if ending is not None and ending not in MEDIA_TYPES:
        raise refuse(404, "There is nothing here: addresses end in .xml or .json.")
    return wanted_form(request)


Asked = Annotated[Sent, Depends(asked)]
Posted = Annotated[Sent, Depends(posted)]
Form = Annotated[str, Depends(form_of)]


# The few sentences that all lists repeat, by process; to make them takes longer than all else of a list.
_SAID: WeakKeyDictionary[Services, dict[Any, str]] = WeakKeyDictionary()
MOST_SAID = 10_000


def viewer(parts: Services) -> Viewer:
    """Puts cases into the standard's words, in the town's own language."""
    said = _SAID.setdefault(parts, {})
    if len(said) > MOST_SAID:
        said.clear()
    say = partial(_say, parts)
    return Viewer(parts.get(ServiceList), say, f"{parts.settings.site}{BASE}/media", said)


def _say(parts: Services, key: str, **args: Any) -> str:
    return parts.text(key, None, **args)


def private(parts: Services) -> list[str]:
    """The types of which the public sees no place."""
    return private_codes(parts.get(ServiceList).services)
