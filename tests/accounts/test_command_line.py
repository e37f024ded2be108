"""`folkmoot officials`: an operator adds, lists and disables officials without touching the database."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from civic.accounts import passwords, queries
from civic.accounts.models import Official
from civic.audit.models import AuditRow
from civic.kit.settings import Settings
from cli.officials import app
from cli.wiring import build_services
from tests.fixtures import ROOT
from tests.stack import FOLKMOOT

Run = subprocess.CompletedProcess[str]


class Operator:
    """Somebody at a terminal of the server."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.settings = Settings(_env_file=None, home=home, content=ROOT / "content")  # type: ignore[call-arg]

    def starts(self, *words: str, types: str = "") -> Run:
        """The program itself, with nothing of ours around it."""
        keep = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        return subprocess.run(
            [FOLKMOOT, "officials", *words],
            cwd=ROOT,
            env={**keep, **self.environment},
            input=types,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def runs(self, *words: str, types: str = "") -> Result:
        """The same command in this process, which has everything loaded."""
        return CliRunner().invoke(app, list(words), input=types, env=self.environment)

    @property
    def environment(self) -> dict[str, str]:
        return {"FOLKMOOT_HOME": str(self.home), "COLUMNS": "120"}

    def official(self, name: str) -> Official:
        with build_services(self.settings).sessions() as session:
            return queries.by_name(session, name)

    def audited(self) -> list[str]:
        with build_services(self.settings).sessions() as session:
            return [row.tag for row in session.query(AuditRow).order_by(AuditRow.id)]


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "home")


def test_an_official_is_added_listed_given_a_new_password_and_disabled(operator: Operator) -> None:
    assert "folkmoot officials add" in operator.runs("list").stdout  # nobody yet
    added = operator.starts("add", "Robin", "--role", "agent", "--agency", "Highways", "--generate")
    assert added.returncode == 0, added.stderr
    made = re.search(r"shown this once: (\S+)", added.stdout)
    assert made is not None
    assert passwords.verify(operator.official("robin").password_hash, made.group(1))

    listed = operator.runs("list").stdout
    assert "robin" in listed and "agent" in listed and "Highways" in listed and "active" in listed
    assert made.group(1) not in listed

    changed = operator.starts("password", "robin", types="nine owls whistle\n")
    assert changed.returncode == 0, changed.stderr
    assert "nine owls" not in changed.stdout
    assert passwords.verify(operator.official("robin").password_hash, "nine owls whistle")

    assert operator.runs("disable", "robin").exit_code == 0
    assert "disabled" in operator.runs("list").stdout
    assert operator.audited() == [
        "operator:add:official",
        "operator:set_password:official",
        "operator:disable:official",
    ]


@pytest.mark.parametrize(
    ("words", "types", "sentence"),
    [
        (["add", "robin", "--role", "agent"], "short\n", "A password has 12 to 200 characters"),
        (["add", "R!", "--role", "agent", "--generate"], "", "cannot be a sign-in name"),
        (["add", "robin", "--role", "agent"], "", "add --generate"),
        (["disable", "nobody"], "", "No official signs in as 'nobody'"),
        (["password", "nobody", "--generate"], "", "No official signs in as 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    operator: Operator, words: list[str], types: str, sentence: str
) -> None:
    result = operator.runs(*words, types=types)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert operator.audited() == []


def test_a_name_can_be_given_out_once(operator: Operator) -> None:
    operator.runs("add", "robin", "--role", "agent", "--generate")
    again = operator.runs("add", "robin", "--role", "admin", "--generate")
    assert (again.exit_code, "is taken" in again.stderr) == (1, True)
    assert operator.official("robin").role.value == "agent"
