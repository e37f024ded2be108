"""Tables of results: one packed row a respondent, answers grouped by meaning, pages that were published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class SurveyResultRow(Base):
    """A completed session in a few bytes, so that a hundred thousand of them are read at once.

    `cells` is what `layout` packed. Rows of anonymous surveys are `counted` some at a time: nobody sees
    what the last one changed. In the order of the key, which for them is random.
    """

    __tablename__ = "survey_result_rows"
    __table_args__ = {"sqlite_with_rowid": False}

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[str] = mapped_column(
        ForeignKey("survey_sessions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    version: Mapped[int] = mapped_column()
    counted: Mapped[bool] = mapped_column()
    cells: Mapped[str] = mapped_column(Text)


class SurveyResultTexts(Base):
    """The free answers to one question in groups of the same meaning, as they were when it was asked for."""

    __tablename__ = "survey_result_texts"

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    answers: Mapped[int] = mapped_column()
    sampled: Mapped[int] = mapped_column()
    groups: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyResultPage(Base):
    """What a designer published: their words, and the figures as they were then.

    `told_at` is set when those who answered have been told of it.
    """

    __tablename__ = "survey_result_pages"

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    said: Mapped[str] = mapped_column(Text)
    did: Mapped[str] = mapped_column(Text)
    questions: Mapped[list[str]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(String(26))
    telling: Mapped[bool] = mapped_column()
    told_to: Mapped[str | None] = mapped_column(String(26))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
