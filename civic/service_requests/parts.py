"""What this feature needs made once a process: the list of services and the suggester."""

from __future__ import annotations

import logging

from civic.encoder import EncoderMissing, SentenceEncoder
from civic.kit.services import Services
from civic.service_requests.services import ServiceList, load
from civic.service_requests.suggester import Suggester

log = logging.getLogger(__name__)


def provide(services: Services) -> None:
    """Registers the parts; a broken list of services raises `BrokenServiceList` when it is first needed."""
    services.provide(ServiceList, lambda s: load(s.settings.content / "services.yml"))
    services.provide(Suggester, _suggester)


def _suggester(services: Services) -> Suggester:
    """Suggests by meaning and wording; where the encoder was not built, by wording alone."""
    encoder: SentenceEncoder | None = None
    try:
        encoder = services.get(SentenceEncoder)
    except (EncoderMissing, LookupError):
        log.warning("types of complaints are suggested without the sentence encoder")
    return Suggester(services.get(ServiceList), encoder)
