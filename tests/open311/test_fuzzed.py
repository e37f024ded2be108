"""Whatever either interface is sent, by its own description, it never answers with a fault of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from sqlalchemy import Engine

from civic.accounts.rules import Role
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.kit.settings import Settings
from tests.fixtures import emptied_afterwards
from tests.open311.conftest import KEY, OtherSystem

EXAMPLES = 10
# The officials' operations are many, and share their checks: fewer of each try as much.
EXAMPLES_OF_MANY = 6


@pytest.fixture
def engine(sqlite_engine: Engine) -> Iterator[Engine]:
    """SQLite alone: what is asked is the same on both. The next test finds its tables empty."""
    with emptied_afterwards(sqlite_engine) as engine:
        yield engine


def fuzz(
    web: TestClient,
    document: str,
    headers: dict[str, str],
    alter: Callable[[Any], None],
    examples: int = EXAMPLES,
) -> tuple[int, Counter[int]]:
    """Calls each operation with generated input, the same each time; returns how many, and the answers."""
    schema = schemathesis.openapi.from_asgi(document, web.app)
    called, answers = 0, Counter[int]()
    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(311)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            alter(case)
            answer = case.call(headers=headers)
            answers[answer.status_code] += 1
            case.validate_response(answer, checks=[not_a_server_error])

        call()
        called += 1
    return called, answers


@pytest.fixture
def anything(services: Services, settings: Settings, web: TestClient) -> TestClient:
    """The whole web application, which lets faults through instead of hiding them in an answer."""
    settings.open311_requests_per_minute = 1_000_000
    return TestClient(web.app)


def test_open311_never_fails_whatever_it_is_sent(
    anything: TestClient, other: OtherSystem, chat_case: Callable[..., str]
) -> None:
    numbers = [other.sends(token="token-for-fuzzing"), chat_case(), chat_case(service_code="noise")]

    def sensible(case: Any) -> None:
        """Half of the calls get beyond the first check."""
        if isinstance(case.body, dict):
            case.body["api_key"] = KEY
            if len(str(case.body)) % 2:
                case.body |= {"service_code": "pothole", "service_request_id": numbers[0]}
        path = case.path_parameters or {}
        known = {"service_request_id": numbers[1], "service_code": "missed_bin", "token": "token-for-fuzzing"}
        if len(str(case.query)) % 2:
            case.path_parameters = {name: known.get(name, value) for name, value in path.items()}

    called, answers = fuzz(anything, "/open311/v2/openapi.json", {}, sensible)
    assert called == 10
    # Not everything was turned away at the door.
    assert min(answers[status] for status in (200, 201, 400, 404)) > 0, answers
    assert set(numbers) <= set(other.numbers())


def test_the_officials_api_never_fails_whatever_it_is_sent(
    anything: TestClient,
    signed_in: Callable[[Role], dict[str, str]],
    chat_case: Callable[..., str],
    clock: SettableClock,
) -> None:
    number = chat_case()

    def sensible(case: Any) -> None:
        path = case.path_parameters or {}
        if "service_request_id" in path and len(str(case.query) + str(case.body)) % 2:
            case.path_parameters = {**path, "service_request_id": number}

    headers = signed_in(Role.ADMIN)
    called, answers = fuzz(anything, "/api/openapi.json", headers, sensible, EXAMPLES_OF_MANY)
    assert called >= 25
    assert min(answers[status] for status in (200, 404, 422)) > 0, answers
