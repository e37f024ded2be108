"""The gate's probability follows what was found, and its numbers fit the features of this version."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.knowledge.gate import DEFAULT_THRESHOLD, Gate, features, rivals
from civic.knowledge.gate.model import WEIGHTS, Regression, Signal, Trees
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


def test_what_speaks_for_an_answer_by_itself_never_speaks_against_one(encoder: SentenceEncoder) -> None:
    """The trees are grown so that a larger lead in meaning, or more of the words, cannot lower the chance."""
    gate = Gate.shipped()
    index, query = build(encoder, list(TEXTS)), Query.of(encoder, "how much is a second permit")
    seen = features.values(query, index.search(query, 10), index)
    for name in ("context_own", "context_above", "coverage_lead", "three_above", "first_in"):
        grown = [gate.trees.odds({**seen, name: value}) for value in (-5.0, -0.1, 0.0, 0.1, 0.3, 1.0, 9.0)]
        assert grown == sorted(grown), name
        assert grown[0] < grown[-1], name


def test_trees_go_the_way_that_the_feature_says() -> None:
    trees = Trees(start=0.5, names=["meaning", "lead"], trees=[[0, 0.4, [1, 0.1, -2.0, -1.0], 3.0], 0.25])

    def odds(meaning: float, lead: float) -> float:
        return trees.odds({"meaning": meaning, "lead": lead, "unused": 1.0})

    assert [odds(0.4, 0.1), odds(0.4, 0.2), odds(0.5, 0.0)] == [-1.25, -0.25, 3.75]


def test_a_question_must_both_belong_here_and_be_answered_here() -> None:
    belongs = Regression(0.0, {"meaning": Signal(mean=0.0, spread=1.0, weight=2.0)})
    answers = Regression(0.0, {"meaning": Signal(mean=0.0, spread=1.0, weight=-3.0)})
    gate = Gate(belongs, answers, Trees(0.0, ["meaning"], [[0, 0.0, 1.0, -1.0]]), threshold=0.5)
    for strength in (-1.0, 1.0):
        seen = {"meaning": strength, "title_named": 0.0, "covered": 1.0}
        one, other = gate.judged(seen)
        assert one == pytest.approx(1 - other)  # the middle of 3 and 1
        assert gate.of(seen) == min(one, other) < 0.5


def test_who_names_a_whole_title_and_asks_of_nothing_else_belongs_here() -> None:
    """The encoder cuts "allotment" in three and hardly knows it; the words say what is meant."""
    gate = Gate.shipped()
    plain = dict.fromkeys(features.NAMES, 0.0)
    named = {**plain, "title_named": 1.0, "covered": 1.0}
    assert gate.judged(plain)[0] < 0.5
    assert gate.judged(named)[0] == 1.0
    assert gate.of(named) == gate.judged(named)[1] < 1.0  # what was found has to answer it all the same
    for short in ({**named, "covered": 0.9}, {**named, "title_named": 0.0}):
        assert gate.judged(short)[0] < 0.5


def test_a_document_is_compared_with_the_others_that_were_found(encoder: SentenceEncoder) -> None:
    """Alone among strangers it leads; with a twin beside it, it does not."""
    question = Query.of(encoder, "how much is the second resident permit")

    def seen(texts: list[str]) -> dict[str, float]:
        entries = [Entry(str(at), 1, "", (), text) for at, text in enumerate(texts)]
        index = PassageIndex(entries, encoder.encode(texts), texts)
        return features.values(question, index.search(question, features.WIDE), index)

    others = [TEXTS["bins"], TEXTS["noise"], TEXTS["dogs"]]
    alone, twins = seen([TEXTS["permits"], *others]), seen([TEXTS["permits"], TEXTS["permits"], *others])
    for name in ("context_lead", "coverage_lead", "words_lead", "three_lead"):
        assert alone[name] > 0 and twins[name] == pytest.approx(0, abs=1e-3), name
    assert alone["context_own"] == pytest.approx(twins["context_own"], abs=1e-2)
    assert alone["first_in"] == len(rivals.RATINGS)


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
    seen = features.values(query, [unplaced], index)
    assert seen["document_meaning"] == seen["context_own"] == unplaced.cosine


def test_a_signal_far_outside_what_was_seen_cannot_decide_alone() -> None:
    gate = Gate.shipped()
    middle = dict.fromkeys(features.NAMES, 0.0)
    middle |= {name: signal.mean for name, signal in gate.answers.signals.items()}
    for name in features.NAMES:
        for far in (-1e3, 1e3):
            assert gate.of({**middle, name: far}) == pytest.approx(gate.of({**middle, name: 1e6 * far})), name


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
    assert list(gate.trees.names) == features.NAMES and gate.trees.trees
    for judgement in (gate.belongs, gate.answers):
        assert set(judgement.signals) <= set(features.NAMES)
        assert all(one.spread > 0 and math.isfinite(one.weight) for one in judgement.signals.values())
        assert any(one.weight for one in judgement.signals.values())
    assert 0.2 < gate.threshold == DEFAULT_THRESHOLD < 0.9
    assert WEIGHTS.stat().st_size < 100_000


def test_numbers_for_other_features_are_refused(tmp_path: Path) -> None:
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    read["trees"]["names"].remove("meaning")
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(read), encoding="utf-8")
    with pytest.raises(ValueError, match=r"evaluation\.train_gate"):
        Gate.load(path)
