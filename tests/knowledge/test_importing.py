"""Files of every known kind become documents with headings, pages and dates; bad ones say what to do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import docx
import pytest
from PIL import Image

from civic.knowledge.errors import UnknownFormat, UnreadableFile
from civic.knowledge.importing import FORMATS, Block, ImportedDocument, find_files, parse
from tests.knowledge.conftest import POLICIES
from tests.knowledge.pdf_writer import Words, write_pdf


def only(path: Path) -> ImportedDocument:
    (document,) = parse(path).documents
    return document


def test_markdown_keeps_title_date_headings_lists_and_tables(tmp_path: Path) -> None:
    path = tmp_path / "bins.md"
    path.write_text(
        "---\nid: bins\ntitle: Bins\ndate: 2025-09-01\nsection: Waste\nvalid_until: 2026-12-31\n---\n"
        "# Bins\n\nPut them out by **6.30am**.\n\n## When\n\nIn turn:\n\n1. food\n2. paper\n\n### Where\n\n"
        "| Street | Day |\n|---|---|\n| Mill Lane | Monday |\n\n"
        "## Not\n\n<script>alert(1)</script>\n\nNo bags.\n",
        encoding="utf-8",
    )
    found = only(path)
    assert (found.key, found.title, found.section) == ("bins", "Bins", "Waste")
    assert (found.date, found.valid_until) == (date(2025, 9, 1), date(2026, 12, 31))
    assert found.blocks == (
        Block("Put them out by 6.30am."),
        Block("In turn:", ("When",)),
        Block("- food\n- paper", ("When",)),
        Block("Street | Day\nMill Lane | Monday", ("When", "Where")),
        Block("No bags.", ("Not",)),
    )


def test_markdown_without_front_matter_is_named_by_its_heading_and_file(tmp_path: Path) -> None:
    path = tmp_path / "Dog Walks & Leads.md"
    path.write_text("# Dogs\n\nKeep them on a lead.", encoding="utf-8")
    assert (only(path).key, only(path).title) == ("dog-walks-leads", "Dogs")


def test_a_broken_front_matter_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "flood.md"
    path.write_text("---\nid: flood\ntitle: Flooding: before\n---\n\nText.", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="line 3"):
        parse(path)


def test_html_is_read_without_menus_and_with_the_date_it_gives_itself(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        """<!doctype html><html lang="en-GB"><head><title>Allotments | Marlow Vale</title>
        <meta name="dcterms.modified" content="2025-02-24T10:00:00Z">
        <link rel="canonical" href="https://town.example/allotments"></head><body>
        <nav><ul><li><a href="/">Home</a></li><li><a href="/pay">Pay your bill</a></li></ul></nav>
        <main><h1>Allotments</h1><p>We have 14 sites with 620 plots in all parts of the town, and anyone who
        lives here can rent one of them.</p><h2>Rent</h2><p>A full plot of 250 square metres costs £84 a year,
        and water is included in the rent.</p><ul><li>Half plot: £42</li><li>Starter plot: £18</li></ul>
        <h2>Notice</h2><p>Give us one month's notice in writing at any time of the year.</p></main>
        <footer><p>Copyright, cookies and contact</p></footer></body></html>""",
        encoding="utf-8",
    )
    found = only(path)
    text = "\n".join(block.text for block in found.blocks)
    assert (found.title, found.date, found.language) == ("Allotments", date(2025, 2, 24), "en")
    assert found.url == "https://town.example/allotments"
    assert "£84 a year" in text and "- Half plot: £42" in text
    assert "Pay your bill" not in text and "cookies" not in text
    assert next(block for block in found.blocks if "notice" in block.text).heading == ("Notice",)


def test_a_very_short_page_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "short.htm"
    path.write_text("<h1>Hours</h1><p>Open from 9 to 5.</p>", encoding="utf-8")
    assert [block.text for block in only(path).blocks] == ["Open from 9 to 5."]


def test_pdf_text_carries_its_page_without_running_headers_and_page_numbers(tmp_path: Path) -> None:
    def page(number: int, *lines: Words) -> list[Words]:
        return [
            Words("Marlow Vale Council: Housing policy", 810, 9),
            *lines,
            Words(f"Page {number} of 4", 30, 9),
        ]

    pages = [
        page(1, Words("Housing policy", 760, 24), Words("This policy is for tenants of the council.", 720)),
        page(
            2,
            Words("Repairs", 760, 16),
            Words("Emergency repairs are made safe within four hours and are fin-", 740),
            Words("ished on the next day. Urgent repairs take five days.", 726),
            Words("You can claim 20 pounds for a missed appointment.", 690),
        ),
        page(
            3, Words("Damp and mould", 760, 11, bold=True), Words("We inspect within ten working days.", 740)
        ),
        page(4, Words("We start work within five working days after that.", 740)),
    ]
    path = tmp_path / "housing.pdf"
    path.write_bytes(write_pdf(pages, title="Housing policy 2025"))
    found = only(path)
    assert found.title == "Housing policy 2025"
    assert [(block.page, block.heading[-1:], block.text) for block in found.blocks][1:] == [
        (
            2,
            ("Repairs",),
            "Emergency repairs are made safe within four hours and are finished on the next day. "
            "Urgent repairs take five days.",
        ),
        (2, ("Repairs",), "You can claim 20 pounds for a missed appointment."),
        (3, ("Damp and mould",), "We inspect within ten working days."),
        (4, ("Damp and mould",), "We start work within five working days after that."),
    ]


def test_a_scanned_pdf_and_a_damaged_one_say_what_to_do(tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    Image.new("RGB", (200, 200), "white").save(scan, "PDF")
    with pytest.raises(UnreadableFile, match="no text") as refused:
        parse(scan)
    assert "OCR" in refused.value.remedy
    scan.write_bytes(b"%PDF-1.7 and then nothing")
    with pytest.raises(UnreadableFile, match="damaged"):
        parse(scan)


def test_word_documents_keep_headings_lists_and_tables(tmp_path: Path) -> None:
    file = docx.Document()
    file.core_properties.title = "Street trading"
    file.add_heading("Street trading", 0)
    file.add_heading("Fees", 1)
    file.add_paragraph("A pitch costs money:")
    file.add_paragraph("one day £38", style="List Bullet")
    file.add_paragraph("one month £145", style="List Bullet")
    file.add_heading("Where", 1)
    table = file.add_table(rows=2, cols=2)
    for cell, words in zip(
        [c for row in table.rows for c in row.cells], ["Street", "Open", "Mill Lane", "yes"], strict=True
    ):
        cell.text = words
    path = tmp_path / "trading.docx"
    file.save(str(path))
    found = only(path)
    assert (found.title, found.key) == ("Street trading", "trading")
    assert [(block.heading, block.text) for block in found.blocks] == [
        (("Fees",), "A pitch costs money:"),
        (("Fees",), "- one day £38\n- one month £145"),
        (("Where",), "Street | Open\nMill Lane | yes"),
    ]


def test_a_file_that_only_claims_to_be_word_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(b"Dear council")
    with pytest.raises(UnreadableFile, match="not a Word document"):
        parse(path)


def test_a_bad_line_of_jsonl_costs_no_good_one(tmp_path: Path) -> None:
    path = tmp_path / "rules.jsonl"
    lines = [
        json.dumps({"id": 1, "title": "Help", "text": "# Who\n\nEverybody.", "url": "https://a.example"}),
        "{broken",
        json.dumps(
            {"id": 2, "text": "## Loans\n\nA line with a separator: one\u2028two."}, ensure_ascii=False
        ),
        json.dumps({"id": 1, "title": "Again", "text": "Twice."}),
        json.dumps(["no", "object"]),
        json.dumps({"id": 3, "title": "Empty", "text": "  "}),
        json.dumps({"title": "No id", "text": "Text."}),
    ]
    path.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    content = parse(path)
    assert [(one.key, one.title) for one in content.documents] == [("1", "Help"), ("2", "Loans")]
    assert [problem.split(":")[0] for problem in content.problems] == [f"line {n}" for n in (2, 4, 5, 6, 7)]


def test_unknown_empty_and_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "sheet.xlsx").write_bytes(b"x")
    (tmp_path / "empty.md").write_text("---\ntitle: Nothing\n---\n", encoding="utf-8")
    with pytest.raises(UnknownFormat, match=r"\.xlsx"):
        parse(tmp_path / "sheet.xlsx")
    with pytest.raises(UnreadableFile, match="no text"):
        parse(tmp_path / "empty.md")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        parse(tmp_path / "gone.md")


def test_a_folder_is_searched_for_known_files_only(tmp_path: Path) -> None:
    for name in ("b.md", "a.html", "inner/c.pdf", ".git/d.md", "e.txt", "~$f.docx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert [path.name for path in find_files([tmp_path])] == ["a.html", "b.md", "c.pdf"]


def test_each_format_has_a_parser() -> None:
    assert {".md", ".html", ".pdf", ".docx", ".jsonl"} <= set(FORMATS)


def test_the_towns_policies_are_complete_pages() -> None:
    documents = [only(path) for path in sorted(POLICIES.glob("*.md"))]
    assert len(documents) >= 20
    for one in documents:
        words = sum(len(block.text.split()) for block in one.blocks)
        assert 250 <= words <= 700, f"{one.key}: {words} words"
        assert one.date and one.section and one.named
        assert len({block.heading for block in one.blocks}) >= 4, one.key
