"""The command adds, lists, searches and withdraws documents, and says what was wrong with which file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.knowledge import app
from tests.fixtures import BUILT, ROOT


@pytest.fixture
def folkmoot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs `folkmoot knowledge ...` with a home folder of its own."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "encoder").symlink_to(BUILT / "encoder")
    monkeypatch.setenv("FOLKMOOT_HOME", str(home))
    monkeypatch.setenv("FOLKMOOT_CONTENT", str(ROOT / "content"))
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", "")

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(one) for one in arguments])

    return run


def test_documents_are_added_found_listed_and_withdrawn(folkmoot, permits: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"nothing")
    added = folkmoot("add", permits, bad)
    assert added.exit_code == 1
    assert "1 added" in added.stdout and "1 files failed" in added.stdout
    assert "bad.docx" in added.stderr and "save it again" in added.stderr
    again = folkmoot("add", permits)
    assert again.exit_code == 0 and "1 unchanged" in again.stdout

    found = json.loads(folkmoot("search", "price of a second permit", "--json", "--top", 2).stdout)
    assert [one["rank"] for one in found] == [1, 2]
    assert found[0]["document"] == "permits" and "£110" in found[0]["text"]
    assert found[0]["score"] >= found[1]["score"]
    assert 0 <= found[0]["confidence"] <= 1

    assert [one["id"] for one in json.loads(folkmoot("list", "--json").stdout)] == ["permits"]
    assert folkmoot("remove", "permits").exit_code == 0
    assert json.loads(folkmoot("list", "--json").stdout) == []
    gone = folkmoot("remove", "permits")
    assert gone.exit_code == 1 and "no such document" in gone.stderr
    assert json.loads(folkmoot("search", "permit", "--json").stdout) == []


def test_nothing_to_add_is_said_in_a_sentence(folkmoot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "empty").mkdir()
    result = folkmoot("add", tmp_path / "empty")
    assert result.exit_code == 1 and "nothing to add" in result.stderr
    missing = folkmoot("add", tmp_path / "gone.md")
    assert missing.exit_code == 1 and "cannot be opened" in missing.stderr


def test_a_version_is_brought_back_and_what_is_said_twice_is_named(
    folkmoot, permits: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    folkmoot("add", permits)
    twin = tmp_path / "twin.md"
    twin.write_text(
        permits.read_text().replace("id: permits", "id: twin").replace("£60", "£70"), encoding="utf-8"
    )
    assert "nearly the same" in folkmoot("add", twin).stderr
    (first, *_) = json.loads(folkmoot("duplicates", "--json").stdout)
    assert first["overlap"] >= 0.6 and len(first["passages"]) == 2
    assert "near-identical" in folkmoot("duplicates").stdout
    folkmoot("remove", "twin", "--reason", "said twice")
    assert "0 pairs" in folkmoot("duplicates").stdout
    (gone,) = json.loads(folkmoot("list", "--state", "removed", "--json").stdout)
    assert (gone["id"], gone["reason"]) == ("twin", "said twice")
    assert "version 2" in folkmoot("restore", gone["version_id"]).stdout
    assert len(json.loads(folkmoot("list", "--json").stdout)) == 2


def test_all_or_nothing_says_which_file_was_bad_and_changes_nothing(
    folkmoot, permits: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bad.docx").write_bytes(b"nothing")
    result = folkmoot("add", "--all-or-nothing", tmp_path / "bad.docx", permits)
    assert result.exit_code == 1 and "bad.docx" in result.stderr and "Nothing was changed" in result.stderr
    assert json.loads(folkmoot("list", "--json").stdout) == []


def test_a_site_on_this_machine_is_refused_unless_that_is_meant(folkmoot) -> None:  # type: ignore[no-untyped-def]
    result = folkmoot("import-site", "http://127.0.0.1:9/sitemap.xml")
    assert result.exit_code == 1 and "FOLKMOOT_SITE_PRIVATE_ADDRESSES" in result.stderr
