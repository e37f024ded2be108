"""Finds every table: each `models.py` under `civic/`."""

from __future__ import annotations

import importlib
from pathlib import Path

import civic


def import_models() -> None:
    """Imports all models, so that the metadata is complete."""
    for root in civic.__path__:
        for path in sorted(Path(root).glob("*/models.py")):
            importlib.import_module(f"civic.{path.parent.name}.models")
