"""Photos by signed links that expire: for pages and other systems that an official hands one to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.deps import Now, Parts
from civic.conversation.models import Attachment
from civic.kit.db import read_session
from civic.kit.files import FileStore
from civic.kit.links import opens
from civic.service_requests.errors import UnknownAttachment

router = APIRouter(include_in_schema=False)


@router.get("/photos/{photo_id}", response_class=Response)
def photo(
    photo_id: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    until: Annotated[int, Query(ge=0, le=2**40)],
    signature: Annotated[str, Query(min_length=64, max_length=64)],
    parts: Parts,
    at: Now,
) -> Response:
    """One photo. A link that expired, or that we did not make, opens nothing, and does not say which."""
    if not opens(parts.settings.secret("secret_key"), f"/photos/{photo_id}", until, signature, at):
        raise UnknownAttachment("This link has expired, or is no link of ours.")
    with read_session(parts.sessions) as session:
        found = session.get(Attachment, photo_id)
        media_type = found.media_type if found else None
    if media_type is None:
        raise UnknownAttachment("This photo was deleted.")
    try:
        data = parts.get(FileStore).get(photo_id)
    except FileNotFoundError as error:
        raise UnknownAttachment("This photo was deleted.") from error
    headers = {
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return Response(data, media_type=media_type, headers=headers)
