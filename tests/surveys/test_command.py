"""The command line: a file is checked without a database, the folder is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from civic.surveys.sheets import files_in, read_file
from cli.surveys import app
from tests.surveys.typed import ROOT, SURVEYS

runner = CliRunner()


def test_our_own_surveys_pass_the_check() -> None:
    result = runner.invoke(app, ["check", *map(str, files_in(SURVEYS))])
    assert result.exit_code == 0
    assert result.output.count("no mistakes") == 4


def test_a_folder_means_the_surveys_in_it_and_an_empty_one_is_said_to_be(tmp_path: Path) -> None:
    result = runner.invoke(app, ["check", str(SURVEYS)])
    assert result.exit_code == 0 and result.output.count("no mistakes") == 4
    result = runner.invoke(app, ["check", str(tmp_path)])
    assert result.exit_code == 1 and "There is no survey in" in result.output


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
    first = broken["problems"][0]
    assert first["field"] == "type" and first["line"] > 1
    assert (first["sheet"], first["row"], first["column"]) == ("survey", first["line"], "type")
    assert (first["severity"], first["code"]) == ("error", "type") and first["cause"] and first["remedy"]


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


def test_a_survey_is_recorded_and_replayed_and_a_change_of_the_survey_is_a_difference(
    folder: Path, tmp_path: Path
) -> None:
    path, said = folder / "library-hours.yml", tmp_path / "said.txt"
    played = runner.invoke(app, ["try", str(path), "--record", str(said)], input="yes\nback\nstop\nyes\n")
    assert played.exit_code == 0, played.output
    assert "Question 1 of" in played.output
    same = runner.invoke(app, ["try", str(path), "--answers", str(said)])
    assert same.exit_code == 0 and "the same, " in same.output
    path.write_text(path.read_text().replace("form_title: ", "form_title: New "))
    other = runner.invoke(app, ["try", str(path), "--answers", str(said)])
    assert other.exit_code == 1
    assert "\n-" in other.output and "\n+" in other.output and "Traceback" not in other.output


def test_answers_alone_are_played_without_a_comparison(tmp_path: Path) -> None:
    answers = tmp_path / "answers.txt"
    answers.write_text("> Yes, let's begin\n> yes\n> yesterday\n")
    result = runner.invoke(app, ["try", str(SURVEYS / "summer-festival.xlsx"), "--answers", str(answers)])
    assert result.exit_code == 0 and "Noted: Sunday 1 March 2026." in result.output


def test_a_rehearsal_is_the_same_with_the_same_seed_and_tells_all_it_measured() -> None:
    arguments = ["rehearse", str(SURVEYS / "summer-festival.xlsx"), "--respondents", "40", "--json"]
    once, again, other = (runner.invoke(app, [*arguments, "--seed", seed]).stdout for seed in ("5", "5", "6"))
    assert once == again and once != other
    report = json.loads(once)
    assert report["respondents"] == 40 and report["finished"] > 20 and report["dead_ends"] == []
    assert (
        0.5 < report["minutes"]["median"] < 10 and report["minutes"]["assumed"]["read_words_a_minute"] == 238
    )
    assert report["branches"]["taken"] <= report["branches"]["of"]
    assert {one["question"] for one in report["questions"]} >= {"order", "better_stop"}


def test_a_rehearsal_finds_a_dead_end_a_choice_that_is_never_right_and_a_question_never_asked(
    tmp_path: Path,
) -> None:
    path = tmp_path / "trap.yml"
    path.write_text(
        """
settings: {form_id: trap, form_title: T, consent: C, thanks: T}
survey:
  - {type: integer, name: n, label: A number?, required: yes}
  - {type: integer, name: m, label: Another?, required: yes, constraint: ". > ${n} and . < ${n}",
     constraint_message: "No."}
  - {type: text, name: never, label: Why?, relevant: "${n} > 5 and ${n} < 2"}
"""
    )
    result = runner.invoke(app, ["rehearse", str(path), "--respondents", "10", "--json"])
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["dead_ends"] == ["m"] and report["finished"] == 0 and report["never_asked"] == ["never"]


def test_a_survey_is_exported_as_a_workbook_and_read_again(tmp_path: Path) -> None:
    to = tmp_path / "out.xlsx"
    given = SURVEYS / "household-waste.yml"
    assert runner.invoke(app, ["export", str(given), "--to", str(to)]).exit_code == 0
    assert read_file(to) == read_file(given)


def test_the_summary_counts_the_reasons(folder: Path) -> None:
    broken = folder / "library-hours.yml"
    broken.write_text(broken.read_text().replace("type: text", "type: audio"))
    result = runner.invoke(app, ["check", "--summary", *map(str, files_in(folder))])
    assert result.exit_code == 1
    assert (
        "2 of 3 files are good, 1 are refused." in result.output and "media: sounds, films" in result.output
    )
