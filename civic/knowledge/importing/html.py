"""HTML pages: the main text without menus, banners and footers."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import trafilatura
from bs4 import BeautifulSoup, Tag

from civic.knowledge.importing.markdown import without_title
from civic.knowledge.importing.types import (
    Block,
    FileContent,
    ImportedDocument,
    content_hash,
    slug,
    tidy,
    to_date,
    web_address,
)

_AROUND = ("script", "style", "nav", "header", "footer", "aside", "form", "noscript", "template", "iframe")
_DATES = ("article:modified_time", "dcterms.modified", "dc.date.modified", "last-modified", "date")


def parse(data: bytes, name: str) -> FileContent:
    """The one document of a page."""
    soup = BeautifulSoup(data, "lxml")
    title = _title(soup) or name
    found = _main_text(data) or _whole_text(soup)
    link = soup.find("link", rel="canonical")
    url = str(link.get("href") or "") if isinstance(link, Tag) else ""
    html = soup.find("html")
    language = str(html.get("lang") or "") if isinstance(html, Tag) else ""
    document = ImportedDocument(
        key=slug(_meta(soup, "document-id") or name),
        title=title,
        blocks=tuple(without_title(found, title)),
        format="html",
        content_hash=content_hash(data),
        section=_meta(soup, "department") or _meta(soup, "article:section"),
        date=_date(soup),
        url=web_address(url),
        language=re.split("[-_]", language)[0].lower() or "en",
        named=_meta(soup, "document-id") is not None,
    )
    return FileContent([document])


def _title(soup: BeautifulSoup) -> str:
    heading = soup.find("h1")
    if isinstance(heading, Tag) and tidy(heading.get_text(" ")):
        return tidy(heading.get_text(" ")).replace("\n", " ")
    # "Parking permits | Marlow Vale Council": the site's name is not the page's title.
    return re.split(r"\s+[|–—]\s+", tidy(soup.title.get_text() if soup.title else ""))[0]


def _meta(soup: BeautifulSoup, name: str) -> str | None:
    for attribute in ("name", "property"):
        tag = soup.find("meta", attrs={attribute: re.compile(f"^{re.escape(name)}$", re.I)})
        if isinstance(tag, Tag) and tag.get("content"):
            return tidy(str(tag["content"])) or None
    return None


def _date(soup: BeautifulSoup) -> date | None:
    # Only what the page says of itself: a guessed date would be told to citizens as the document's.
    for name in _DATES:
        if found := to_date(_meta(soup, name)):
            return found
    tag = soup.find("time", attrs={"datetime": True})
    return to_date(tag.get("datetime")) if isinstance(tag, Tag) else None


def _main_text(data: bytes) -> list[Block]:
    xml = trafilatura.extract(
        data, output_format="xml", include_comments=False, include_tables=True, favor_recall=True
    )
    if not xml:
        return []
    body = ElementTree.fromstring(xml).find("main")
    found: list[Block] = []
    path: list[tuple[int, str]] = []
    for node in body if body is not None else ():
        text = _node_text(node)
        if not text:
            continue
        if node.tag == "head":
            level = int(re.sub(r"\D", "", node.get("rend") or "") or 2)
            path = [*(step for step in path if step[0] < level), (level, text.replace("\n", " "))]
        else:
            found.append(Block(text, tuple(words for _, words in path)))
    return found


def _node_text(node: ElementTree.Element) -> str:
    if node.tag == "list":
        return tidy("\n".join("- " + _flat(item) for item in node.iter("item")))
    if node.tag == "table":
        rows = (
            " | ".join(filter(None, (_flat(cell) for cell in row.iter("cell")))) for row in node.iter("row")
        )
        return tidy("\n".join(rows))
    return tidy(_flat(node))


def _flat(node: ElementTree.Element) -> str:
    return re.sub(r"\s+", " ", "".join(str(text) for text in node.itertext())).strip()


def _whole_text(soup: BeautifulSoup) -> list[Block]:
    """Every paragraph outside menus, for pages too short for the extractor to be sure of."""
    for tag in soup(_AROUND):
        tag.decompose()
    root = soup.find("main") or soup.find("article") or soup.body or soup
    found: list[Block] = []
    path: list[tuple[int, str]] = []
    for tag in root.find_all(["h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td", "pre", "dd", "dt"]):
        text = tidy(tag.get_text(" ")).replace("\n", " ")
        if not text or tag.find_parent(["li", "td", "pre"]) is not None:
            continue
        if tag.name[0] == "h" and len(tag.name) == 2:
            level = int(tag.name[1])
            path = [*(step for step in path if step[0] < level), (level, text)]
        else:
            marker = "- " if tag.name == "li" else ""
            found.append(Block(marker + text, tuple(words for _, words in path)))
    return found
