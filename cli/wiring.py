"""The composition root: the only place that knows which part is made of what."""

from __future__ import annotations

import logging

from civic.contact.commands import erase as erase_enquiries
from civic.conversation.erasure import Erasers
from civic.conversation.forgetting import erase_citizen as erase_conversations
from civic.encoder import SentenceEncoder
from civic.feedback.commands import erase as erase_feedback
from civic.kit.clock import Clock
from civic.kit.files import FileStore
from civic.kit.remote_files import open_store
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.knowledge import parts as knowledge
from civic.knowledge.commands import erase as erase_questions
from civic.knowledge.live import LiveIndex
from civic.service_requests import parts as service_requests
from civic.service_requests.commands import erase_citizen as erase_service_requests
from civic.service_requests.open311.commands import erase_citizen as erase_open311
from civic.surveys.commands import erase_citizen as erase_survey_sessions

logger = logging.getLogger(__name__)


def build_services(settings: Settings | None = None, *, clock: Clock | None = None) -> Services:
    """One process's services, with every feature's parts registered."""
    services = Services(settings or Settings(), clock=clock)
    provide_parts(services)
    return services


def provide_parts(services: Services) -> None:
    """Says how each part is made; none is made before somebody asks for it."""
    services.provide(SentenceEncoder, lambda s: SentenceEncoder.load(s.settings.encoder_dir))
    services.provide(FileStore, lambda s: open_store(s.settings.files_url, s.settings.home / "attachments"))
    service_requests.provide(services)
    knowledge.provide(services)
    services.provide(Erasers, _erasers)


def check_store(services: Services) -> None:
    """Opens the place of photos, so that a library that is missing for it is said at the start."""
    services.get(FileStore)


def warm(services: Services) -> None:
    """Makes every part and the index of the documents before the first citizen writes."""
    services.warm()
    try:
        with services.sessions() as session:
            services.get(LiveIndex).current(session)
    except Exception as error:  # said in words of its own to whoever asks first
        logger.warning("the documents could not be made ready ahead: %s", type(error).__name__)


def _erasers(services: Services) -> Erasers:
    """Features forget first; the conversation, to which their rows point, goes last."""
    return Erasers(
        erase_feedback,
        erase_enquiries,
        erase_questions,
        erase_survey_sessions,
        erase_open311,
        erase_service_requests,
        erase_conversations,
    )
