"""Everything in inside/ passes in the environment where Rasa lives."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.rasa_server.fakes import RASA_PYTHON, ROOT

INSIDE = Path(__file__).parent / "inside"
MODULES = sorted(path.name for path in INSIDE.glob("test_*.py"))


def test_there_are_tests_inside() -> None:
    assert len(MODULES) >= 6


@pytest.mark.parametrize("module", MODULES)
def test_the_module_passes_inside_the_rasa_environment(
    module: str, rasa_home: Path, postgres_server: str
) -> None:
    done = subprocess.run(
        [
            *(str(RASA_PYTHON), "-W", "ignore", "-m", "pytest", str(INSIDE / module), "-q", "-rs"),
            *(
                "-c",
                os.devnull,
                "--rootdir",
                str(INSIDE),
                "--confcutdir",
                str(INSIDE),
                "-p",
                "no:cacheprovider",
            ),
        ],
        cwd=ROOT,
        env={**os.environ, "FOLKMOOT_HOME": str(rasa_home), "TEST_POSTGRES_URL": postgres_server},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout
    assert " skipped" not in done.stdout
