"""Passages are exact pieces of a document of about a hundred tokens, and sentences are found in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civic.knowledge.importing.types import Block
from civic.knowledge.passages import LARGEST, indexed_text, split
from civic.knowledge.sentences import spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


def test_sentences_end_where_a_reader_ends_them() -> None:
    assert sentences(
        "It costs £3.50, e.g. for Dr. Jones. You pay at 5 p.m. or later! Why? \nSee Art. 5 (2)."
    ) == [
        "It costs £3.50, e.g. for Dr. Jones.",
        "You pay at 5 p.m. or later!",
        "Why?",
        "See Art. 5 (2).",
    ]


def test_each_line_of_a_list_is_a_sentence() -> None:
    assert sentences("You need:\n- a photo\n- proof. Of address") == [
        "You need:",
        "- a photo",
        "- proof.",
        "Of address",
    ]


@given(st.text(alphabet=st.sampled_from("aB1 .?!\n-)”£"), max_size=200))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_short_paragraphs_of_a_section_stay_together_and_sections_apart() -> None:
    blocks = [
        Block("Apply online.", ("How",)),
        Block("We answer in ten days.", ("How",)),
        Block("It is free.", ("Fee",)),
    ]
    assert [(one.heading, one.text) for one in split(blocks)] == [
        (("How",), "Apply online.\nWe answer in ten days."),
        (("Fee",), "It is free."),
    ]


def test_what_introduces_a_list_stays_with_it() -> None:
    intro = "You can have a pass if one of these applies to you and you live here:"
    items = "\n".join(f"- you have reason number {n} of the many that the law knows about" for n in range(6))
    (one,) = split([Block(intro), Block(items)])
    assert one.text == f"{intro}\n{items}"


def test_a_long_paragraph_is_cut_between_sentences_and_loses_nothing() -> None:
    text = " ".join(f"Sentence number {n} says something about the rules of the town." for n in range(60))
    found = split([Block(text, page=4)])
    assert " ".join(one.text for one in found) == text
    assert {one.page for one in found} == {4}
    assert all(len(one.text.split()) <= LARGEST and one.text.endswith(".") for one in found)


def test_text_without_any_full_stop_is_cut_too() -> None:
    found = split([Block("word " * 1000)])
    assert sum(len(one.text.split()) for one in found) == 1000
    assert all(len(one.text.split()) <= LARGEST for one in found)


def test_a_passage_never_crosses_a_page() -> None:
    assert [one.page for one in split([Block("One.", page=1), Block("Two.", page=2)])] == [1, 2]


def test_title_and_headings_stand_in_front_of_what_is_searched() -> None:
    assert indexed_text("Bins", ("Bins", "Fees"), "£54.") == "Bins: Fees\n£54."
