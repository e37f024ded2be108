"""An operator gives and takes keys, and has somebody's data deleted, without touching the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from civic.kit.clock import SystemClock
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.service_requests.open311 import keys
from civic.service_requests.open311.errors import Refusal
from cli.open311 import app
from cli.wiring import build_services
from tests.fixtures import ROOT


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("FOLKMOOT_HOME", str(tmp_path))
    monkeypatch.setenv("FOLKMOOT_CONTENT", str(ROOT / "content"))
    monkeypatch.setenv("COLUMNS", "120")
    return build_services(Settings(_env_file=None))  # type: ignore[call-arg]


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_a_key_works_from_when_it_is_made_until_it_is_revoked(house: Services) -> None:
    made = run("key", "add", "Street Watch")
    secret = made.rpartition("shown this once: ")[2].strip()
    now = SystemClock().now()
    with house.sessions.begin() as session:
        assert keys.use_key(session, secret, 10, now).name == "Street Watch"
    shown = run("key", "list")
    assert "Street Watch" in shown
    assert "active" in shown
    assert secret not in shown
    run("key", "revoke", "Street Watch")
    with house.sessions.begin() as session, pytest.raises(Refusal):
        keys.use_key(session, secret, 10, now)
    assert "revoked" in run("key", "list")


def test_mistakes_are_said_in_a_sentence(house: Services) -> None:
    run("key", "add", "Street Watch")
    for words in (
        ("key", "add", "Street Watch"),
        ("key", "add", "<script>"),
        ("key", "revoke", "nobody"),
        ("forget", "FM-00000"),
    ):
        assert "Traceback" not in run(*words, code=1)
