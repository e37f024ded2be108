"""Answers to a survey as a file, written while it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fastapi.responses import StreamingResponse

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.surveys.queries import one_published
from civic.surveys.results.exporting import ENDINGS, MEDIA_TYPES, Form, export


def file_response(
    parts: Services, official: Official, survey_id: str, form: Form, at: datetime, *, labels: bool
) -> StreamingResponse:
    """Everybody's answers as a download. The audit says so before the first byte leaves."""
    with parts.sessions.begin() as session:
        one_published(session, survey_id)
        record(session, official, "official:export:survey_answers", survey_id, {"form": form}, at)

    def pieces() -> Iterator[bytes]:
        # A session of its own: the request's one is closed before the body is written.
        with read_session(parts.sessions) as session:
            yield from export(session, survey_id, form, at, labels=labels)

    name = f"{survey_id}-{at:%Y-%m-%d}.{ENDINGS.get(form, form)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces(), media_type=MEDIA_TYPES[form], headers=headers)
