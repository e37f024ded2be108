"""The linear head: deterministic, saved as plain arrays, honest about strangers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from civic.encoder import SentenceEncoder
from rasa_server.fallback import ScopeFallback, decide
from rasa_server.linear_head import OUT_OF_SCOPE, LinearHead, train
from rasa_server.tfidf import TfIdf, grams

ROOT = Path(__file__).resolve().parents[3]


def examples(*intents: str) -> tuple[list[str], list[str]]:
    texts, labels = [], []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if not intents or entry["intent"] in intents:
                lines = [line[2:] for line in entry["examples"].splitlines()]
                texts += lines
                labels += [entry["intent"]] * len(lines)
    return texts, labels


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.load(Path(os.environ["FOLKMOOT_HOME"]) / "encoder")


def encode(encoder: SentenceEncoder, texts: list[str]) -> np.ndarray:
    return encoder.encode(texts)


@pytest.fixture(scope="module")
def small(encoder: SentenceEncoder) -> tuple[list[str], np.ndarray, list[str]]:
    texts, labels = examples("greet", "bye", "delete_my_data", OUT_OF_SCOPE)
    return texts, encode(encoder, texts), labels


def test_the_same_examples_give_the_same_head(small) -> None:
    first, second = train(*small), train(*small)
    assert first.threshold == pytest.approx(second.threshold, abs=1e-6)
    for name in ("dense", "sparse", "bias"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), atol=1e-5)


def test_a_saved_head_judges_as_before_without_loading_sklearn(small, tmp_path: Path) -> None:
    head = train(*small)
    head.save(tmp_path / "head.npz")
    code = (
        "import sys\nfrom pathlib import Path\nfrom rasa_server.linear_head import LinearHead\n"
        f"LinearHead.load(Path({str(tmp_path / 'head.npz')!r}))\n"
        "sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
    again = LinearHead.load(tmp_path / "head.npz")
    for text, vector in zip(small[0][::7], small[1][::7], strict=True):
        before, after = head.judge(text, vector), again.judge(text, vector)
        assert [name for name, _ in before.ranking] == [name for name, _ in after.ranking]
        assert after.score == pytest.approx(before.score, abs=0.02)
    assert (again.threshold, again.margin) == (head.threshold, head.margin)
    assert np.isfinite(head.threshold)


def test_two_intents_are_enough(encoder: SentenceEncoder) -> None:
    texts, labels = examples("greet", "delete_my_data")
    head = train(texts, encode(encoder, texts), labels)
    assert head.judge("hello", encoder.encode(["hello"])[0]).ranking[0][0] == "greet"
    assert head.judge("erase me", encoder.encode(["erase me"])[0]).ranking[0][0] == "delete_my_data"


def test_shares_add_up_to_one(small) -> None:
    head = train(*small)
    for text in ("hello", "", "\U0001f600\U0001f600", "zzzz " * 300):
        ranking = head.judge(text, small[1][0]).ranking
        assert sum(share for _, share in ranking) == pytest.approx(1)
        assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


def test_what_belongs_here_scores_above_what_does_not(encoder: SentenceEncoder) -> None:
    texts, labels = examples()
    held = [place for place in range(len(texts)) if place % 5 == 0]
    learn = [place for place in range(len(texts)) if place % 5]
    vectors = encode(encoder, texts)
    head = train([texts[i] for i in learn], vectors[learn], [labels[i] for i in learn])
    judged = [(head.judge(texts[i], vectors[i]), labels[i]) for i in held]
    inside = [j.score for j, label in judged if label != OUT_OF_SCOPE]
    outside = [j.score for j, label in judged if label == OUT_OF_SCOPE]
    auroc = np.mean([[a > b for b in outside] for a in inside])
    right = np.mean([j.ranking[0][0] == label for j, label in judged])
    print(f"held out: accuracy {right:.3f}, out-of-scope AUROC {auroc:.3f}, threshold {head.threshold:.2f}")
    assert auroc > 0.92
    assert right > 0.82
    assert np.mean([score >= head.threshold for score in inside]) > 0.93


def test_tf_idf_gives_words_and_characters_the_same_weight() -> None:
    tfidf = TfIdf.fit(["the bin", "the bins", "a road", "the road"], weight=0.5)
    row = tfidf.row("the bin on the road")
    words = np.array([not tfidf.vocabulary[column].startswith("c:") for column in row.columns])
    assert np.linalg.norm(row.values[words]) == pytest.approx(0.5, abs=1e-6)
    assert np.linalg.norm(row.values[~words]) == pytest.approx(0.5, abs=1e-6)
    assert not len(tfidf.row("xyzzy").columns) or tfidf.row("xyzzy").values.max() <= 0.5
    assert set(grams("Bin")) == {
        "w:bin",
        "c: b",
        "c:bi",
        "c:in",
        "c:n ",
        "c: bi",
        "c:bin",
        "c:in ",
        "c: bin",
        "c:bin ",
    }


def ranking(*pairs: tuple[str, float]) -> list[dict]:
    return [{"name": name, "confidence": share} for name, share in pairs]


CLEAR = ranking(("greet", 0.9), ("bye", 0.1))
CLOSE = ranking(("report_problem", 0.5), ("ask_policy", 0.45))


@pytest.mark.parametrize(
    ("seen", "score", "harmless", "decided"),
    [
        (CLEAR, 9.0, None, None),
        (CLEAR, 1.0, None, "nlu_fallback"),
        (ranking(("out_of_scope", 0.9), ("bye", 0.1)), 1.0, None, "out_of_scope"),
        (ranking(("bye", 0.6), ("out_of_scope", 0.4)), 1.0, None, "out_of_scope"),
        (ranking(("ask_policy", 0.6), ("out_of_scope", 0.4)), 1.0, "ask_policy", "nlu_fallback"),
        (ranking(("out_of_scope", 0.6), ("ask_policy", 0.4)), 1.0, "ask_policy", "out_of_scope"),
        (ranking(("out_of_scope", 0.9), ("bye", 0.1)), 9.0, None, None),
        (CLOSE, 9.0, None, "nlu_fallback"),
        (CLOSE, 9.0, "ask_policy", "ask_policy"),
        (ranking(("affirm", 0.5), ("deny", 0.45), ("ask_policy", 0.05)), 9.0, "ask_policy", "nlu_fallback"),
        (ranking(("greet", 1.0)), 9.0, None, None),
    ],
)
def test_the_fallback_decides(
    seen: list[dict], score: float, harmless: str | None, decided: str | None
) -> None:
    assert decide(seen, score, 5.0, 0.08, harmless) == decided


def test_a_message_the_classifier_did_not_see_is_left_alone() -> None:
    from rasa.shared.nlu.training_data.message import Message

    message = Message({"text": "/greet", "intent": {"name": "greet", "confidence": 1.0}})
    ScopeFallback({"harmless": None}).process([message])
    assert message.get("intent") == {"name": "greet", "confidence": 1.0}


def test_another_encoder_makes_the_cached_vectors_stale() -> None:
    from rasa_server.sentence_featurizer import SentenceFeaturizer

    folder = str(Path(os.environ["FOLKMOOT_HOME"]) / "encoder")
    assert SentenceFeaturizer.fingerprint_addon({"encoder": folder}) == SentenceEncoder.load(folder).digest
