"""What this feature needs made once a process: the list of services and the suggester."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from civic.encoder import EncoderMissing, SentenceEncoder
from civic.kit.services import Services
from civic.service_requests import areas
from civic.service_requests.areas import Areas
from civic.service_requests.services import ServiceList, load
from civic.service_requests.suggester import Suggester, texts_of
from civic.service_requests.wording import Matrix

log = logging.getLogger(__name__)


def provide(services: Services) -> None:
    """Registers the parts; a broken list of services raises `BrokenServiceList` when it is first needed."""
    services.provide(ServiceList, lambda s: load(s.settings.content / "services.yml"))
    services.provide(Areas, lambda s: areas.load(s.settings.content / areas.FILE))
    services.provide(Suggester, _suggester)


def _suggester(services: Services) -> Suggester:
    """Suggests by meaning and wording; where the encoder was not built, by wording alone."""
    known = services.get(ServiceList)
    try:
        encoder = services.get(SentenceEncoder)
    except (EncoderMissing, LookupError):
        log.warning("types of complaints are suggested without the sentence encoder")
        return Suggester(known, None)
    folder = services.settings.home / "cache"
    return Suggester(known, encoder, remembered_vectors(encoder, texts_of(known), folder))


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
