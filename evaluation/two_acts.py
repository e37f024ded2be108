"""How well a complaint beside a question is noticed: `python -m evaluation.two_acts [--json OUT]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from actions.two_acts import two_acts
from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.service_requests.services import load
from civic.service_requests.suggester import Suggester
from evaluation.alarms import Notice, report

FILE = Path(__file__).with_suffix(".jsonl")


def notice() -> Notice:
    """Whether a message holds both acts, with the services and the encoder in force."""
    settings = Settings()
    services = load(settings.content / "services.yml")
    suggester = Suggester(services, SentenceEncoder.load(settings.encoder_dir))
    return lambda text: "two" if two_acts(text, suggester.suggest) else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints recall and false offers on the messages of a file."""
    report("How well two acts in one message are noticed.", arguments, FILE, notice)


if __name__ == "__main__":
    main()
