"""Every public form: refused where pyxform refuses it, else accepted or refused for a named reason."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from civic.surveys.limits import REASONS
from civic.surveys.sheets import examine
from tests.surveys.typed import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "surveys"
OUTCOMES = FOLDER / "pyxform_outcome.csv"
pytestmark = pytest.mark.skipif(not OUTCOMES.exists(), reason="the public data is not beside this checkout")
FORMS = sorted(
    path for path in FOLDER.rglob("*") if path.suffix in (".xlsx", ".xls", ".md", ".csv") and path != OUTCOMES
)


def outcome(path: Path) -> dict[str, str] | None:
    """What pyxform said of the file; it knows it by where it was in its own repository."""
    with OUTCOMES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if Path(row["file"]).name == path.name:
                return row
    return None


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_public_form_is_accepted_or_refused_for_a_named_reason(path: Path) -> None:
    read, said = examine(path), outcome(path)
    assert (read.definition is None) == bool(read.errors)
    for problem in read.problems:
        assert problem.cause and problem.remedy and problem.code
    if said is not None and said["outcome"] == "error":
        assert read.errors, "pyxform refuses it"
        row = re.search(r"\[row : (\d+)\]", said["message"])
        if row:
            assert int(row[1]) in {problem.row for problem in read.errors}
    else:
        assert {problem.code for problem in read.errors} <= set(REASONS), read.errors


def test_the_public_forms_are_there_and_some_are_taken() -> None:
    good = [path for path in FORMS if not examine(path).errors]
    assert len(FORMS) >= 29 and len(good) >= 7
    assert {".xls", ".xlsx"} <= {path.suffix for path in good}, "read, not only refused"
