"""The table of drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class SurveyDraft(Base):
    """A file as it was uploaded last, and what was said of it; gone once it is published or discarded.

    `definition` is there where nothing stops the file from being published.
    """

    __tablename__ = "survey_drafts"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    file: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    survey_id: Mapped[str | None] = mapped_column(String(60), index=True)
    definition: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    uploaded_by: Mapped[str] = mapped_column(String(26))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
