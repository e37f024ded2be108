"""Real government texts, imported as they are and asked with real questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from civic.kit.services import Services
from civic.knowledge import queries
from civic.knowledge.importing import parse
from civic.knowledge.index import Query
from civic.knowledge.live import LiveIndex
from tests.fixtures import ROOT
from tests.knowledge.conftest import Add, Asker

SHARED = ROOT.parent / "shared" / "data" / "policy"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the evaluation data of ../shared/data/policy is not on this machine"
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The 651 rule texts of OR-ShARC as JSON lines, titled as they title themselves."""
    texts: dict[str, str] = json.loads(
        (SHARED / "or_sharc_dev" / "id2snippet.json").read_text(encoding="utf-8")
    )
    path = tmp_path / "rules.jsonl"
    path.write_text(
        "\n".join(json.dumps({"id": f"rule-{key}", "text": text}) for key, text in texts.items()),
        encoding="utf-8",
    )
    return path


@needs_shared
def test_651_rule_texts_are_imported_whole_found_and_quoted(
    add: Add, rules: Path, services: Services, asker: Callable[..., Asker]
) -> None:
    (result,) = add(rules)
    assert (result.added, result.problems) == (651, [])
    lines = (
        (SHARED / "or_sharc_dev" / "open_retrieval_sharc_dev.json").read_text(encoding="utf-8").splitlines()
    )
    asked = [one for one in map(json.loads, lines) if not one["snippet_seen"]][::6]
    live = services.get(LiveIndex)
    with services.sessions() as session:
        index = live.current(session)
        keys = {one.id: one.key for one in queries.current_documents(session)}
    first = 0
    for one in asked:
        (hit,) = index.search(Query.of(live.encoder, one["question"], context=one["scenario"]), 1)
        first += keys[hit.entry.document_id] == f"rule-{one['gold_snippet_id']}"
    assert len(asked) > 90
    assert first / len(asked) >= 0.7
    citizen = asker()
    question = "How many days may I visit the UK if I work full-time abroad and live there?"
    assert citizen.asks(question) == "answered"
    assert "90 days" in citizen.citation.quote


@needs_shared
def test_a_real_pdf_is_answered_from_with_the_right_page(add: Add, asker: Callable[..., Asker]) -> None:
    (path,) = SHARED.glob("pdf_qa/Healthcare_Digital*/used_documents/*.pdf")
    (result,) = add(path)
    assert result.added == 1 and not result.problems
    citizen = asker()
    assert (
        citizen.asks("When were the National eHealth Guidelines and Standards first published?") == "answered"
    )
    assert "2016" in citizen.citation.quote
    page = citizen.citation.page
    assert page is not None
    with pypdfium2.PdfDocument(path) as pdf:
        words = pdf[page - 1].get_textpage().get_text_range()
    assert citizen.citation.quote.split()[0] in words and "2016" in words


@needs_shared
@pytest.mark.parametrize("name", ["Constitution", "Defense", "Digital", "Standards", "IRS"])
def test_every_real_pdf_gives_pages_headings_and_clean_paragraphs(name: str) -> None:
    (path,) = SHARED.glob(f"pdf_qa/*/used_documents/*{name}*.pdf")
    (document,) = parse(path).documents
    assert len(document.blocks) > 100
    assert all(block.page and block.text.strip() and "\u0002" not in block.text for block in document.blocks)
    assert len({block.heading for block in document.blocks}) > 10
