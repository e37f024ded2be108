"""Prints the README's configuration table from the settings class.

.venv/bin/python tools/settings_table.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import SecretStr  # noqa: E402

from civic.kit.settings import Settings  # noqa: E402


def table() -> str:
    """One row a setting: its variable, its default, what it does."""
    lines = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        if isinstance(default, list):
            default = json.dumps(default)
        if isinstance(default, bool):
            default = str(default).lower()
        shown = f"`{default}`" if str(default) else ""
        lines.append(f"| `FOLKMOOT_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
