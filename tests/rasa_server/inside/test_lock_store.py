"""Turns of one conversation wait for each other, but not for long."""

from __future__ import annotations

import asyncio
import time

from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from rasa_server.lock_store import QuickLockStore


def test_rasa_makes_the_store_from_endpoints_yml() -> None:
    assert isinstance(
        LockStore.create(EndpointConfig(type="rasa_server.lock_store.QuickLockStore")), QuickLockStore
    )


def test_a_double_tap_is_served_in_order_and_without_a_second_of_waiting() -> None:
    order: list[str] = []

    async def hold(store: QuickLockStore, name: str, seconds: float) -> None:
        async with store.lock("conversation"):
            order.append(f"{name} in")
            await asyncio.sleep(seconds)
            order.append(f"{name} out")

    async def tap_twice() -> None:
        store = QuickLockStore()
        await asyncio.gather(hold(store, "first", 0.1), hold(store, "second", 0), hold(store, "third", 0))
        assert store.conversation_locks == {}

    started = time.monotonic()
    asyncio.run(tap_twice())
    assert order == ["first in", "first out", "second in", "second out", "third in", "third out"]
    assert time.monotonic() - started < 0.8


def test_other_conversations_do_not_wait() -> None:
    async def both() -> list[str]:
        store, order = QuickLockStore(), []

        async def take(name: str, seconds: float) -> None:
            async with store.lock(name):
                await asyncio.sleep(seconds)
                order.append(name)

        await asyncio.gather(take("slow", 0.2), take("quick", 0))
        return order

    assert asyncio.run(both()) == ["quick", "slow"]
