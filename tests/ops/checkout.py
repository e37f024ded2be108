"""A small checkout for tests of the set-up: its tools and content, and the real environments by link."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def small_checkout(folder: Path) -> Path:
    """A folder in which the set-up runs without touching the real one."""
    for name in ("tools", "content", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (
        "config.yml",
        "domain.yml",
        "endpoints.yml",
        "credentials.yml",
        "requirements.lock",
        "Makefile",
    ):
        shutil.copy(ROOT / name, folder / name)
    (folder / "cli").mkdir()
    for name in ("__init__.py", "check.py"):
        shutil.copy(ROOT / "cli" / name, folder / "cli" / name)
    for name in (".venv", "civic"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def bootstrap(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up there; only the given settings are in force."""
    return subprocess.run(
        [sys.executable, "tools/bootstrap.py", *arguments],
        cwd=checkout,
        env={**without_settings(), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def without_settings() -> dict[str, str]:
    """The environment without settings of ours and without chosen interpreters."""
    ours = ("FOLKMOOT_", "PYTHON31")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
