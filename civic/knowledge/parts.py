"""What this feature needs from the composition root."""

from __future__ import annotations

from datetime import date
from functools import partial

from civic.encoder import SentenceEncoder
from civic.kit.services import Services
from civic.knowledge.encoding import FOLDER, Encoding
from civic.knowledge.index_files import IndexFiles
from civic.knowledge.live import LiveIndex
from civic.knowledge.validity import town_day


def provide(services: Services) -> None:
    """Registers the index that a process answers from; the encoder is loaded when it is first needed."""
    services.provide(Encoding, lambda s: Encoding(s.settings.home / FOLDER, lambda: s.get(SentenceEncoder)))
    services.provide(IndexFiles, lambda s: IndexFiles(s.sessions, s.settings.home / "index"))
    services.provide(
        LiveIndex,
        lambda s: LiveIndex(
            s.get(Encoding).current(), s.get(IndexFiles), partial(today, s), s.get(Encoding).current
        ),
    )


def today(services: Services) -> date:
    """The day that it is in the town."""
    return town_day(services.clock.now(), services.settings.time_zone)
