"""`evaluation.categories` says how well the type of a complaint is told, or what is wrong with a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from civic.kit.settings import Settings
from civic.service_requests.services import load
from evaluation import categories

FIGURES = {"accuracy", "macro_f1", "top3_accuracy", "coverage"}


def written(path: Path, rows: list[tuple[str, str]], head: str = "text,service_code") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(head + "\n")
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fixtures import BUILT

    monkeypatch.setenv("FOLKMOOT_ENCODER_DIR", str(BUILT / "encoder"))


def test_it_learns_from_one_file_and_is_measured_on_the_other(tmp_path: Path) -> None:
    services = load(Settings().content / "services.yml").services
    half = [(example, one.service_code) for one in services for example in one.examples[::2]]
    rest = [(example, one.service_code) for one in services for example in one.examples[1::2]]
    out = tmp_path / "figures" / "out.json"
    train, test = written(tmp_path / "t.csv", half), written(tmp_path / "u.csv", rest)
    assert categories.main(["--train", str(train), "--test", str(test), "--json", str(out)]) == 0
    figures = json.loads(out.read_text())
    assert set(figures) == FIGURES
    # From some four examples a type, chance being one in 25.
    assert 0.4 < figures["accuracy"] < figures["top3_accuracy"] <= 1
    surest = {row["coverage"]: row["accuracy"] for row in figures["coverage"]}
    assert surest[1.0] == figures["accuracy"] < surest[0.5]


def test_labels_that_mean_nothing_are_not_told_from_each_other(tmp_path: Path) -> None:
    """The figures can be bad: the measure is no constant."""
    rows = [(f"complaint number {n} about the road", "ab"[n % 2]) for n in range(40)]
    train, test = written(tmp_path / "t.csv", rows[:20]), written(tmp_path / "u.csv", rows[20:])
    out = tmp_path / "out.json"
    assert categories.main(["--train", str(train), "--test", str(test), "--json", str(out)]) == 0
    assert json.loads(out.read_text())["accuracy"] < 0.9


@pytest.mark.parametrize(
    ("head", "rows", "said"),
    [
        ("text,type", [("hole", "pothole")], "row 1 has no column service_code"),
        ("text,service_code", [("hole", "pothole"), ("", "pothole")], "row 3 has no text"),
        ("text,service_code", [("hole", "")], "row 2 has no service_code"),
        ("text,service_code", [], "has no rows"),
    ],
)
def test_a_bad_file_is_refused_with_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], head: str, rows: list[tuple[str, str]], said: str
) -> None:
    bad = written(tmp_path / "bad.csv", rows, head)
    assert categories.main(["--train", str(bad), "--test", str(bad)]) == 2
    assert said in capsys.readouterr().err


def test_macro_f1_gives_each_type_the_same_weight() -> None:
    assert categories.macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7 + 0) / 2)
