"""A file of cases as an answer, written while it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fastapi.responses import StreamingResponse

from civic.accounts.models import Official
from civic.kit.db import read_session
from civic.kit.exports import MEDIA_TYPES
from civic.kit.services import Services
from civic.service_requests.desk import reads
from civic.service_requests.desk.exporting import Format, export
from civic.service_requests.desk.filters import CaseFilter
from civic.service_requests.services import ServiceList


def file_response(
    parts: Services, official: Official, wanted: CaseFilter, form: Format, at: datetime
) -> StreamingResponse:
    """The cases of a filter as a download. The audit says so before the first byte leaves."""
    reads.note_export(parts.sessions, official, form, at)
    services = parts.get(ServiceList)

    def pieces() -> Iterator[bytes]:
        # A session of its own: the request's one is closed before the body is written.
        with read_session(parts.sessions) as session:
            asked = wanted.wanted(session, official, at.date())
            yield from export(session, official, asked, services, form)

    name = f"service-requests-{at:%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces(), media_type=MEDIA_TYPES[form], headers=headers)
