"""Health and metrics tell the truth, also when a part is gone."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.operations import Metrics, operations_router
from civic.encoder import SentenceEncoder
from civic.kit.services import Services
from tests.ops.running import built_home


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def broken() -> bool:
    raise ConnectionError


def client(services: Services, metrics: Metrics | None = None, rasa=yes) -> TestClient:  # type: ignore[no-untyped-def]
    encoder = built_home() / "encoder"
    services.provide(SentenceEncoder, lambda _: SentenceEncoder.load(encoder))
    app = FastAPI()
    app.include_router(operations_router(services, metrics or Metrics(), rasa))
    return TestClient(app)


def test_ready_when_database_rasa_and_encoder_answer(services: Services) -> None:
    response = client(services).get("/health/ready")
    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "rasa": "ok", "encoder": "ok"}


def test_not_ready_names_the_part_and_stays_alive(services: Services, tmp_path: Path) -> None:
    for probe in (no, broken):
        web = client(services, rasa=probe)
        response = web.get("/health/ready")
        assert response.status_code == 503
        assert response.json()["checks"] == {"database": "ok", "rasa": "failed", "encoder": "ok"}
        assert web.get("/health/live").status_code == 200
    web = client(services)
    services.provide(SentenceEncoder, lambda _: SentenceEncoder.load(tmp_path))
    assert web.get("/health/ready").json()["checks"]["encoder"] == "failed"


def test_a_database_without_tables_is_not_ready_and_metrics_still_come(services: Services) -> None:
    with services.engine.begin() as connection:
        connection.execute(text("ALTER TABLE alembic_version RENAME TO hidden"))
    try:
        web = client(services)
        assert web.get("/health/ready").json()["checks"]["database"] == "failed"
    finally:
        with services.engine.begin() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO alembic_version"))
    # A name of its own: a pooled connection of SQLite may still remember the first one.
    with services.engine.begin() as connection:
        connection.execute(text("ALTER TABLE deliveries RENAME TO away"))
    try:
        measured = client(services).get("/metrics")
        assert measured.status_code == 200
        assert "folkmoot_outbox_depth NaN" in measured.text
    finally:
        with services.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO deliveries"))


def test_turns_failures_and_times_are_counted_by_channel(services: Services) -> None:
    metrics = Metrics()
    metrics.turn("web", "answered", 0.02)
    metrics.turn("telegram", "failed", 3.0)
    said = client(services, metrics).get("/metrics").text
    assert 'folkmoot_turns_total{channel="web",state="answered"} 1.0' in said
    assert 'folkmoot_turn_failures_total{channel="telegram"} 1.0' in said
    assert 'folkmoot_turn_seconds_bucket{channel="web",le="0.025"} 1.0' in said
    assert "folkmoot_outbox_depth 0.0" in said
