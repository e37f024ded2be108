"""Slips are generated as promised, and the hand-written chat is nobody's training data."""

from __future__ import annotations

import random

import pytest

from evaluation.intent_sets import DIET_CONFIG, DIET_FIGURES, SETS, SHOTS
from evaluation.intents import read
from evaluation.perturbations import REAL_CHAT, project_examples
from evaluation.typing_slips import GREETINGS, SLIPS, near_keys, slipped, typo

TEXT = "When is the bin collected on my street?"


def test_a_typo_changes_one_letter_to_that_of_a_neighbouring_key() -> None:
    for seed in range(50):
        hit = typo(TEXT, random.Random(seed))
        changed = [(a, b) for a, b in zip(TEXT, hit, strict=True) if a != b]
        ((before, after),) = changed
        assert after.lower() in near_keys(before.lower())
        assert before.isupper() == after.isupper()


def test_keys_touch_their_neighbours_only() -> None:
    assert sorted(near_keys("g")) == sorted("fhtyvb")
    assert sorted(near_keys("q")) == sorted("wa")


@pytest.mark.parametrize("name", SLIPS)
def test_the_same_seed_gives_the_same_slips(name: str) -> None:
    texts = [TEXT, "hello", "", "12 !", "please send it to me tomorrow"]
    assert slipped(name, texts) == slipped(name, texts)
    assert slipped(name, texts[:2]) == slipped(name, texts)[:2]
    assert len(slipped(name, texts)) == len(texts)


def test_each_kind_does_what_its_name_says() -> None:
    made = {name: slipped(name, [TEXT])[0] for name in SLIPS}
    assert made["all capitals"] == TEXT.upper()
    assert made["greeting in front"].endswith(TEXT) and made["greeting in front"][: -len(TEXT)] in GREETINGS
    assert made["missing space"].count(" ") == TEXT.count(" ") - 1
    assert made["missing space"].replace(" ", "") == TEXT.replace(" ", "")
    assert TEXT in made["emoji"] and not made["emoji"].isascii()
    assert made["SMS spelling"] == "wen is da bin collected on my street?"


def test_what_cannot_slip_stays() -> None:
    assert slipped("one typo", ["42!"]) == ["42!"]
    assert slipped("missing space", ["bins"]) == ["bins"]


def test_the_real_chat_is_large_covers_every_intent_and_is_not_training_data() -> None:
    lines = read(REAL_CHAT)
    examples = project_examples()
    assert len(lines) >= 120
    assert {intent for _, intent in lines} == {intent for _, intent in examples}
    known = {text.casefold().strip(" ?!.") for text, _ in examples}
    assert [text for text, _ in lines if text.casefold().strip(" ?!.") in known] == []
    assert len({text.casefold() for text, _ in lines}) == len(lines)


def test_every_figure_of_the_rival_says_when_and_how_or_why_it_is_missing() -> None:
    import json

    import yaml

    kept = json.loads(DIET_FIGURES.read_text(encoding="utf-8"))
    assert set(kept["figures"]) == {f"{name} {shot}" for name in SETS for shot in SHOTS}
    for found in kept["figures"].values():
        if found["in_scope_accuracy"] is None:
            assert found["why_not"]
        else:
            assert found["measured_on"] and found["environment"]
            assert found["epochs"] == 100
    pipeline = yaml.safe_load(DIET_CONFIG.read_text(encoding="utf-8"))["pipeline"]
    (rival,) = (step for step in pipeline if step["name"] == "DIETClassifier")
    assert rival["epochs"] == 100
