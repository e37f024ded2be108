"""Sitemaps and robots.txt: which pages a site has, and which of them we may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from lxml import etree

from civic.knowledge.sites.errors import SiteUnreadable
from civic.knowledge.sites.fetching import AGENT, LARGEST_PAUSE, Fetcher, unpacked

# Sitemaps that name sitemaps that name sitemaps: no real site goes deeper.
DEPTH = 3
MOST_SITEMAPS = 500
LONGEST_ADDRESS = 900


class Robots:
    """What robots.txt allows; a server that cannot say what it allows, allows nothing for now."""

    def __init__(self, fetcher: Fetcher, root: str) -> None:
        self._rules = RobotFileParser()
        answer = fetcher.get(urljoin(root, "/robots.txt"))
        if answer.status >= 500 or answer.status == 429:
            raise SiteUnreadable(
                f"The site cannot say now what may be read (robots.txt: {answer.status}).",
                remedy="Try again later. Nothing was changed.",
            )
        text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
        self._rules.parse(text.splitlines())
        pause = self._rules.crawl_delay(AGENT)
        fetcher.pause = max(fetcher.pause, min(float(pause or 0), LARGEST_PAUSE))

    def allows(self, url: str) -> bool:
        return self._rules.can_fetch(AGENT, url)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps that the site names."""
        return self._rules.site_maps() or []


@dataclass
class Listing:
    """The pages to read, those beyond the limit, and a sentence for each that is left out."""

    pages: dict[str, None] = field(default_factory=dict)
    beyond: set[str] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)


def listing(fetcher: Fetcher, url: str, robots: Robots, largest: int, most: int) -> Listing:
    """The pages of a site; `url` is a sitemap, or any page of a site that says where its sitemap is.

    Raises `SiteUnreadable` when any sitemap cannot be read: half a list would look like pages removed.
    """
    found = Listing()
    for address in _listed(fetcher, _starts(url, robots), largest):
        if address in found.pages or address in found.beyond:
            continue
        if not fetcher.allows(address) or len(address) > LONGEST_ADDRESS:
            found.left_out.append(f"{address[:200]}: another site, or no address")
        elif not robots.allows(address):
            found.left_out.append(f"{address}: robots.txt forbids it")
        elif len(found.pages) < most:
            found.pages[address] = None
        else:
            found.beyond.add(address)
    if found.beyond:
        found.left_out.append(f"{len(found.beyond)} pages more than the {most} that are read at most")
    if not found.pages and not found.left_out:
        raise SiteUnreadable(f"{url} names no pages.", remedy="Give the address of the sitemap.")
    return found


def _starts(url: str, robots: Robots) -> list[str]:
    path = urlsplit(url).path.lower()
    if path.endswith((".xml", ".xml.gz", ".txt")) or "sitemap" in path:
        return [url]
    return robots.sitemaps or [urljoin(url, "/sitemap.xml")]


def _listed(fetcher: Fetcher, starts: list[str], largest: int) -> Iterator[str]:
    """Every page that the sitemaps name, those of their sitemaps included."""
    waiting = [(one, 0) for one in starts]
    seen: set[str] = set()
    while waiting:
        url, depth = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        if len(seen) > MOST_SITEMAPS or depth > DEPTH:
            raise SiteUnreadable("The sitemaps name each other without an end.")
        answer = fetcher.get(url)
        if answer.status != 200:
            raise SiteUnreadable(
                f"The sitemap {url} cannot be read ({answer.status}).",
                remedy="Give the address of the sitemap. Nothing was changed.",
            )
        kind, addresses = _read(unpacked(answer.body, largest), answer.url)
        if kind == "index":
            waiting += [(one, depth + 1) for one in addresses]
        else:
            yield from addresses


def _read(data: bytes, url: str) -> tuple[str, list[str]]:
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        lines = data.decode("utf-8-sig", "replace").split()
        return "pages", [urldefrag(one)[0] for one in lines if one.startswith(("http://", "https://"))]
    # No entities, no DTD, no network: a sitemap is a list and nothing else.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SiteUnreadable(f"The sitemap {url} is not XML.", remedy="Nothing was changed.") from error
    kind = "index" if etree.QName(root).localname == "sitemapindex" else "pages"
    places = [
        (node.text or "").strip()
        for entry in root
        if isinstance(entry.tag, str)
        for node in entry
        if isinstance(node.tag, str) and etree.QName(node).localname == "loc"
    ]
    return kind, [urldefrag(urljoin(url, place))[0] for place in places if place]
