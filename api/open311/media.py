"""Photos that anybody may see: at a stable address, for as long as the request's words are public."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.deps import Parts
from api.open311.deps import BASE, private
from api.open311.errors import Open311Route
from civic.kit.db import read_session
from civic.kit.files import FileStore
from civic.service_requests.open311 import queries
from civic.service_requests.open311.errors import refuse

router = APIRouter(route_class=Open311Route, include_in_schema=False)


@router.get(f"{BASE}/media/{{attachment_id}}", response_class=Response)
def photo(attachment_id: str, request: Request, parts: Parts) -> Response:
    """A photo, cleaned when it came in. Its id cannot be guessed, and works no longer than it is public."""
    with read_session(parts.sessions) as session:
        found = queries.public_photo(session, attachment_id[:32], private(parts))
    if found is None or found.id != attachment_id:
        raise refuse(404, "There is no such photo.")
    headers = {
        "ETag": f'"{found.id}"',
        # Soon asked for again, so that a photo that was taken back is gone from everywhere soon.
        "Cache-Control": "public, max-age=300",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    try:
        data = parts.get(FileStore).get(found.id)
    except FileNotFoundError:
        raise refuse(404, "There is no such photo.") from None
    return Response(data, media_type=found.media_type, headers=headers)
