"""One process's living parts put together: the dialogue's client, the gateway, web doors, background work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import anyio.to_thread
import httpx
from fastapi import FastAPI

from actions.registry import build_actions
from api.action_webhook import action_router
from api.app import create_app
from api.operations import Metrics, operations_router
from api.routing import find_quickly
from bot.dialogue import DialogueClient
from bot.gateway import Gateway
from bot.webchat import router as webchat
from civic.conversation.forgetting import KEPT, prune
from civic.delivery.rules import QuietHours
from civic.delivery.worker import DeliveryWorker
from civic.kit.files import FileStore
from civic.kit.ids import new_secret
from civic.kit.services import Services
from civic.knowledge.jobs import expire
from civic.privacy.jobs import sweep
from civic.service_requests import parts as service_requests
from civic.service_requests.commands import purge_drafts
from civic.service_requests.desk import once, webhooks
from civic.service_requests.jobs import escalate_late
from civic.service_requests.services import ServiceList
from civic.surveys.jobs import look_after as look_after_surveys
from civic.surveys.results.jobs import catch_up, tell_of_results

if TYPE_CHECKING:
    from bot.telegram.gateway import TelegramGateway

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
SWEEP_SECONDS = 20.0
PRUNE_SECONDS = 3600.0
EXPIRE_SECONDS = 60.0
WEBHOOK_SECONDS = 5.0
RELEARN_SECONDS = 60.0
LEARN_SECONDS = 6 * 3600.0
ESCALATE_SECONDS = 60.0
SURVEYS_SECONDS = 30.0


class House:
    """Everything that one process may open to the world; which doors are opened is the caller's choice."""

    def __init__(self, services: Services, rasa_urls: Sequence[str]) -> None:
        settings = services.settings
        self.services = services
        self.metrics = Metrics()
        token = settings.secret("rasa_token")
        self.dialogue = DialogueClient(rasa_urls, token, settings.turn_timeout_seconds)
        self.gateway = Gateway(services, self.dialogue, observe=self._turn_ended)

    @cached_property
    def telegram(self) -> TelegramGateway | None:
        """The Telegram channel, where a token is set; its library is loaded only then."""
        if not self.services.settings.telegram_token.get_secret_value():
            return None
        from bot.telegram.gateway import TelegramGateway

        return TelegramGateway(self.services, self.gateway)

    @cached_property
    def worker(self) -> DeliveryWorker:
        """The outbox's worker for the channels that are set up; the web chat fetches its messages itself."""
        senders = [self.telegram.sender] if self.telegram is not None else []
        settings = self.services.settings
        quiet = QuietHours.of(settings.quiet_hours, settings.time_zone)
        return DeliveryWorker(self.services.sessions, self.services.clock, senders, quiet)

    def _turn_ended(self, channel: str, state: str, seconds: float) -> None:
        self.metrics.turn(channel, state, seconds)
        # Looking into the outbox costs as much as a turn: only when there is something to send.
        if self.telegram is not None and channel == self.telegram.sender.channel:
            self.worker.wake()

    def web(self) -> FastAPI:
        """The web application with all its doors."""
        routers = [
            action_router(self.services, build_actions(self.services)),
            operations_router(self.services, self.metrics, self.dialogue.ready),
        ]
        if self.telegram is not None and self.services.settings.telegram_webhook_url:
            from bot.telegram.webhook import webhook_router

            secret = self.services.settings.secret("telegram_webhook_secret")
            routers.append(webhook_router(self.telegram, secret))
        app = create_app(self.services, extra=routers)
        webchat.install(app, self.services, self.gateway)
        find_quickly(app)
        return app

    async def listen_telegram(self) -> None:
        """Take what citizens write on Telegram, until cancelled; nothing to do without a token."""
        if self.telegram is None:
            await asyncio.Event().wait()
        else:
            await self.telegram.run()

    async def deliver(self) -> None:
        """Send what is queued and try again what was left unanswered, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._retry(), name="retry")
            if self.telegram is not None:
                tasks.create_task(self.worker.run(), name="delivery")
            tasks.create_task(self._again_and_again(SWEEP_SECONDS, self._sweep), name="sweep")
            tasks.create_task(self._again_and_again(PRUNE_SECONDS, self._prune), name="prune")
            tasks.create_task(self._again_and_again(EXPIRE_SECONDS, self._expire), name="expire")
            tasks.create_task(self._again_and_again(ESCALATE_SECONDS, self._escalate), name="escalate")
            tasks.create_task(self._again_and_again(SURVEYS_SECONDS, self._surveys), name="surveys")
            tasks.create_task(self._again_and_again(LEARN_SECONDS, self._learn), name="learn")
            tasks.create_task(self._again_and_again(WEBHOOK_SECONDS, self._call_webhooks), name="webhooks")
            tasks.create_task(self._again_and_again(SWEEP_SECONDS, self._tell_of_results), name="results")
            tasks.create_task(self._again_and_again(PRUNE_SECONDS, self._count_surveys), name="counts")

    async def keep_up(self) -> None:
        """Take over what another process learned, until cancelled."""
        await self._again_and_again(RELEARN_SECONDS, self._take_over_learned)

    async def _retry(self) -> None:
        while True:
            try:
                await self.gateway.retry_unanswered()
            except Exception as error:  # a fault now must not end the trying
                logger.warning("trying unanswered messages again failed: %s", type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _again_and_again(self, seconds: float, work: Callable[[], None]) -> None:
        """Do some tidying every so many seconds; what fails is tried again the next time."""
        while True:
            try:
                await anyio.to_thread.run_sync(work)
            except Exception as error:  # what remains is written down, and found again
                logger.warning("%s failed: %s", work.__name__, type(error).__name__)
            await asyncio.sleep(seconds)

    def _sweep(self) -> None:
        """Delete what deletions of citizens' data left outside the tables, and reports never sent."""
        with self.services.sessions.begin() as session:
            sweep(session, self.services.get(FileStore), self.services.clock.now())
            purge_drafts(session, self.services.clock.now(), self.services.get(FileStore))

    def _escalate(self) -> None:
        """Tell officials, then their superiors, of cases that are late."""
        services = self.services
        escalate_late(services.sessions, services.clock, services.get(ServiceList))

    def _surveys(self) -> None:
        """Invite subscribers, remind once, and end what waited too long."""
        services = self.services
        secret = services.settings.secret("secret_key")
        look_after_surveys(services.sessions, services.clock, services.text, secret, lambda: new_secret(16))

    def _learn(self) -> None:
        """Learn types of complaints from officials' corrections."""
        service_requests.learn(self.services)

    def _take_over_learned(self) -> None:
        """Suggest types by what the process that learns kept last."""
        service_requests.take_over_learned(self.services)

    def _call_webhooks(self) -> None:
        """Tell other systems what changed."""
        with httpx.Client(follow_redirects=False) as http:
            webhooks.send_due(self.services.sessions, self.services.clock, http)

    def _prune(self) -> None:
        """Forget buttons that nobody scrolls back to, and answers that nobody asks for again."""
        with self.services.sessions.begin() as session:
            prune(session, self.services.clock.now() - KEPT)
            once.forget(session, self.services.clock.now() - once.KEPT)

    def _tell_of_results(self) -> None:
        """Tell some of those who answered a survey that its results were published."""
        tell_of_results(self.services)

    def _count_surveys(self) -> None:
        """Count completed surveys that nothing counted, such as those from before an upgrade."""
        catch_up(self.services)

    def _expire(self) -> None:
        """End the documents whose last day is over in the town."""
        expire(self.services.sessions, self.services.clock, self.services.settings.time_zone)

    async def close(self) -> None:
        await self.dialogue.close()
        self.services.engine.dispose()
