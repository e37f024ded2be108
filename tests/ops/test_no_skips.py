"""Where FOLKMOOT_CI is set, a skipped test is a failed test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SKIPPING = """
import pytest

def test_skipped():
    pytest.skip("no browser")

@pytest.mark.skipif(True, reason="no database")
def test_marked(): ...

@pytest.mark.xfail
def test_expected_to_fail():
    assert False

def test_right(): ...
"""


WHOLE_MODULE = "import pytest\npytest.importorskip('no_such_module')\n"


def pytest_says(tmp_path: Path, ci: str, *modules: str) -> str:
    for number, module in enumerate(modules):
        (tmp_path / f"test_{number}.py").write_text(module)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.no_skips",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            tmp_path,
            tmp_path,
        ],
        cwd=ROOT,
        env={**os.environ, "FOLKMOOT_CI": ci, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def test_in_ci_each_skip_fails_with_its_reason(tmp_path: Path) -> None:
    said = pytest_says(tmp_path, "1", SKIPPING)
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in said
    assert "no browser" in said
    assert "no database" in said


def test_in_ci_a_skipped_module_is_an_error(tmp_path: Path) -> None:
    said = pytest_says(tmp_path, "1", WHOLE_MODULE)
    assert "1 error" in said
    assert "no_such_module" in said


def test_elsewhere_a_skip_stays_a_skip(tmp_path: Path) -> None:
    assert "1 passed, 3 skipped, 1 xfailed" in pytest_says(tmp_path, "", SKIPPING, WHOLE_MODULE)
