"""The evaluation of intents runs the shipped pipeline through Rasa, and says what is wrong with a file."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.figures import KEYS, auroc, best_matthews, figures, matthews
from evaluation.intents import BadFile, main, read
from evaluation.rasa_pipeline import OUT_OF_SCOPE, ROOT, Parse, Run, shipped

EXAMPLES = {
    "bins/collection": [
        "when is my bin collected",
        "which day is bin day",
        "my rubbish day",
        "bin collection",
    ],
    "tax": ["how do i pay council tax", "council tax bill", "what is my tax band", "pay my tax"],
    "library": [
        "library opening hours",
        "when does the library close",
        "borrow a book",
        "is the library open",
    ],
    OUT_OF_SCOPE: ["order me a pizza", "tell me a joke", "who won the match", "play some music"],
}
ASKED = [
    ("WHEN ARE BINS COLLECTED", "bins/collection"),
    ("/bin day?", "bins/collection"),
    ('the "tax bill", [please](now)', "tax"),
    ("is the libary open on sunday", "library"),
    ("order a large pizza with cheese", OUT_OF_SCOPE),
    ("play a song by the beatles", OUT_OF_SCOPE),
]


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "intent"), *rows])
    return path


def examples(*without: str) -> list[tuple[str, str]]:
    return [(text, intent) for intent, texts in EXAMPLES.items() if intent not in without for text in texts]


def run(folder: Path, learn: list[tuple[str, str]], asked: list[tuple[str, str]]) -> dict[str, float | None]:
    out = folder / "figures.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "evaluation.intents", "--json", str(out)),
            *(
                "--train",
                str(write(folder / "train.csv", learn)),
                "--test",
                str(write(folder / "test.csv", asked)),
            ),
        ],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "in_scope_accuracy" in done.stdout
    found: dict[str, float | None] = json.loads(out.read_text(encoding="utf-8"))
    return found


needs_rasa = pytest.mark.skipif(
    not (ROOT / ".venv-rasa" / "bin" / "python").exists(), reason="Rasa's environment is not built"
)


@pytest.mark.rasa
@needs_rasa
def test_a_small_set_goes_through_rasa_to_the_figures(tmp_path: Path) -> None:
    found = run(tmp_path, examples(), ASKED)
    assert tuple(found) == KEYS
    assert found["in_scope_accuracy"] == 1.0
    assert found["oos_auroc"] == 1.0
    assert all(found[name] is not None for name in KEYS)
    again = run(tmp_path, examples(), ASKED)
    timed = {"train_seconds", "parse_ms_p50"}
    assert {k: v for k, v in found.items() if k not in timed} == {
        k: v for k, v in again.items() if k not in timed
    }


@pytest.mark.rasa
@needs_rasa
def test_a_set_without_strangers_has_no_figures_of_refusing(tmp_path: Path) -> None:
    found = run(tmp_path, examples(OUT_OF_SCOPE), [row for row in ASKED if row[1] != OUT_OF_SCOPE])
    assert tuple(found) == KEYS
    assert [name for name in KEYS if found[name] is None] == ["oos_recall", "oos_precision", "oos_auroc"]


def test_what_is_measured_is_what_is_shipped() -> None:
    steps = [dict(step) for step in shipped().config["pipeline"]]
    (classifier,) = (step for step in steps if step.pop("report_scope", False))
    assert "threshold" not in json.dumps(steps) and "margin" not in json.dumps(steps)
    assert classifier["name"].endswith("LinearIntentClassifier")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "row 1: the header is missing"),
        ("question,label\na,b\n", "row 1: the header is question,label"),
        ("text,intent\n", "no rows below its header"),
        ("text,intent\nhello,greet\n,greet\n", "row 3: the text is empty"),
        ("text,intent\nhello,\n", "row 2: the intent is empty"),
        ("text,intent\nhello, you,greet\n", "row 2: 3 cells where the header has 2"),
        ('text,intent\n"hello,greet\n', "row 2: unexpected end of data"),
    ],
)
def test_a_bad_file_is_refused_with_the_row_and_the_remedy(
    tmp_path: Path, content: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    assert main(["--train", str(path), "--test", str(path)]) == 2
    error = capsys.readouterr().err
    assert said in error and str(path) in error
    assert error.strip().endswith(".") and error.count(". ") >= 1


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        read(tmp_path / "nowhere.csv")
    (tmp_path / "latin.csv").write_bytes("text,intent\ncafé,a\n".encode("latin-1"))
    with pytest.raises(BadFile, match="not UTF-8"):
        read(tmp_path / "latin.csv")


def test_one_intent_alone_cannot_be_learned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "one.csv", [("hello", "greet"), ("hi", "greet")])
    assert main(["--train", str(path), "--test", str(path)]) == 2
    assert "greet only" in capsys.readouterr().err


def test_a_byte_order_mark_other_columns_and_empty_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "extra.csv"
    path.write_text('\ufeffid,Intent,TEXT\n1,greet,hello\n\n2,bye,"see you, bye"\n', encoding="utf-8")
    assert read(path) == [("hello", "greet"), ("see you, bye", "bye")]


def parse(intent: str, guess: str, score: float) -> Parse:
    return Parse(intent, guess, score, 1.0)


def test_the_figures_count_both_kinds_of_refusal() -> None:
    parses = [
        parse("a", "a", 9.0),
        parse("b", "b", 8.0),
        parse("nlu_fallback", "b", 3.0),
        parse("out_of_scope", "a", 1.0),
        parse("a", "a", 7.0),
    ]
    found = figures(["a", "b", "b", OUT_OF_SCOPE, OUT_OF_SCOPE], Run(1.0, parses))
    assert found["in_scope_accuracy"] == 1.0
    assert found["oos_recall"] == 0.5
    assert found["oos_precision"] == 0.5
    assert found["oos_auroc"] == pytest.approx(5 / 6, abs=1e-4)
    assert found["best_mcc"] >= found["mcc"] > 0  # type: ignore[operator]


def test_the_score_that_parts_friends_from_strangers_has_an_auroc_of_one() -> None:
    import numpy as np

    assert auroc(np.array([2.0, 3.0]), np.array([1.0])) == 1.0
    assert auroc(np.array([1.0]), np.array([1.0])) == 0.5
    assert auroc(np.array([1.0]), np.array([])) is None
    true, guesses = np.array(["a", "b", OUT_OF_SCOPE]), np.array(["a", "b", "b"])
    assert best_matthews(true, guesses, np.array([2.0, 2.0, 1.0])) == pytest.approx(1)
    assert matthews(true, guesses) < 1
