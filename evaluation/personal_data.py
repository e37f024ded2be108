"""How well personal data is noticed: `python -m evaluation.personal_data [--file F] [--json OUT]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from civic.kit.personal_data import find
from civic.kit.settings import Settings
from evaluation.alarms import Notice, report

FILE = Path(__file__).with_suffix(".jsonl")


def notice() -> Notice:
    """The first kind of personal data in a text, with the settings in force."""
    settings = Settings()
    own = (settings.council_phone, settings.emergency_number)

    def first(text: str) -> str | None:
        found = find(text, settings.region, own)
        return found[0].kind if found else None

    return first


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints recall and false alarms on the messages of a file."""
    report("How well personal data is noticed.", arguments, FILE, notice)


if __name__ == "__main__":
    main()
