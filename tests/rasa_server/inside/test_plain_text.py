"""Messages are read as they were meant, and only read so: the text itself stays as it was typed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message
from tokenizers import Tokenizer

from civic.encoder import Manifest
from rasa_server.message_reader import MessageReader
from rasa_server.plain_text import NEIGHBOURS, PlainText, general_words, tidy, without_opening
from rasa_server.sentence_featurizer import PLAIN_TEXT

EXAMPLES = [
    "when are the bins collected",
    "there is a pothole in my street",
    "how much is a parking permit",
    "the street light is broken",
    "i want to talk to a person",
    "can i pay my council tax at the atm",
    "where is the atm",
    "the atm is broken",
]


@pytest.fixture(scope="module")
def reader() -> PlainText:
    folder = Path(os.environ["FOLKMOOT_HOME"]) / "encoder"
    tokenizer = Tokenizer.from_file(str(folder / Manifest.read(folder).tokenizer_file))
    return PlainText.fit(EXAMPLES, general_words(tokenizer.get_vocab()))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("WHEN ARE THE BINS COLLECTED", "when are the bins collected"),
        ("there is a pothile in my strret", "there is a pothole in my street"),
        ("howmuch is a parkingpermit", "how much is a parking permit"),
        ("the strete light is brokn", "the street light is broken"),
        ("wen r the bins collected", "when are the bins collected"),
        ("plz collect my bin 🙏🙏", "please collect my bin"),
        ("Good morning, the light is broken", "the light is broken"),
        ("hi there! where is the atm", "where is the atm"),
        ("sooooo broken", "soo broken"),
        ("i don’t want a permit", "i don't want a permit"),
    ],
)
def test_a_message_is_read_as_it_was_meant(reader: PlainText, typed: str, meant: str) -> None:
    assert reader.read(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "good morning",
        "hello there",
        "hi",
        "👋",
        "y",
        "ok",
        "fm-7k3q9",
        "...",
        "12",
        "good day to you",
        "你好",
    ],
)
def test_what_needs_no_reading_stays(reader: PlainText, text: str) -> None:
    assert reader.read(text) == text


@pytest.mark.parametrize("text", ["", "   ", "🗑️", "​", "hi hi hi", "a" * 2000, "lol", "'''", "\ud800"])
def test_nothing_that_is_typed_breaks_the_reading(reader: PlainText, text: str) -> None:
    assert bool(reader.read(text).strip()) == bool(text.strip())


def test_a_word_of_this_place_is_never_taken_for_a_slip(reader: PlainText) -> None:
    for example in EXAMPLES:
        assert reader.read(example) == example


def test_a_short_form_that_the_examples_use_often_is_a_word(reader: PlainText) -> None:
    assert reader.read("the atm") == "the atm"


def test_a_greeting_is_taken_off_only_in_front_of_something() -> None:
    assert without_opening("hello again") == "hello again"
    assert without_opening("evening classes for adults") == "evening classes for adults"
    assert without_opening("evening, any classes for adults") == "any classes for adults"
    assert without_opening("history of the town") == "history of the town"


def test_signs_alone_are_kept() -> None:
    assert tidy("👍") == "👍"
    assert tidy("yes 👍") == "yes"


def test_keys_are_neighbours_of_each_other() -> None:
    for key, near in NEIGHBOURS.items():
        assert key not in near
        assert all(key in NEIGHBOURS[other] for other in near)


def test_general_words_are_whole_words_in_order() -> None:
    assert general_words({"[PAD]": 0, "##ing": 3, "the": 1, "x": 4, "a": 2, "naïve": 5}) == ["the", "a"]
    assert general_words({"▁the": 1, "ing": 2, "▁bin": 3}) == ["the", "bin"]


def test_the_text_itself_is_not_changed(reader: PlainText) -> None:
    message = Message({"text": "WEN r the bins colected??"})
    MessageReader({}, None, None, reader).process([message])  # type: ignore[arg-type]
    assert message.get("text") == "WEN r the bins colected??"
    assert message.get(PLAIN_TEXT) == "when are the bins collected??"
    assert PLAIN_TEXT not in message.as_dict(only_output_properties=True)
    json.dumps(message.as_dict(only_output_properties=True))
