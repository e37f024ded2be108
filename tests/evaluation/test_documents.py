"""The measurement of PDFs end to end counts what is shown, not what might have been."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from civic.knowledge.answering.outcomes import Answer, Cited, Status
from civic.knowledge.index import Entry, Hit
from evaluation import documents
from evaluation.documents import Asked, judge, main, share
from tests.fixtures import BUILT
from tests.knowledge.pdf_writer import Words, write_pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One document of two pages, with a question for each and one that nothing answers."""
    place = tmp_path / "data" / "Allotments"
    (place / "used_documents").mkdir(parents=True)
    (place / "CSV_files").mkdir()
    pages = [
        [
            Words("Allotment rules", 760, size=20, bold=True),
            Words("Rent", 700, size=14, bold=True),
            Words("The rent of an allotment is 48 pounds a year, payable in April.", 670),
            Words("Pensioners pay half of the rent, if they ask for it in writing.", 655),
        ],
        [
            Words("Bonfires", 700, size=14, bold=True),
            Words("Bonfires on an allotment are allowed from November to March, after dusk.", 670),
            Words("A fire must never be left alone and must be put out before you leave.", 655),
        ],
    ]
    (place / "used_documents" / "allotments.pdf").write_bytes(write_pdf(pages, title="Allotment rules"))
    rows = [
        ("How much is the rent of an allotment?", "['48 pounds', 'year']"),
        ("When are bonfires allowed on an allotment?", "['November', 'March', 'zebra']"),
        ("How do I bake a sourdough loaf at home?", "['flour']"),
    ]
    with (place / "CSV_files" / "token_presence_allotments.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "answer", "tokens_present", "document"])
        writer.writerows([question, "", tokens, "allotments.pdf"] for question, tokens in rows)
    return tmp_path / "data"


def test_figures_say_what_was_shown_and_on_which_page(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLKMOOT_HOME", str(BUILT))
    out = tmp_path / "out.json"
    assert main([str(folder), "--json", str(out)]) == 0
    figures = json.loads(out.read_text())
    assert figures["questions"] == 3
    assert 1 <= figures["answered"] <= 2, "the sourdough is refused"
    assert 1 / 3 <= figures["token_presence"] <= (1 + 2 / 3) / 3 + 1e-3
    assert figures["all_tokens"] == pytest.approx(1 / 3, abs=1e-3)
    # The page is known of the first question only: no page holds the zebra.
    assert (figures["page_known"], figures["page_right"]) == (1, 1)
    assert figures["pages"] == 2 and 0 < figures["seconds_per_page"] < 60
    assert figures["documents"]["Allotments"]["questions"] == 3


def test_only_what_is_quoted_counts_as_shown_and_the_page_must_be_of_the_right_document() -> None:
    asked = Asked("Allotments", "How much is the rent?", ("48 pounds", "April"))
    entry = Entry("d1", 1, "Rules", ("Rent",), "It is 48 pounds. It is due in April.", page=2)
    cited = Cited(Hit(entry, 1.0, 0.8, 5.0), (0, 16))
    found = Answer(Status.ANSWERED, 0.9, cited=(cited,))
    pages = ["nothing", "it is 48 pounds, due in april"]
    judged = judge(asked, found, [entry.text, "other"], {"d1": "Allotments"}, pages)
    assert (judged.shown, judged.quote, judged.passage, judged.searched) == ("It is 48 pounds.", 0.5, 1, 1)
    assert judged.page is True
    elsewhere = judge(asked, found, [], {"d1": "Another"}, pages)
    assert (elsewhere.right_document, elsewhere.page) == (False, False)
    refused = judge(asked, Answer(Status.UNANSWERABLE_NO_SOURCE), [entry.text], {}, pages)
    assert (refused.shown, refused.quote, refused.searched, refused.page) == ("", 0, 1, None)


def test_a_folder_without_documents_is_said_to_be_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "used_documents" in capsys.readouterr().out


def test_tokens_are_compared_without_case_line_breaks_and_typographic_signs() -> None:
    shown = "The “two–thirds”\nmajority of the taxpayer’s House"
    assert share(["Two-Thirds", "taxpayer's", "senate"], shown) == pytest.approx(2 / 3)


def test_a_page_is_known_only_where_few_pages_hold_every_token() -> None:
    asked = Asked("any", "?", ("rent", "april"))
    pages = ["rent in april", "rent", "nothing"]
    assert documents._right_pages(asked, pages) == {1}
    assert documents._right_pages(asked, ["rent in april"] * 4) == set()
