"""Danger is noticed however it is put, and ordinary messages raise no alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic.encoder import SentenceEncoder
from civic.kit import danger
from civic.kit.danger import BrokenDangerList
from civic.kit.i18n import load_catalogue
from evaluation.alarms import lines, measure
from tests.fixtures import BUILT, ROOT

LIST = ROOT / "content" / "danger.yml"
MESSAGES = ROOT / "evaluation" / "danger.jsonl"


def test_nearly_all_dangers_are_noticed_and_hardly_anything_else() -> None:
    dangers = danger.load(LIST)
    encoder = SentenceEncoder.load(BUILT / "encoder")

    def kind(text: str) -> str | None:
        found = dangers.find(text, encoder.encode)
        return found.kind if found else None

    labelled = lines(MESSAGES)
    figures = measure(labelled, kind)
    assert len(labelled) >= 120 and figures["to_notice"] >= 50
    assert figures["recall"] >= 0.95, figures["missed"]
    assert figures["false_alarms"] <= 0.03, figures["false"]


def test_without_the_encoder_the_words_alone_notice_most() -> None:
    dangers = danger.load(LIST)
    figures = measure(lines(MESSAGES), lambda text: kind.kind if (kind := dangers.find(text)) else None)
    assert figures["recall"] >= 0.75 and figures["false_alarms"] <= 0.02, figures


def test_an_ordinary_message_costs_no_encoding() -> None:
    def encode(texts: object) -> object:
        raise AssertionError("nothing in this message is worth a second look")

    assert danger.load(LIST).find("how much is a second parking permit", encode) is None


def test_every_kind_has_its_words() -> None:
    catalogue = load_catalogue(ROOT / "content" / "locales")
    kinds = danger.load(LIST).kinds
    assert len(kinds) >= 5
    assert {kind.words for kind in kinds} <= catalogue.keys("en")


@pytest.mark.parametrize(
    "text", ["kinds: [", "kinds:\n  - {kind: x}\n", "kinds: []\nignore: ['(']\n", "kinds: []\nmore: 1\n"]
)
def test_a_mistake_in_the_list_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "danger.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenDangerList, match=r"danger\.yml"):
        danger.load(path)
