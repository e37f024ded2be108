"""What is kept of a site's pages; each page is stored in a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic.kit.ids import new_id
from civic.knowledge import commands, queries
from civic.knowledge.models import Document
from civic.knowledge.prepare import PreparedDocument
from civic.knowledge.sites.fetching import Fetched
from civic.knowledge.sites.models import Site, SitePage

# A reading that broke off is gone on with for so long; after that the site is read from its beginning.
RESUMED_FOR = timedelta(hours=24)
GONE = "The page is no longer on the site."


def begin(session: Session, url: str, now: datetime) -> Site:
    """The reading of a site: a new one, or the one that broke off."""
    site = session.scalar(select(Site).where(Site.url == url).with_for_update())
    if site is None:
        site = Site(id=new_id(now), url=url, run_id=new_id(now), started_at=now)
        session.add(site)
    elif site.finished_at is not None or now - site.started_at > RESUMED_FOR:
        site.run_id, site.started_at, site.finished_at = new_id(now), now, None
    session.flush()
    return site


def known_pages(session: Session, site_id: str) -> dict[str, SitePage]:
    """What was last seen of each page of a site, by its address."""
    rows = session.scalars(select(SitePage).where(SitePage.site_id == site_id))
    return {page.url: page for page in rows}


def seen(
    session: Session, site: Site, url: str, key: str, content_hash: str, answer: Fetched, now: datetime
) -> None:
    """Notes that a page was read in this run, and what makes it recognisable the next time."""
    page = session.scalar(select(SitePage).where(SitePage.site_id == site.id, SitePage.url == url))
    if page is None:
        page = SitePage(id=new_id(now), site_id=site.id, url=url)
        session.add(page)
    page.key, page.content_hash, page.run_id, page.checked_at = key, content_hash, site.run_id, now
    page.etag, page.last_modified = answer.etag, answer.last_modified
    session.flush()


def store(session: Session, prepared: PreparedDocument, url: str, now: datetime) -> commands.Stored:
    """Puts a page into force, unless officials withdrew this very text."""
    commands.touch(session)
    last = next(iter(queries.versions(session, prepared.document.key)), None)
    withdrawn = last is not None and last.state == "removed" and last.reason != GONE
    if last is not None and withdrawn and last.content_hash == prepared.document.content_hash:
        return commands.Stored("unchanged", last)
    return commands.store(session, prepared, source=url, now=now)


def withdraw_gone(session: Session, site_id: str, pages: list[SitePage], now: datetime) -> list[Document]:
    """Withdraws the documents of pages that are gone."""
    found = []
    for page in pages:
        document = queries.current(session, page.key)
        if document is not None:
            found.append(commands.remove(session, document.id, now, reason=GONE))
    urls = [page.url for page in pages]
    session.execute(delete(SitePage).where(SitePage.site_id == site_id, SitePage.url.in_(urls)))
    return found


def finish(session: Session, site_id: str, now: datetime) -> None:
    """The whole site was read."""
    session.get_one(Site, site_id).finished_at = now
