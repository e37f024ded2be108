"""Real government texts, imported with the command and asked through the chat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pypdfium2
import pytest

from tests.people import Citizen
from tests.stack import Stack, missing

POLICY = Path(__file__).resolve().parents[3] / "shared" / "data" / "policy"
RULE_TEXTS = POLICY / "or_sharc_dev" / "id2snippet.json"
PDFS = POLICY / "pdf_qa"
PDF = PDFS / "Healthcare_Digital_Health_Guidelines" / "used_documents" / "Digital_Health_Guidelines.pdf"

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.xdist_group("own-stacks"),
    pytest.mark.skipif(not RULE_TEXTS.exists(), reason="the public data is not beside this checkout"),
]


@pytest.fixture(scope="module")
def real_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product that knows 200 rule texts and one PDF, and nothing of Marlow Vale."""
    if gone := missing():
        pytest.skip(f"not built yet: {', '.join(gone)}; run `make setup`")
    folder = tmp_path_factory.mktemp("real")
    texts = json.loads(RULE_TEXTS.read_text(encoding="utf-8"))
    some = islice(texts.items(), 200)
    lines = [json.dumps({"id": key, "title": "", "text": text}) for key, text in some]
    (folder / "rules.jsonl").write_text("\n".join(lines), encoding="utf-8")
    stack = Stack(folder, FOLKMOOT_DEMONSTRATION="false").start()
    added = stack.folkmoot("knowledge", "add", str(folder / "rules.jsonl"), str(PDF), timeout=400)
    assert added.returncode == 0, added.stdout + added.stderr
    yield stack
    stack.stop()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("I work full-time abroad, how many days may I visit the UK?", "90 days"),
        ("Who can get a VA loan for Native American trust land?", "Native American"),
    ],
)
def test_rule_texts_are_quoted_in_the_chat(real_stack: Stack, question: str, words: str) -> None:
    citizen = Citizen(real_stack.url)
    citizen.says(question)
    assert citizen.citations, citizen.heard
    assert words in " ".join(citation["quote"] for citation in citizen.citations)


def test_the_pdf_is_quoted_with_its_page(real_stack: Stack) -> None:
    citizen = Citizen(real_stack.url)
    citizen.says("When were the National eHealth Guidelines and Standards first published?")
    assert citizen.citations, citizen.heard
    (citation, *_) = citizen.citations
    assert "2016" in citation["quote"]
    with pypdfium2.PdfDocument(PDF) as document:
        page = document[citation["page"] - 1].get_textpage().get_text_range()
    assert citation["quote"].split()[0] in page and "2016" in page


def test_the_search_command_ranks_them(real_stack: Stack) -> None:
    found = real_stack.folkmoot("knowledge", "search", "visit the UK working abroad", "--json", "--top", "10")
    assert found.returncode == 0, found.stderr
    hits = json.loads(found.stdout)
    assert len(hits) == 10 and "90 days" in json.dumps(hits[0])
