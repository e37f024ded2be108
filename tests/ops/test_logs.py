"""The log has one line an event, and nothing a citizen wrote."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import logs


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    root.handlers = []
    file = tmp_path / "log" / "folkmoot.log"
    logs.set_up(file)
    yield file
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = handlers, level


def test_a_line_has_time_level_and_place(log: Path) -> None:
    logging.getLogger("bot.gateway").warning("turn %s failed", "01ABC")
    line = log.read_text()
    assert line.endswith(" WARNING bot.gateway turn 01ABC failed\n")
    assert line[10] == "T"
    assert line.split()[0].endswith("Z")


def test_a_line_break_cannot_forge_a_line(log: Path) -> None:
    logging.getLogger("x").warning("one\n2026-01-01T00:00:00Z INFO x forged\r\nthree")
    assert len(log.read_text().splitlines()) == 1


def test_an_error_is_logged_by_kind_and_place_without_its_words(log: Path) -> None:
    try:
        raise ValueError("I live at 12 Mill Lane")
    except ValueError:
        logging.getLogger("x").exception("it failed")
    said = log.read_text()
    assert "Mill Lane" not in said
    assert "ValueError at test_logs.py:" in said
