"""The whole product with real Rasa, and a citizen at each of its channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.guests import Guest, TelegramGuest, WebGuest
from tests.fakes.telegram_api import FakeTelegram
from tests.people import OfficialAtWork
from tests.stack import Stack, missing


@pytest.fixture(scope="package")
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture(scope="package")
def product(telegram: FakeTelegram, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if gone := missing():
        pytest.skip(f"not built yet: {', '.join(gone)}; run make setup and make train")
    stack = Stack(
        tmp_path_factory.mktemp("contract"),
        FOLKMOOT_TELEGRAM_TOKEN=telegram.token,
        FOLKMOOT_TELEGRAM_API_BASE=telegram.base,
    )
    yield stack.start()
    stack.stop()


@pytest.fixture
def make_guest(product: Stack, telegram: FakeTelegram) -> Callable[[str], Guest]:
    """A new citizen at a channel."""
    makers: dict[str, Callable[[], Guest]] = {
        "web": lambda: WebGuest(product.url),
        "telegram": lambda: TelegramGuest(telegram),
    }
    return lambda channel: makers[channel]()


@pytest.fixture(params=["web", "telegram"])
def guest(request: pytest.FixtureRequest, make_guest: Callable[[str], Guest]) -> Guest:
    """Each promise is kept at both channels."""
    return make_guest(request.param)


@pytest.fixture(scope="package")
def official(product: Stack) -> OfficialAtWork:
    """The official that the first start made."""
    found = dict(
        line.split(": ", 1) for line in Path(product.home / "first-official.txt").read_text().splitlines()
    )
    return OfficialAtWork(product.url, found["name"], found["password"])
