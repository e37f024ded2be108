"""The table of erasures: that one took place, never whose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class Erasure(Base):
    """One citizen's data was deleted; `remains` is what still has to be swept outside the transaction.

    Photos' files can only go once the deletion is committed, and the dialogue server saves the talk once
    more after the turn in which it was deleted. Both are swept; then `remains` is emptied.
    """

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    photos: Mapped[int] = mapped_column(Integer)
    remains: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    swept_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
