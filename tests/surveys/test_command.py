"""The command line: a file is checked without a database, the folder is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.surveys import app
from tests.surveys.typed import ROOT, SURVEYS

runner = CliRunner()


def test_our_own_surveys_pass_the_check() -> None:
    result = runner.invoke(app, ["check", *map(str, sorted(SURVEYS.glob("*.yml")))])
    assert result.exit_code == 0
    assert result.output.count("no mistakes") == 3


def test_a_broken_file_is_explained_and_the_exit_code_says_so(folder: Path) -> None:
    path = folder / "household-waste.yml"
    path.write_text(path.read_text().replace("'rubbish')", "'rubish')").replace("label: What", "lable: What"))
    result = runner.invoke(app, ["check", str(path)])
    assert result.exit_code == 1
    assert "question rubbish_often, field relevant: 'rubish' is no choice of bins" in result.output
    assert "Did you mean 'rubbish'?" in result.output and "Did you mean 'label'?" in result.output
    assert "Traceback" not in result.output


def test_the_check_speaks_json_to_programs(folder: Path) -> None:
    path = folder / "household-waste.yml"
    path.write_text(path.read_text().replace("type: decimal", "type: dezimal"))
    result = runner.invoke(app, ["check", str(path), str(folder / "library-hours.yml"), "--json"])
    broken, good = json.loads(result.stdout)
    assert result.exit_code == 1 and good == {
        "file": "library-hours.yml",
        "ok": True,
        "id": "library-hours",
        "problems": [],
    }
    assert broken["problems"][0]["field"] == "type" and broken["problems"][0]["line"] > 1


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    result = runner.invoke(app, ["check", str(tmp_path / "none.yml")])
    assert result.exit_code == 1 and "cannot be read" in result.output


def test_sync_publishes_the_folder_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("FOLKMOOT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    first = runner.invoke(app, ["sync"])
    assert first.exit_code == 0, first.output
    assert "library-hours is published as version 1" in first.output
    assert "Nothing changed" in runner.invoke(app, ["sync"]).output
