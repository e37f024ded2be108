"""What this feature needs made once a process: the list of services and the suggester."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy.exc import DatabaseError

from civic.encoder import EncoderMissing, SentenceEncoder
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.service_requests import areas, calendar, learning, places
from civic.service_requests.areas import Areas
from civic.service_requests.desk.figures import Remembered
from civic.service_requests.learning import Learned
from civic.service_requests.places import Gazetteer
from civic.service_requests.services import ServiceList, load
from civic.service_requests.suggester import Suggester, texts_of
from civic.service_requests.wording import Matrix

log = logging.getLogger(__name__)


def provide(services: Services) -> None:
    """Registers the parts; a broken list of services raises `BrokenServiceList` when it is first needed."""
    services.provide(ServiceList, _service_list)
    services.provide(Remembered, lambda s: Remembered())
    services.provide(Areas, lambda s: areas.load(s.settings.content / areas.FILE))
    services.provide(Gazetteer, lambda s: places.load(s.settings.content / places.FILE))
    services.provide(Taken, lambda s: Taken())
    services.provide(Suggester, _suggester)


@dataclass
class Taken:
    """What was learned when this process made its suggester, as `learning.stamp` names it."""

    stamp: int = 0


def _service_list(services: Services) -> ServiceList:
    settings = services.settings
    days = calendar.load(
        settings.content / calendar.FILE,
        settings.holiday_country,
        settings.holiday_subdivision,
        settings.time_zone,
    )
    return load(settings.content / "services.yml").keeping(days)


def _suggester(services: Services) -> Suggester:
    """Suggests by meaning and wording; where the encoder was not built, by wording alone."""
    known = services.get(ServiceList)
    encoder, vectors = _meaning(services)
    stamp = learning.stamp(services.settings.home)
    with read_session(services.sessions) as session:
        try:
            learned = learning.in_use(session, services.settings.home)
            services.get(Taken).stamp = stamp
        except DatabaseError:  # asked before the database was made
            learned = []
    return learning.make(known, encoder, vectors, learned)


def learn(services: Services) -> Learned:
    """Learns from officials' corrections; when that is better, suggestions are made by it from now on."""
    encoder, vectors = _meaning(services)
    with read_session(services.sessions) as session:
        home = services.settings.home
        found = learning.learn(session, services.get(ServiceList), encoder, vectors, home)
    if found.kept:
        services.provide(Suggester, _suggester)
    log.info(
        "types learned from %d corrections: %s (%d of %d held back right, %d before)",
        found.corrections,
        found.reason,
        found.right_after,
        found.held_back,
        found.right_before,
    )
    return found


def take_over_learned(services: Services) -> bool:
    """Makes the suggester anew where another process learned since; whether it was so."""
    if services.get(Taken).stamp == learning.stamp(services.settings.home):
        return False
    services.provide(Suggester, _suggester)
    services.get(Suggester)
    log.info("types are suggested by what another process learned")
    return True


def _meaning(services: Services) -> tuple[SentenceEncoder | None, Matrix | None]:
    """The encoder, and the vectors of the list's texts; nothing where the encoder was not built."""
    try:
        encoder = services.get(SentenceEncoder)
    except (EncoderMissing, LookupError):
        log.warning("types of complaints are suggested without the sentence encoder")
        return None, None
    texts = texts_of(services.get(ServiceList))
    return encoder, remembered_vectors(encoder, texts, services.settings.home / "cache")


def remembered_vectors(encoder: SentenceEncoder, texts: Sequence[str], folder: Path) -> Matrix:
    """The texts' vectors, made once for these texts and this encoder: the second start does not wait."""
    key = hashlib.sha256("\n".join([encoder.digest, *texts]).encode()).hexdigest()[:16]
    path = folder / f"services-{key}.npy"
    try:
        kept: Matrix = np.load(path, allow_pickle=False)
        if kept.shape == (len(texts), encoder.dim):
            return kept
    except (OSError, ValueError, EOFError):
        pass
    vectors = encoder.encode(texts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{path.name}.{os.getpid()}"
        with draft.open("wb") as file:
            np.save(file, vectors, allow_pickle=False)
        draft.replace(path)
        for old in folder.glob("services-*.npy"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as error:  # a full disk only costs the next start a second
        log.warning("vectors of the services are not kept: %s", type(error).__name__)
    return vectors
