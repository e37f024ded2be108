"""The table of officials' answers to citizens' questions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class OfficialAnswer(Base):
    """One answer for one or more citizens who asked the same.

    `state` is `told` (to these citizens only), `proposed` for the knowledge, `approved` (it is a document
    now) or `declined`. `question` is the public wording that an official wrote; what citizens wrote is
    never published.
    """

    __tablename__ = "official_answers"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    question: Mapped[str | None] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    section: Mapped[str | None] = mapped_column(String(120))
    valid_until: Mapped[dt.date | None] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(16))
    official_id: Mapped[str] = mapped_column(String(26))
    # Whose answer it is when it is quoted: the office, never the person.
    author: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    told: Mapped[int]
    decided_by: Mapped[str | None] = mapped_column(String(26))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(300))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"))
