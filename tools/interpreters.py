"""Finds the Python interpreters the two environments need, wherever the machine keeps them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.problems import Problem

PURPOSE = {"3.11": "the application", "3.10": "Rasa"}


def find(version: str) -> str:
    """The path of a working interpreter of that version ("3.10"), or a `Problem` that says how to get one."""
    variable = "PYTHON" + version.replace(".", "")
    chosen = os.environ.get(variable)
    if chosen:
        if answers(chosen, version):
            return chosen
        raise Problem(
            f"{variable} is set to {chosen}, which is not a working Python {version}; correct or unset it."
        )
    for candidate in candidates(version):
        if answers(candidate, version):
            return candidate
    raise Problem(
        f"Python {version}, which {PURPOSE.get(version, 'the set-up')} needs, was not found. Install it "
        f"(`pyenv install {version}`, `uv python install {version}`, or your system's packages "
        f"python{version} and python{version}-venv), or name it: "
        f"{variable}=/path/to/python{version} make run."
    )


def candidates(version: str) -> Iterator[str]:
    """Where an interpreter of that version may be; cheap places come before ones that start a program."""
    if (
        sys.version_info[:2] == tuple(int(part) for part in version.split("."))
        and sys.prefix == sys.base_prefix
    ):
        yield sys.executable
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    homes = [
        Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or Path.home() / ".local/share/uv/python"),
    ]
    for home in homes:
        for pattern in (f"{version}*", f"cpython-{version}*"):
            yield from sorted(map(str, home.glob(f"{pattern}/bin/python{version}")), reverse=True)
    uv = shutil.which("uv")
    if uv:
        asked = subprocess.run([uv, "python", "find", version], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            yield asked.stdout.strip()
    for folder in ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"):
        yield f"{folder}/python{version}"


def answers(path: str, version: str) -> bool:
    """Whether it starts and says that it is that version; a pyenv shim may exist and still refuse."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        asked = subprocess.run([path, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and asked.stdout.strip() == version
