"""Personal data is noticed in whatever form it is typed; prices, dates and numbers of things are not."""

from __future__ import annotations

import pytest

from civic.kit.i18n import load_catalogue
from civic.kit.personal_data import find, redact
from civic.kit.personal_data.find import KINDS
from evaluation.alarms import lines, measure
from tests.fixtures import ROOT

OWN = ("01234 555 010",)


def test_nearly_everything_personal_is_noticed_and_hardly_anything_else() -> None:
    labelled = lines(ROOT / "evaluation" / "personal_data.jsonl")

    def first(text: str) -> str | None:
        found = find(text, "GB", OWN)
        return found[0].kind if found else None

    figures = measure(labelled, first)
    assert len(labelled) >= 100 and figures["to_notice"] >= 50
    assert figures["recall"] >= 0.96, figures["missed"]
    assert figures["false_alarms"] <= 0.02, figures["false"]


def test_the_text_is_kept_with_a_word_for_each_find() -> None:
    text = "write to a@example.org or call 07700 900123 about FM-7K3Q9"
    assert redact(text, find(text), lambda kind: kind) == "write to [email] or call [phone] about FM-7K3Q9"


@pytest.mark.parametrize("text", ["call 01234 555 010", "call 01234555010", "ring (01234) 555-010"])
def test_what_the_town_publishes_is_not_personal(text: str) -> None:
    assert find(text, "GB", OWN) == []
    assert find(text, "GB") != []


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("4111 1111 1111 1111", "4111 1111 1111 1112"),
        ("GB82 WEST 1234 5698 7654 32", "GB83 WEST 1234 5698 7654 32"),
        ("12345678Z", "12345678A"),
    ],
)
def test_a_number_whose_check_digits_are_wrong_is_something_else(text: str, changed: str) -> None:
    assert find(text) and not find(changed)


def test_every_kind_has_its_word() -> None:
    catalogue = load_catalogue(ROOT / "content" / "locales")
    assert {f"personal-data-{kind}" for kind in KINDS} <= catalogue.keys("en")


def test_the_region_says_how_a_number_without_country_is_read() -> None:
    assert find("my pesel is 44051401359", "PL")
    assert not find("44051401359 apples", "GB")
