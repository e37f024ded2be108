"""The evaluation of answers: the promised keys, a missing answer that is no crash, and clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import SentenceEncoder
from civic.knowledge.gate import Gate, features
from civic.knowledge.index import PassageIndex, Query
from evaluation import answer_sets, answers, follow_ups, near_misses, train_gate
from tests.fixtures import BUILT, ROOT

DATA = ROOT.parent / "shared" / "data"
PASSAGES = [
    {"id": "p1", "title": "Parking permits", "text": "The second resident permit costs £110 a year."},
    {"id": "p2", "title": "Waste", "text": "Put your bins out by 6.30am on collection day."},
    {"id": 3, "title": None, "text": "Keep your dog on a lead in cemeteries."},
]
QUESTIONS = [
    {"id": "q1", "text": "how much is a second resident permit", "gold": ["p1"]},
    {"id": "q2", "text": "and when?", "context": "do I put my bins out", "gold": ["p2"]},
    {"id": "q3", "text": "how do I renew my passport", "gold": ["not-there"]},
    {"id": "q4", "text": "play some jazz", "gold": []},
]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLKMOOT_HOME", str(BUILT))


def write(path: Path, lines: list[object]) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def run(folder: Path, passages: Path, questions: Path) -> int:
    return answers.main(
        ["--passages", str(passages), "--questions", str(questions), "--json", str(folder / "out.json")]
    )


def test_the_figures_have_the_promised_keys_and_an_answer_that_is_not_there_counts_as_not_found(
    tmp_path: Path,
) -> None:
    questions = write(tmp_path / "q.jsonl", list(QUESTIONS))
    assert run(tmp_path, write(tmp_path / "p.jsonl", list(PASSAGES)), questions) == 0
    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert set(figures) == {"methods", "refusal"}
    assert set(figures["methods"]) == {"bm25", "dense", "hybrid", "shipped"}
    for values in figures["methods"].values():
        assert set(values) == {"r1", "r5", "r10", "mrr", "ms_p50"}
        assert values["r10"] == pytest.approx(2 / 3, abs=1e-3)  # q3 asks for what is not there
    assert set(figures["refusal"]) == {"auroc", "answered_answerable", "answered_unanswerable"}
    assert figures["refusal"]["auroc"] == 1.0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['{"id": "p1", "text": "a"}', "{broken"], ["p.jsonl, line 2", "not JSON", "Expected"]),
        (['{"id": "p1"}'], ["p.jsonl, line 1", '"text" is missing']),
        (['{"id": "p1", "text": "a"}', "", '{"id": "p1", "text": "b"}'], ["line 3", "line 1 already"]),
        ([""], ["holds no passage"]),
    ],
)
def test_a_bad_passage_is_named_with_its_line_and_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], said: list[str]
) -> None:
    (tmp_path / "p.jsonl").write_text("\n".join(lines), encoding="utf-8")
    questions = write(tmp_path / "q.jsonl", list(QUESTIONS))
    assert run(tmp_path, tmp_path / "p.jsonl", questions) == 2
    error = capsys.readouterr().err
    assert all(part in error for part in said), error


def test_a_question_without_a_list_of_ids_and_a_missing_file_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passages = write(tmp_path / "p.jsonl", list(PASSAGES))
    assert run(tmp_path, passages, write(tmp_path / "q.jsonl", [{"text": "when", "gold": "p1"}])) == 2
    assert 'q.jsonl, line 1: "gold" is missing or no list' in capsys.readouterr().err
    assert run(tmp_path, passages, tmp_path / "nowhere.jsonl") == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


def test_near_misses_are_asked_with_their_page_and_without_it_and_the_gate_can_be_fitted_anew(
    encoder: SentenceEncoder,
) -> None:
    town = answer_sets.town_set()
    few = [one for one in town.questions if one.page][:6] + [one for one in town.questions if not one.page][
        :2
    ]
    pages = {one.page for one in few}
    entries = [entry for entry in town.entries if entry.document_id in pages]
    small = answer_sets.PolicySet("town", entries, few)
    seen = near_misses.look(small, few, ["play some jazz"], small.index(encoder), encoder)
    assert {kind: len(values) for kind, values in seen.values.items()} == {
        "answerable": 6,
        "near": 6,
        "foreign": 1,
        "others": 2,
    }
    found = near_misses.figures(seen, Gate.shipped())
    assert set(found) == {"questions", "best_page_right", "gate", "cosine", "shipped", "reliability"}
    assert sum(one["share"] for one in found["reliability"]) == pytest.approx(1, abs=1e-3)
    assert {"answered", "right_of_answered", "near_answered", "foreign_answered"} <= set(found["shipped"])
    fitted = train_gate.fit([seen])
    assert list(fitted["belongs"]["signals"]) == train_gate.LINEAR and 0 < fitted["threshold"] < 1
    assert fitted["trees"]["names"] == features.NAMES
    index = small.index(encoder)
    without = small.without(few[0].page, index)
    kept = [entry for entry in entries if entry.document_id != few[0].page]
    assert list(without.entries) == kept and len(kept) < len(entries)
    positions = [at for at, entry in enumerate(entries) if entry.document_id != few[0].page]
    texts = [small.texts[at] for at in positions]
    built = PassageIndex(kept, index.vectors_at(range(len(index)))[positions], texts)
    for one in few:
        query = Query.of(encoder, one.text)
        same = zip(built.search(query), without.search(query), strict=True)
        assert all(a.position == b.position and a.score == pytest.approx(b.score, abs=1e-4) for a, b in same)


def test_several_sets_are_judged_as_one_by_one_threshold_and_their_pages_stay_apart() -> None:
    def seen(right: float, wrong: float) -> near_misses.Seen:
        values = {kind: [{"meaning": number}] for kind, number in (("answerable", right), ("near", wrong))}
        return near_misses.Seen({**values, "foreign": [], "others": []}, [True], [0])

    one, other = seen(0.9, 0.5), seen(0.4, 0.1)
    whole = near_misses.Seen.together([one, other])
    assert whole.pages == [0, 1] and whole.right == [True, True]
    near = np.array([each["meaning"] for each in whole.values["near"]])
    shown = np.array([each["meaning"] for each in whole.values["answerable"]])
    assert near_misses.auroc(shown, near) == 0.75, "each set alone would have all in order"
    assert len(one.values["near"]) == 1, "the sets themselves stay as they are"


def test_auroc_is_the_share_of_pairs_in_the_right_order_with_ties_half() -> None:
    assert near_misses.auroc(np.array([0.9, 0.5]), np.array([0.1, 0.5])) == 0.875
    assert near_misses.auroc(np.array([0.9]), np.array([])) is None


@pytest.mark.skipif(not (DATA / "policy").is_dir(), reason="the public data is not beside this checkout")
def test_no_page_is_both_fitted_on_and_measured_on() -> None:
    for policy in (answer_sets.or_sharc_set(DATA), answer_sets.conditional_set(DATA)):
        held = {one.page for one in policy.questions if one.held_back}
        fitted = {one.page for one in policy.questions if not one.held_back}
        assert held and fitted and not held & fitted


def test_texts_under_one_telling_heading_or_address_are_one_page_however_long_the_chain() -> None:
    texts = {
        "1": "## Items at the zero rate\n\n* ambulances",
        "2": "# Items at the zero rate:\n\n* medicines",
        "3": "No heading, but the address of 2",
        "4": "# Overview\n\nof one thing",
        "5": "# Overview\n\nof another",
        "6": "# Universal Credit housing\n\non one page",
        "7": "# Universal Credit housing\n\non another page",
    }
    address = {"2": "a", "3": "a", "6": "b", "7": "c"}
    groups = [*answer_sets._same_address(address), *answer_sets._same_heading(texts, address)]
    page = answer_sets._together(texts, groups)
    assert page["1"] == page["2"] == page["3"]
    assert len(set(page.values())) == 5


def test_the_dialogues_with_the_town_are_about_documents_of_the_town() -> None:
    documents = {entry.document_id for entry in answer_sets.town_set().entries}
    for kind in follow_ups.KINDS:
        found = follow_ups.town_dialogues(kind)
        assert len(found) >= 40
        assert {document for _, _, document in found} <= documents
