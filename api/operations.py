"""What an operator's tools ask: is it alive, is it ready, how is it doing. No personal data, no sign-in."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable

import anyio
import anyio.to_thread
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from civic.delivery import queries as delivery
from civic.encoder import SentenceEncoder
from civic.kit.db import read_session
from civic.kit.services import Services

logger = logging.getLogger(__name__)

PROBE_SECONDS = 5.0
LATENCY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

Probe = Callable[[], Awaitable[bool]]


# Set by `cli.workers` where several processes answer one port, before this module is loaded: each then
# counts into files of this folder.
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """What this process counts; `turn` is the gateway's observer."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "folkmoot_turns", "Turns of conversations.", ["channel", "state"], registry=self.registry
        )
        self.seconds = Histogram(
            "folkmoot_turn_seconds",
            "Time from a citizen's message to its reply.",
            ["channel"],
            buckets=LATENCY,
            registry=self.registry,
        )
        self.failures = Counter(
            "folkmoot_turn_failures",
            "Turns that the dialogue did not answer; their messages are kept and tried again.",
            ["channel"],
            registry=self.registry,
        )
        self.outbox = Gauge(
            "folkmoot_outbox_depth",
            "Messages that still have to reach citizens.",
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self.rasa_falls = Gauge(
            "folkmoot_rasa_restarts",
            "How often Rasa processes of this host ended by themselves.",
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )

    def turn(self, channel: str, state: str, seconds: float) -> None:
        """Count a turn."""
        self.turns.labels(channel, state).inc()
        self.seconds.labels(channel).observe(seconds)
        if state != "answered":
            self.failures.labels(channel).inc()

    def text(self) -> bytes:
        """Everything in Prometheus' words, of all processes that count together with this one."""
        registry = self.registry
        if TOGETHER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def operations_router(services: Services, metrics: Metrics, rasa_ready: Probe) -> APIRouter:
    """`/health/live`, `/health/ready` and `/metrics`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        checks = await readiness(services, rasa_ready)
        whole = all(state == "ok" for state in checks.values())
        body = {"status": "ready" if whole else "not ready", "checks": checks}
        return JSONResponse(body, 200 if whole else 503, headers={"cache-control": "no-store"})

    @router.get("/metrics")
    async def measured() -> Response:
        try:
            metrics.outbox.set(await anyio.to_thread.run_sync(_waiting, services))
        except SQLAlchemyError as error:
            # The rest is worth having, above all while the database is in trouble.
            metrics.outbox.set(float("nan"))
            logger.warning("the outbox cannot be counted: %s", type(error).__name__)
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router


async def readiness(services: Services, rasa_ready: Probe) -> dict[str, str]:
    """Each part a turn needs: `ok`, or `failed` with details in the log only."""
    probes: dict[str, Probe] = {
        "database": lambda: anyio.to_thread.run_sync(_database_answers, services, abandon_on_cancel=True),
        "rasa": rasa_ready,
        "encoder": lambda: anyio.to_thread.run_sync(_encoder_answers, services, abandon_on_cancel=True),
    }
    states: dict[str, str] = {}

    async def check(name: str, probe: Probe) -> None:
        states[name] = "failed"
        try:
            with anyio.move_on_after(PROBE_SECONDS):
                states[name] = "ok" if await probe() else "failed"
        except Exception as error:  # whatever is wrong with it, it is not ready
            logger.warning("%s is not ready: %s", name, type(error).__name__)

    async with anyio.create_task_group() as tasks:
        for name, probe in probes.items():
            tasks.start_soon(check, name, probe)
    return {name: states[name] for name in probes}


def _database_answers(services: Services) -> bool:
    with read_session(services.sessions) as session:
        # Also says whether the migrations ran.
        return bool(session.scalar(text("SELECT count(*) FROM alembic_version")))


def _encoder_answers(services: Services) -> bool:
    return len(services.get(SentenceEncoder).encode(["ready"])) == 1


def _waiting(services: Services) -> int:
    with read_session(services.sessions) as session:
        return delivery.waiting(session)
