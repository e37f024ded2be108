"""`make` lists every command, and the files beside it are what they promise."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = {
    "run",
    "setup",
    "test",
    "train",
    "shell",
    "lint",
    "bench",
    "bench-knowledge",
    "bench-surveys",
    "bench-desk",
    "eval",
    "clean",
    "help",
    "lock",
}


def made(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "FOLKMOOT_"))}
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("arguments", [[], ["help"]])
def test_make_lists_every_command_with_what_it_does(arguments: list[str]) -> None:
    said = made(*arguments)
    assert said.returncode == 0, said.stderr
    listed = {
        line.split()[1]: line.split()[2:] for line in said.stdout.splitlines() if line.startswith("  make ")
    }
    assert set(listed) == COMMANDS
    assert all(listed.values())


def test_the_port_and_the_home_reach_the_program() -> None:
    said = made("-n", "run", PORT="9010")
    assert "--check-port" in said.stdout
    assert "cli up" in said.stdout
    port = made("-pn", "run", PORT="9010").stdout
    assert "FOLKMOOT_PORT := 9010" in port


def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path) -> None:
    for tool in ("make", "bash", "grep", "sed"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    said = made("setup", PATH=str(tmp_path))
    assert said.returncode != 0
    assert "Install Python 3.11 and 3.10" in said.stderr


def test_ci_refuses_skipped_tests_and_runs_what_make_test_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0
    assert "FOLKMOOT_CI=1" in script
    assert "make test" in script
    assert "chromium" in script
