"""A reply looks right on a phone, and never breaks one of Telegram's limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.telegram.render import LIMIT, Part, keyboard, length, render, split
from civic.kit.i18n import load_catalogue
from tests.fakes.telegram_wire import checked_markup, checked_text, read_html
from tests.fixtures import ROOT

catalogue = load_catalogue(ROOT / "content" / "locales", "en")


def shown(keyboard_open: bool = False, **payload: Any) -> list[Part]:
    parts = render(
        {"text": "Hello", **payload},
        lambda key, **args: catalogue.text(key, "en", **args),
        keyboard_open=keyboard_open,
    )
    for part in parts:  # nothing that Telegram would refuse
        checked_text(part.html, "HTML")
        checked_markup(part.markup.to_dict() if part.markup else None)
    return parts


def labels(part: Part) -> list[list[str]]:
    assert isinstance(part.markup, InlineKeyboardMarkup)
    return [[button.text for button in row] for row in part.markup.inline_keyboard]


def choices(*names: str) -> list[dict[str, str]]:
    return [{"label": name, "token": f"t{number}"} for number, name in enumerate(names)]


def test_typed_markup_is_shown_as_it_was_typed() -> None:
    text = 'Is <b>5 < 6</b> & "7" <script>alert(1)</script>?'
    assert read_html(shown(text=text)[0].html) == (text, [])


def test_a_citation_shows_the_quote_and_links_its_title() -> None:
    citation = {
        "title": "Bins & <bags>",
        "url": "https://example.org/p?a=1&b=2#x",
        "quote": "Put out <all> bags by 6 am.",
        "page": 3,
        "section": "Collection",
        "date": "2025-01-02",
    }
    text, links = read_html(shown(citations=[citation])[0].html)
    assert "Put out <all> bags by 6 am." in text
    assert text.endswith("Bins & <bags>, Collection, page 3, 2025-01-02")
    assert links == [("Bins & <bags>", "https://example.org/p?a=1&b=2#x")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "tg://user?id=1"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert read_html(shown(citations=[{"title": "T", "url": url, "quote": ""}])[0].html)[1] == []


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["1", "2", "3", "4", "5"], [["1", "2", "3", "4", "5"]]),
        (["Yes", "No"], [["Yes", "No"]]),
        (["Monday", "Tuesday", "Wednesday", "Thursday"], [["Monday", "Tuesday", "Wednesday"], ["Thursday"]]),
        (["Report a problem", "Take a survey"], [["Report a problem", "Take a survey"]]),
        (
            ["Yes", "A street lamp that does not work", "No"],
            [["Yes"], ["A street lamp that does not work"], ["No"]],
        ),
    ],
)
def test_buttons_stand_in_sensible_rows(names: list[str], rows: list[list[str]]) -> None:
    assert labels(shown(choices=choices(*names))[0]) == rows


@given(st.lists(st.text(min_size=1, max_size=120), max_size=30))
def test_no_button_is_lost_or_moved(names: list[str]) -> None:
    markup = keyboard(choices(*names))
    flat = [button.text for row in (markup.inline_keyboard if markup else ()) for button in row]
    assert flat == names


def test_a_place_is_asked_for_with_a_button_that_shares_it() -> None:
    (part,) = shown(request="location")
    assert isinstance(part.markup, ReplyKeyboardMarkup)
    assert part.markup.keyboard[0][0].request_location
    assert part.markup.one_time_keyboard


def test_a_place_can_be_asked_for_next_to_other_buttons() -> None:
    question, hint = shown(request="location", choices=choices("Skip"))
    assert labels(question) == [["Skip"]]
    assert isinstance(hint.markup, ReplyKeyboardMarkup)


def test_the_button_for_the_place_goes_away_with_the_next_reply() -> None:
    (plain,) = shown(keyboard_open=True)
    assert isinstance(plain.markup, ReplyKeyboardRemove)
    noted, question = shown(keyboard_open=True, choices=choices("Yes", "No"))
    assert isinstance(noted.markup, ReplyKeyboardRemove)
    assert labels(question) == [["Yes", "No"]]


def test_a_photo_is_asked_for_with_a_hint_how() -> None:
    (part,) = shown(request="photo", choices=choices("Skip"))
    assert "paperclip" in part.html
    assert labels(part) == [["Skip"]]


def test_a_long_text_is_cut_between_paragraphs_and_keeps_its_buttons_at_the_end() -> None:
    paragraphs = [f"{number} " + "word " * 150 for number in range(12)]
    parts = shown(text="\n\n".join(paragraphs), choices=choices("Yes"))
    assert len(parts) > 1
    assert all(part.markup is None for part in parts[:-1])
    assert labels(parts[-1]) == [["Yes"]]
    read = [read_html(part.html)[0] for part in parts]
    assert all(text.split()[0].isdigit() for text in read), "each part starts with a whole paragraph"
    assert "\n\n".join(read).split() == "\n\n".join(paragraphs).split()


def test_many_citations_are_spread_over_messages_whole() -> None:
    citations = [
        {"title": f"Title {number}", "url": "https://example.org", "quote": f"{number} " + "q " * 600}
        for number in range(12)
    ]
    parts = shown(citations=citations)
    linked = [words for part in parts for words, _ in read_html(part.html)[1]]
    assert linked == [f"Title {number}" for number in range(12)]


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200).map(
        lambda text: text * 60
    )
)
def test_any_text_is_cut_within_the_limit_and_nothing_is_lost(text: str) -> None:
    pieces = split(text, LIMIT)
    assert all(length(piece) <= LIMIT for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_emoji_count_twice_as_telegram_counts_them() -> None:
    pieces = split("\U0001f600" * 5000, LIMIT)
    assert [length(piece) for piece in pieces] == [4096, 4096, 1808]
