"""Charts are drawn by us, fit a strict page, and say what they show."""

from __future__ import annotations

import subprocess
import sys

from lxml import etree

from civic.kit.charts import SERIES, bar_chart, line_chart
from tests.fixtures import ROOT

ROWS = [
    {"type": "Pothole & <b>road</b>", "part": "in time", "cases": 5},
    {"type": "Pothole & <b>road</b>", "part": "late", "cases": 2},
    {"type": "Noise", "part": "in time", "cases": 1},
    {"type": "Noise", "part": "late", "cases": 0},
]
SVG = "{http://www.w3.org/2000/svg}"


def bars() -> str:
    return bar_chart(
        ROWS, "cases", "type", series="part", order=("in time", "late"), title="Open <cases> & late"
    )


def test_a_chart_has_a_name_and_nothing_that_a_strict_page_refuses() -> None:
    svg = etree.fromstring(bars())
    title = svg.find(f"{SVG}title")
    assert title.text == "Open <cases> & late"
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == title.get("id")
    assert not [
        each for each in svg.iter() if each.get("style") or each.tag in (f"{SVG}style", f"{SVG}script")
    ]
    assert not [each for each in svg.iter() if each is not svg and each.get("role")]


def test_words_are_shown_as_words() -> None:
    texts = [each.text for each in etree.fromstring(bars()).iter(f"{SVG}text")]
    assert "Pothole & <b>road</b>" in texts and "late" in texts


def test_counts_have_whole_numbers_on_their_axis() -> None:
    texts = [each.text or "" for each in etree.fromstring(bars()).iter(f"{SVG}text")]
    assert [text for text in texts if text.isdigit()] == ["0", "2", "4", "6", "8"]
    assert not [text for text in texts if "." in text]


def test_colours_are_the_ones_that_the_stylesheet_replaces() -> None:
    style = (ROOT / "api" / "pages" / "static" / "officials.css").read_text(encoding="utf-8")
    weeks = [{"week": f"{n} Mar", "cases": n * n} for n in range(4)]
    used = set()
    for svg in (bars(), line_chart(weeks, "week", "cases", title="Weeks", kind="ordinal")):
        for each in etree.fromstring(svg).iter():
            used |= {each.get("fill"), each.get("stroke")} - {None, "none", "transparent"}
    assert {SERIES[0], SERIES[1]} <= used
    assert used == {colour for colour in used if f'="{colour}"]' in style}


def test_two_charts_of_one_page_have_names_of_their_own() -> None:
    one, other = (etree.fromstring(bars()).get("aria-labelledby") for _ in range(2))
    assert one != other


def test_without_rows_there_is_an_empty_chart_and_no_fault() -> None:
    assert bar_chart([], "cases", "type", title="Nothing").startswith("<svg")


def test_the_libraries_are_loaded_only_when_something_is_drawn() -> None:
    code = "import sys, civic.kit.charts; print({'altair', 'vl_convert'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
