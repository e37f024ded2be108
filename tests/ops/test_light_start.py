"""What a command can say at once, it says without loading what it does not need for that."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from tests.ops.checkout import ROOT, without_settings

# Each takes a fifth of a second or more, or comes with others that do.
HEAVY = {"alembic", "fastapi", "httpx", "jinja2", "numpy", "onnxruntime", "rasa_sdk", "sqlalchemy", "uvicorn"}
PROGRAM = """
import sys
from cli.main import main
try:
    main()
finally:
    print("\\nloaded:", *sys.modules, file=sys.stderr)
"""


def said_and_loaded(home: Path, *words: str) -> tuple[str, set[str]]:
    """What `folkmoot` prints, and which of the large libraries it loaded for that."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=ROOT,
        env={**without_settings(), "FOLKMOOT_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said, _, loaded = (done.stdout + done.stderr).partition("\nloaded:")
    return said, HEAVY & set(loaded.split())


def test_help_loads_no_large_library(tmp_path: Path) -> None:
    said, loaded = said_and_loaded(tmp_path, "--help")
    assert "Officials who can sign in" in said
    assert loaded == set()


def test_a_wrong_setting_is_told_before_a_large_library_is_loaded(tmp_path: Path) -> None:
    said, loaded = said_and_loaded(tmp_path, "up")
    assert "There is no sentence encoder" in said
    assert loaded == set()


def test_a_busy_port_is_told_before_a_large_library_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "manifest.json").write_text("{}")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.tar.gz").write_bytes(b"")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said, loaded = said_and_loaded(tmp_path, "up", "--port", str(port))
    assert f"Port {port} on 127.0.0.1 cannot be used" in said
    assert loaded == set()
