"""A slip of the finger is looked for as the word that was meant; other words are left alone."""

from __future__ import annotations

import pytest

from civic.encoder import SentenceEncoder
from civic.knowledge.answering.steps.spelling import put_right
from tests.fixtures import BUILT

WRITTEN = {
    "parking": 40,
    "permit": 30,
    "apply": 20,
    "library": 12,
    "libraries": 2,
    "council": 50,
    "collection": 9,
    "care": 8,
    "vans": 5,
    "barking": 3,
}


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.load(BUILT / "encoder")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hw do i aply for a parkng permit", "hw do i apply for a parking permit"),
        ("when is the libary open?", "when is the library open?"),
        ("coucil bin colection", "council bin collection"),
        ("WHERE IS THE LIBARY", "WHERE IS THE library"),
        ("bin collcetoin", "bin collection"),
        ("vouncil permits", "council permits"),
        ("hkw much is it, cqn I pay", "how much is it, can I pay"),
    ],
)
def test_a_slip_is_put_right(encoder: SentenceEncoder, typed: str, meant: str) -> None:
    assert put_right(typed, WRITTEN, encoder) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "may my llama come along",
        "I was barking at him",
        "who is Mrs Librery",
        "supply and demand",
        "café xqzt",
        "I dont know and cant ask, whats the rule",
        "is there one for carers or bondholders",
        "bins and vins",
        "nonlibrary",
        "my neighbour’s dog’s bowl",
        "gdzie moge zlozyc wniosek parkng dla mieszkanca miasta prosze",
    ],
)
def test_other_words_names_and_nonsense_stay_as_they_are(encoder: SentenceEncoder, typed: str) -> None:
    assert put_right(typed, WRITTEN, encoder) == typed


def test_without_documents_nothing_is_changed(encoder: SentenceEncoder) -> None:
    assert put_right("parkng", {}, encoder) == "parkng"
