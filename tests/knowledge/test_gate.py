"""The gate's probability follows what was found, and its numbers fit the features of this version."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.knowledge.gate import DEFAULT_THRESHOLD, Gate, features
from civic.knowledge.gate.model import WEIGHTS, Intercepts, Signal
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


def test_a_question_must_both_belong_here_and_be_answered_here() -> None:
    signal = Signal(mean=0.0, spread=1.0, belongs=2.0, answers=-2.0)
    gate = Gate({"meaning": signal}, Intercepts(belongs=0.0, answers=0.0), threshold=0.5)
    for strength in (-1.0, 0.0, 1.0):
        belongs, answers = gate.judged({"meaning": strength})
        assert belongs == pytest.approx(1 - answers)
        assert gate.of({"meaning": strength}) == min(belongs, answers) <= 0.5


def test_what_the_rest_of_the_document_says_counts_and_what_other_documents_say_does_not(
    encoder: SentenceEncoder,
) -> None:
    texts = ["The second permit costs £110.", "Permits last a year.", "A lost badge costs £10."]
    question = Query.of(encoder, "how much is a second permit that lasts a year with a badge")

    def seen(documents: list[str]) -> dict[str, float]:
        entries = [
            Entry(name, at, "", (), text)
            for at, (name, text) in enumerate(zip(documents, texts, strict=True))
        ]
        index = PassageIndex(entries, encoder.encode(texts), texts)
        return features.values(question, index.search(question, 10), index)

    alone, page, everything = seen(["a", "b", "c"]), seen(["a", "a", "c"]), seen(["a", "a", "a"])
    assert alone["document_covers"] == pytest.approx(alone["covered_with_context"])
    assert alone["document_covers"] < page["document_covers"] < everything["document_covers"]
    assert alone["three_of_document"] == pytest.approx(alone["meaning"], abs=1e-5)
    assert page["three_of_document"] < page["meaning"]


def test_a_passage_that_was_not_searched_for_is_judged_by_itself(encoder: SentenceEncoder) -> None:
    index, query = build(encoder, list(TEXTS)), Query.of(encoder, "how much is a second permit")
    found = index.search(query, 1)[0]
    unplaced = replace(found, position=-1)
    assert len(index.document_around(unplaced)) == 0
    assert features.values(query, [unplaced], index)["document_meaning"] == unplaced.cosine


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
    assert all(
        signal.spread > 0 and math.isfinite(signal.belongs + signal.answers)
        for signal in gate.signals.values()
    )
    assert any(signal.belongs for signal in gate.signals.values())
    assert any(signal.answers for signal in gate.signals.values())
    assert 0.2 < gate.threshold == DEFAULT_THRESHOLD < 0.9


def test_numbers_for_other_features_are_refused(tmp_path: Path) -> None:
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    read["signals"].pop("meaning")
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(read), encoding="utf-8")
    with pytest.raises(ValueError, match=r"evaluation\.train_gate"):
        Gate.load(path)
