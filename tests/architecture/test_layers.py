"""Who may import whom is kept by every module."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures import ROOT

PACKAGES = ("civic", "bot", "actions", "api", "cli", "rasa_server")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "4 kept, 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "statement", "contract"),
    [
        ("civic/kit/clock.py", "import civic.surveys", "Inside the product"),
        ("civic/feedback/rules.py", "import civic.contact", "Inside the product"),
        ("civic/delivery/rules.py", "import fastapi", "no web framework"),
        ("civic/kit/clock.py", "import api", "The composition root"),
        ("actions/feedback.py", "import bot", "The composition root"),
        ("api/deps.py", "import cli", "The composition root"),
        ("rasa_server/patches.py", "import civic.kit", "inside Rasa"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, module: str, statement: str, contract: str) -> None:
    """A contract that is misspelt, or names a folder that was renamed, would find nothing."""
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            copy = tmp_path / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    broken = tmp_path / module
    broken.write_text(broken.read_text(encoding="utf-8") + f"\n{statement}\n", encoding="utf-8")
    result = lint(tmp_path)
    assert result.returncode == 1
    assert any(contract in line and "BROKEN" in line for line in result.stdout.splitlines()), result.stdout
