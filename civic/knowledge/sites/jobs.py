"""Reads a site: fetches what changed, stores page by page, withdraws what is gone."""

from __future__ import annotations

import hashlib
import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError

from civic.kit.clock import Clock
from civic.kit.db import Sessions
from civic.knowledge.errors import NameTaken, UnreadableFile
from civic.knowledge.importing.types import PARSER_VERSION, ImportedDocument, slug
from civic.knowledge.index import Encoder
from civic.knowledge.prepare import prepare
from civic.knowledge.sites import commands
from civic.knowledge.sites.errors import SiteUnreadable, TooMuchGone
from civic.knowledge.sites.fetching import Fetched, Fetcher
from civic.knowledge.sites.models import Site, SitePage
from civic.knowledge.sites.sitemap import Listing, Robots, listing

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Told before each page: its address, how many are done, how many there are."""

KINDS = {"text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf"}
# Fewer pages may always vanish; of more, at most half, unless somebody says that it is meant.
FEW = 5


@dataclass
class SiteResult:
    """What became of the pages; `problems` are sentences, one for each page that could not be used."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    resumed: int = 0
    left_out: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)


def import_site(
    sessions: Sessions,
    encoder: Encoder,
    fetcher: Fetcher,
    url: str,
    clock: Clock,
    *,
    most: int,
    largest: int,
    many_gone: bool = False,
    progress: Progress | None = None,
) -> SiteResult:
    """Reads the pages of a site that changed; broken off, it goes on where it was.

    A page that does not answer keeps its document. Raises `SiteUnreadable` when the site's list of pages
    cannot be read, and `TooMuchGone` when more than half of what we know would be withdrawn.
    """
    found = listing(fetcher, url, Robots(fetcher, url), largest, most)
    with sessions.begin() as session:
        site = commands.begin(session, url, clock.now())
        known = commands.known_pages(session, site.id)
    result = SiteResult(left_out=found.left_out)
    gone = [page for address, page in known.items() if _unlisted(address, found)]
    for done, address in enumerate(found.pages):
        if progress:
            progress(address, done, len(found.pages))
        before = known.get(address)
        if before is not None and before.run_id == site.run_id:
            result.resumed += 1
            continue
        try:
            if not _page(sessions, encoder, fetcher, site, address, before, found, clock, result):
                gone += [before] if before is not None else []
        except (SiteUnreadable, UnreadableFile, NameTaken) as error:
            result.problems.append(error.detail)
        except IntegrityError:
            result.problems.append(f"{address}: another import is storing it now.")
    _withdraw(sessions, site, gone, len(known), many_gone, clock, result)
    return result


def _unlisted(address: str, found: Listing) -> bool:
    return address not in found.pages and address not in found.beyond


def _page(
    sessions: Sessions,
    encoder: Encoder,
    fetcher: Fetcher,
    site: Site,
    url: str,
    before: SitePage | None,
    found: Listing,
    clock: Clock,
    result: SiteResult,
) -> bool:
    """Reads one page and stores it if it changed; False when it is gone."""
    marks = (before.etag, before.last_modified) if before is not None else (None, None)
    answer = fetcher.get(url, *marks)
    if answer.status in (404, 410):
        result.left_out.append(f"{url}: gone ({answer.status})")
        return False
    if answer.url != url and answer.url in found.pages:
        result.left_out.append(f"{url}: leads to {answer.url}, which is read itself")
        return False
    if answer.status == 304 and before is not None:
        return _noted(sessions, site, url, before.key, before.content_hash, answer, before, clock, result)
    if answer.status != 200:
        raise SiteUnreadable(f"{url} answers {answer.status}.")
    document = _document(answer, url)
    if before is not None and before.content_hash == document.content_hash:
        return _noted(sessions, site, url, before.key, before.content_hash, answer, before, clock, result)
    prepared = prepare(document, encoder)
    with sessions.begin() as session:
        stored = commands.store(session, prepared, url, clock.now())
        commands.seen(session, site, url, document.key, document.content_hash, answer, clock.now())
    match stored.outcome:
        case "added":
            result.added += 1
        case "replaced":
            result.replaced += 1
        case "unchanged":
            result.unchanged += 1
    if stored.outcome != "unchanged":
        result.documents.append(stored.document.id)
    return True


def _noted(
    sessions: Sessions,
    site: Site,
    url: str,
    key: str,
    content_hash: str,
    answer: Fetched,
    before: SitePage,
    clock: Clock,
    result: SiteResult,
) -> bool:
    # A server that answers "not modified" need not repeat the marks by which it knows.
    marks = replace(
        answer,
        etag=answer.etag or before.etag,
        last_modified=answer.last_modified or before.last_modified,
    )
    with sessions.begin() as session:
        commands.seen(session, site, url, key, content_hash, marks, clock.now())
    result.unchanged += 1
    return True


def _document(answer: Fetched, url: str) -> ImportedDocument:
    """What a page says; its hash is that of its text, so that a new menu or banner changes nothing."""
    parser = KINDS.get(answer.kind)
    if parser is None:
        raise SiteUnreadable(f"{url} is no page and no PDF ({answer.kind or 'of an unknown kind'}).")
    name = urlsplit(url).path.rstrip("/").rpartition("/")[2] or urlsplit(url).hostname or "page"
    try:
        documents = importlib.import_module(f"civic.knowledge.importing.{parser}").parse(answer.body, name)
    except UnreadableFile as error:
        raise SiteUnreadable(f"{url}: {error.detail}") from error
    except Exception as error:  # parsers meet pages that nobody foresaw
        log.warning("a page could not be parsed: %s", type(error).__name__)
        raise SiteUnreadable(f"{url} is damaged ({type(error).__name__}).") from error
    document: ImportedDocument = documents.documents[0]
    if not document.blocks:
        raise SiteUnreadable(f"{url} holds no text.")
    return replace(
        document, key=_key(url), url=answer.url[:500], content_hash=_text_hash(document), named=True
    )


def _key(url: str) -> str:
    parts = urlsplit(url)
    digest = hashlib.sha256(url.encode()).hexdigest()[:8]
    return f"{slug(f'{parts.hostname}{parts.path}')[:90].rstrip('-')}-{digest}"


def _text_hash(document: ImportedDocument) -> str:
    parts = [str(PARSER_VERSION), document.title, document.section, document.date, document.language]
    for block in document.blocks:
        parts += ["\x1e", *block.heading, block.text]
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "replace")).hexdigest()


def _withdraw(
    sessions: Sessions,
    site: Site,
    gone: list[SitePage],
    known: int,
    many_gone: bool,
    clock: Clock,
    result: SiteResult,
) -> None:
    if len(gone) > FEW and len(gone) > known / 2 and not many_gone:
        raise TooMuchGone(
            f"{len(gone)} of {known} pages are gone; nothing was withdrawn. "
            f"{result.added} added, {result.replaced} replaced.",
            remedy="If this is meant, say --many-gone.",
        )
    with sessions.begin() as session:
        result.withdrawn = len(commands.withdraw_gone(session, site.id, gone, clock.now()))
        commands.finish(session, site.id, clock.now())
