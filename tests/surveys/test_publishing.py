"""The surveys folder is published while everything runs, and nothing good is ever lost to a bad file."""

from __future__ import annotations

import logging
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from civic.audit.models import AuditRow
from civic.surveys import queries
from civic.surveys.models import SurveyVersion
from civic.surveys.publishing import sync
from tests.surveys.conftest import Respondent

TRANSPORT = "town-centre-transport.yml"


def change(folder: Path, old: str, new: str, file: str = TRANSPORT) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_our_three_surveys_are_published(session: Session, folder: Path, now: datetime) -> None:
    outcomes = [(change.survey_id, change.outcome, change.version) for change in sync(session, folder, now)]
    assert outcomes == [
        ("household-waste", "published", 1),
        ("library-hours", "published", 1),
        ("town-centre-transport", "published", 1),
    ]
    assert len(queries.open_surveys(session, now)) == 3


def test_an_unchanged_folder_changes_nothing(session: Session, folder: Path, now: datetime) -> None:
    sync(session, folder, now)
    assert sync(session, folder, now) == []
    change(folder, "# Every field", "# Each field")
    assert [change.outcome for change in sync(session, folder, now)] == ["unchanged"]
    assert session.query(SurveyVersion).count() == 3


def test_a_changed_file_is_a_new_version_and_the_old_one_stays_as_it_was(
    session: Session, folder: Path, now: datetime
) -> None:
    sync(session, folder, now)
    change(folder, "How often do you go", "How many times do you go")
    assert [(c.outcome, c.version) for c in sync(session, folder, now)] == [("published", 2)]
    newest, first = queries.versions(session, "town-centre-transport")
    assert "How many times" in newest.questions[0].label.in_language("en")
    assert "How often" in first.questions[0].label.in_language("en")


def test_a_running_session_keeps_its_version(respondent: Respondent, folder: Path) -> None:
    respondent.starts("transport")
    respondent.says("yes")
    change(folder, "How do you usually get there?", "What takes you there?")
    assert "How do you usually get there?" in respondent.says("daily")
    respondent.says("pause")
    assert "How do you usually get there?" in respondent.starts()
    assert respondent.rows[0].version == 1


def test_a_new_respondent_gets_the_changed_survey_without_a_restart(
    respondent: Respondent, folder: Path
) -> None:
    respondent.starts()
    change(folder, "How often do you go", "How many times do you go")
    respondent.starts("transport")
    assert "How many times" in respondent.says("yes")


def test_a_file_put_into_the_folder_is_a_survey_at_once(respondent: Respondent, folder: Path) -> None:
    respondent.starts()
    text = (folder / TRANSPORT).read_text(encoding="utf-8")
    text = text.replace("town-centre-transport", "river-bath").replace(
        "Getting to the town centre", "The river bath"
    )
    (folder / "river.yml").write_text(text, encoding="utf-8")
    respondent.starts()
    assert "The river bath" in respondent.labels


def test_a_broken_file_never_replaces_a_good_version_and_is_logged(
    session: Session, folder: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    sync(session, folder, now)
    change(folder, "${frequency} != 'never'", "${frequency} != 'nevr'")
    with caplog.at_level(logging.ERROR):
        (found,) = sync(session, folder, now)
    assert found.outcome == "broken"
    assert "'nevr' is no choice of frequency" in caplog.text and "Did you mean 'never'?" in caplog.text
    assert queries.one_published(session, "town-centre-transport").version.number == 1
    assert len(queries.open_surveys(session, now)) == 3
    assert queries.files(session)[TRANSPORT].problems[0]["field"] == "relevant"


def test_a_repaired_file_is_published(session: Session, folder: Path, now: datetime) -> None:
    change(folder, "survey:", "survey: [")
    sync(session, folder, now)
    assert len(queries.open_surveys(session, now)) == 2
    change(folder, "survey: [", "survey:")
    sync(session, folder, now)
    assert len(queries.open_surveys(session, now)) == 3
    assert queries.files(session)[TRANSPORT].problems == []


def test_a_removed_file_is_no_longer_offered_and_comes_back_with_the_file(
    session: Session, folder: Path, now: datetime
) -> None:
    sync(session, folder, now)
    (folder / TRANSPORT).rename(folder / "away.txt")
    sync(session, folder, now)
    assert "town-centre-transport" not in {one.survey.id for one in queries.open_surveys(session, now)}
    (folder / "away.txt").rename(folder / TRANSPORT)
    sync(session, folder, now)
    assert len(queries.open_surveys(session, now)) == 3


def test_a_missing_folder_withdraws_nothing(session: Session, folder: Path, now: datetime) -> None:
    sync(session, folder, now)
    shutil.move(folder, folder.with_name("elsewhere"))
    assert sync(session, folder, now) == []
    assert len(queries.open_surveys(session, now)) == 3


def test_two_files_cannot_be_the_same_survey(session: Session, folder: Path, now: datetime) -> None:
    sync(session, folder, now)
    shutil.copy(folder / TRANSPORT, folder / "a-copy.yml")
    (found,) = sync(session, folder, now)
    assert found.outcome == "broken" and "is taken by" in str(found.problems[0])
    assert queries.one_published(session, "town-centre-transport").version.number == 1


def test_publishing_leaves_an_audit_row(session: Session, folder: Path, now: datetime) -> None:
    sync(session, folder, now)
    rows = session.query(AuditRow).all()
    assert {(row.tag, row.subject_id) for row in rows} == {
        ("system:publish:survey", name)
        for name in ("household-waste", "library-hours", "town-centre-transport")
    }


def test_a_survey_takes_nobody_before_it_opens_and_after_it_closes(
    respondent: Respondent, folder: Path
) -> None:
    change(folder, "closes: 2027-12-31", "closes: 2026-03-02T13:00:00+00:00")
    respondent.starts("transport")
    respondent.says("yes")
    respondent.waits(hours=2)
    assert "How do you usually" in respondent.says("daily"), "who has begun may finish"
    respondent.says("stop")
    respondent.says("yes")
    respondent.starts()
    assert "Getting to the town centre" not in respondent.labels
    respondent._turn(intent="start_survey", choice="survey:start:town-centre-transport")
    assert "is closed" in respondent.last.replies[0].text  # type: ignore[union-attr]
