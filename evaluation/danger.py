"""How well danger is noticed: `python -m evaluation.danger [--file F] [--json OUT]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from civic.encoder import SentenceEncoder
from civic.kit import danger
from civic.kit.settings import Settings
from evaluation.alarms import Notice, report

FILE = Path(__file__).with_suffix(".jsonl")


def notice() -> Notice:
    """The kind of danger in a text, with the list and the encoder in force."""
    settings = Settings()
    dangers = danger.load(settings.content / "danger.yml")
    encoder = SentenceEncoder.load(settings.encoder_dir)

    def kind(text: str) -> str | None:
        found = dangers.find(text, encoder.encode)
        return found.kind if found else None

    return kind


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints recall and false alarms on the messages of a file."""
    report("How well danger is noticed.", arguments, FILE, notice)


if __name__ == "__main__":
    main()
