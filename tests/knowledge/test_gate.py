"""The gate's probability follows what was found, and its numbers fit the features of this version."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.knowledge.gate import DEFAULT_THRESHOLD, Gate, features
from civic.knowledge.gate.model import WEIGHTS
from civic.knowledge.index import Entry, PassageIndex, Query

TEXTS = {
    "permits": "Parking permits\nThe second resident permit costs £110 a year.",
    "bins": "Waste collection\nPut your bins out by 6.30am on collection day.",
    "noise": "Noise\nBuilding sites may be heard from 8am to 6pm on weekdays.",
    "dogs": "Dogs\nKeep your dog on a lead in cemeteries.",
}


def build(encoder: SentenceEncoder, names: list[str]) -> PassageIndex:
    texts = [TEXTS[name] for name in names]
    entries = [Entry(name, 1, "", (), text) for name, text in zip(names, texts, strict=True)]
    return PassageIndex(entries, encoder.encode(texts), texts)


def chance(encoder: SentenceEncoder, names: list[str], question: str, context: str = "") -> float:
    index, query = build(encoder, names), Query.of(encoder, question, context)
    return Gate.shipped().probability(query, index.search(query, 10), index)


def test_a_question_is_likelier_answered_with_its_page_than_without_it(encoder: SentenceEncoder) -> None:
    question = "how much does a second resident permit cost"
    with_page = chance(encoder, list(TEXTS), question)
    without = chance(encoder, [name for name in TEXTS if name != "permits"], question)
    elsewhere = chance(encoder, list(TEXTS), "play some jazz in the living room")
    assert with_page > DEFAULT_THRESHOLD > max(without, elsewhere)


def test_more_of_the_same_meaning_and_wording_makes_an_answer_likelier() -> None:
    gate = Gate.shipped()
    middle = {name: signal.mean for name, signal in gate.signals.items()}

    def better(by: float) -> float:
        """All that speaks for an answer at once: the signals overlap, so one alone says little."""
        names = ("meaning", "best_meaning", "wording", "best_wording", "wording_share", "covered", "standing")
        return gate.of({**middle, **{name: middle[name] + by * gate.signals[name].spread for name in names}})

    steps = [better(by) for by in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    assert steps == sorted(steps) and steps[0] < 0.5 < steps[-1]


def test_a_signal_far_outside_what_was_seen_cannot_decide_alone() -> None:
    gate = Gate.shipped()
    middle = {name: signal.mean for name, signal in gate.signals.items()}
    for name, signal in gate.signals.items():
        for sign in (-1, 1):
            far, farther = (
                gate.of({**middle, name: signal.mean + sign * by * signal.spread}) for by in (3, 1e6)
            )
            assert far == pytest.approx(farther), name


@pytest.mark.parametrize("question", ["", "🙂🙂", "of the and", "a" * 5000, "£", "\x00"])
@pytest.mark.parametrize("names", [["bins"], ["bins", "dogs"], list(TEXTS)])
def test_whatever_is_asked_the_chance_is_between_0_and_1(
    encoder: SentenceEncoder, question: str, names: list[str]
) -> None:
    assert 0 < chance(encoder, names, question, context="and before that") < 1


def test_nothing_found_is_no_answer(encoder: SentenceEncoder) -> None:
    index = PassageIndex([], np.zeros((0, 384), dtype=np.float32), [])
    query = Query.of(encoder, "when are my bins emptied")
    assert Gate.shipped().probability(query, index.search(query), index) == 0.0


def test_the_numbers_are_for_the_features_of_this_version() -> None:
    gate = Gate.load()
    assert list(gate.signals) == [feature.__name__ for feature in features.FEATURES]
    assert all(signal.spread > 0 and math.isfinite(signal.weight) for signal in gate.signals.values())
    assert any(signal.weight for signal in gate.signals.values())
    assert 0.3 < gate.threshold == DEFAULT_THRESHOLD < 0.9


def test_numbers_for_other_features_are_refused(tmp_path: Path) -> None:
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    read["signals"].pop("meaning")
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(read), encoding="utf-8")
    with pytest.raises(ValueError, match=r"evaluation\.train_gate"):
        Gate.load(path)
