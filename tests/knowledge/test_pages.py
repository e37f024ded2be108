"""Pages show the quote in its place in the document, and obey nothing that is smuggled in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from civic.kit.services import Services
from civic.knowledge import commands
from tests.knowledge.conftest import POLICIES, Add, Asker
from tests.office import application


@pytest.fixture
def web(services: Services) -> TestClient:
    return TestClient(application(services))


def page(web: TestClient, address: str) -> BeautifulSoup:
    answer = web.get(address)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def local(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}", parts.fragment


def test_the_address_of_a_citation_opens_the_passage_with_the_quote_marked(
    asker: Callable[..., Asker], add: Add, permits: Path, web: TestClient
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("what does the second parking permit cost")
    address, anchor = local(citizen.citation.url)
    shown = page(web, address)
    passage = shown.find(id=anchor)
    assert passage is not None
    marked = " ".join(one.get_text() for one in passage.find_all("mark"))
    assert marked == citizen.citation.quote
    assert shown.h1.get_text() == "Parking permits"  # type: ignore[union-attr]
    assert "2 June 2025" in shown.get_text()


def test_a_document_reads_in_order_with_its_headings_and_lists(
    add: Add, permits: Path, web: TestClient
) -> None:
    add(permits)
    shown = page(web, "/documents/permits")
    assert [one.get_text() for one in shown.find_all("h2")] == ["What it costs", "Visitors"]
    assert [one.get_text() for one in shown.find_all("li")] == [
        "ten one-day vouchers for £14",
        "one weekly voucher for £9",
    ]


@pytest.mark.usefixtures("town")
def test_the_list_names_every_document_under_its_department(web: TestClient) -> None:
    shown = page(web, "/documents")
    links = [str(one["href"]) for one in shown.select(".shelf a")]
    assert len(links) == len(set(links)) == len(list(POLICIES.glob("*.md")))
    assert "Housing" in [one.get_text() for one in shown.find_all("h2")]
    for link in links[:3]:
        page(web, link)


def test_an_old_version_says_that_there_is_a_newer_one(
    asker: Callable[..., Asker], add: Add, permits: Path, web: TestClient, services: Services
) -> None:
    add(permits)
    citizen = asker()
    citizen.asks("what does the second parking permit cost")
    quoted, _ = local(citizen.citation.url)
    permits.write_text(permits.read_text().replace("£110", "£125"), encoding="utf-8")
    add(permits)
    old = page(web, quoted)
    assert "£110" in old.get_text() and "earlier version" in old.get_text()
    assert old.find("a", href="/documents/permits") is not None
    assert "£125" in page(web, "/documents/permits").get_text()
    with services.sessions.begin() as session:
        commands.remove(session, "permits", services.clock.now())
    assert web.get("/documents/permits").status_code == 404
    assert "no longer" in page(web, quoted).get_text() or "earlier version" in page(web, quoted).get_text()


@pytest.mark.one_database
def test_an_unknown_document_is_a_page_that_says_so(web: TestClient) -> None:
    answer = web.get("/documents/nothing-of-the-kind")
    assert answer.status_code == 404
    assert "There is no such document." in answer.text


@pytest.mark.one_database
def test_markup_in_a_document_is_shown_and_not_obeyed(add: Add, tmp_path: Path, web: TestClient) -> None:
    evil = "<script>alert(1)</script> & <img src=x onerror=alert(2)>"
    path = tmp_path / "evil.jsonl"
    path.write_text(
        json.dumps(
            {
                "id": "evil",
                "title": evil,
                "text": f"```\n{evil}\n```",
                "section": evil,
                "url": "javascript:alert(3)",
            }
        ),
        encoding="utf-8",
    )
    add(path)
    for address in ("/documents", "/documents/evil", "/documents/evil?mark=1:3-20"):
        shown = page(web, address)
        assert shown.find("script") is None and shown.find("img") is None
        assert not [one for one in shown.find_all("a") if str(one.get("href")).startswith("javascript")]


@pytest.mark.one_database
@pytest.mark.parametrize("mark", ["", "1", "1:9-2", "99:0-5", "1:0-999999", "1:5-5", "a:b-c", "1:٣-٥"])
def test_a_mark_that_fits_nothing_marks_nothing_or_the_whole(
    add: Add, permits: Path, web: TestClient, mark: str
) -> None:
    add(permits)
    text = page(web, f"/documents/permits?mark={mark}").get_text(" ", strip=True)
    assert "You need a permit to park in zone A." in text


@pytest.mark.one_database
def test_pages_carry_no_inline_style_or_script_and_a_strict_policy(
    add: Add, permits: Path, web: TestClient
) -> None:
    add(permits)
    answer = web.get("/documents/permits")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    shown = BeautifulSoup(answer.text, "html.parser")
    assert shown.find(style=True) is None and shown.find("style") is None and shown.find("script") is None
    assert shown.html is not None and shown.html["lang"] == "en"
    for link in shown.find_all("link", rel="stylesheet"):
        assert web.get(str(link["href"])).headers["content-type"].startswith("text/css")
