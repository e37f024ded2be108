"""Finds every table: each `models.py` under `civic/`, in the folder of a feature or of a part of one."""

from __future__ import annotations

import importlib
from pathlib import Path

import civic


def import_models() -> None:
    """Imports all models, so that the metadata is complete."""
    for root in civic.__path__:
        for path in sorted(Path(root).glob("*/**/models.py")):
            folder = ".".join(path.parent.relative_to(root).parts)
            importlib.import_module(f"civic.{folder}.models")
