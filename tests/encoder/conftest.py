"""The packaged model's export, made once, and small models of every kind, made on the spot."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from civic.encoder import SentenceEncoder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """The export in the home folder; where there is none, it is made."""
    folder = Path(os.environ.get("FOLKMOOT_HOME") or ROOT / "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "encoder" / "manifest.json").exists():
            command = [sys.executable, "-m", "civic.encoder.export", "--out", str(folder / "encoder")]
            subprocess.run(command, cwd=ROOT, check=True)
    return folder / "encoder"


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> SentenceEncoder:
    return SentenceEncoder.load(encoder_folder)
