"""Tables of the sites that are read, and of what was last seen of each page."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class Site(Base):
    """A site or sitemap by its address; `run_id` names the last reading, finished or not."""

    __tablename__ = "knowledge_sites"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    url: Mapped[str] = mapped_column(String(1000), unique=True)
    run_id: Mapped[str] = mapped_column(String(26))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class SitePage(Base):
    """One page: the document it gave, and what its server said so that it need not be sent again."""

    __tablename__ = "knowledge_site_pages"
    __table_args__ = (UniqueConstraint("site_id", "url"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("knowledge_sites.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(String(1000))
    key: Mapped[str] = mapped_column(String(120))
    content_hash: Mapped[str] = mapped_column(String(64))
    etag: Mapped[str | None] = mapped_column(String(300))
    last_modified: Mapped[str | None] = mapped_column(String(60))
    run_id: Mapped[str] = mapped_column(String(26))
    checked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
