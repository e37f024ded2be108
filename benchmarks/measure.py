"""Turns and their times: one user at a time, and eight at once."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from benchmarks.bots import Bot, Ours

# As long as a short visit; then the next citizen comes. Both bots grow slower with a conversation's length.
TURNS_A_VISIT = 10
USERS = 8


@dataclass
class Times:
    """What was measured of one bot."""

    training: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    questions: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    failures: int = 0

    def quantile(self, share: float) -> float:
        """That share of turns took at most so many milliseconds."""
        return _quantile(self.turns, share)

    def question_quantile(self, share: float) -> float:
        """That share of policy questions took at most so many milliseconds."""
        return _quantile(self.questions, share)

    def megabytes(self, kind: str, *parts: str) -> float:
        return sum(sizes[kind] for part, sizes in self.memory.items() if not parts or part in parts)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def _quantile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def questions(bot: Ours, times: Times, turns: int) -> None:
    """Policy questions, one after the other, each by a new citizen: found, quoted and noted in full."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        for _ in range(turns):
            started = time.perf_counter()
            answered = await bot.ask(client)
            taken = time.perf_counter() - started
            if answered:
                times.questions.append(taken)
            else:
                times.failures += 1


async def visits(bot: Bot, times: Times, turns: int) -> None:
    """One user after the other, each turn timed from the message to its answer."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        user = ""
        for number in range(turns):
            user = user if number % TURNS_A_VISIT else ""
            started = time.perf_counter()
            answered = await bot.greet(client, user)
            taken = time.perf_counter() - started
            if answered is None:
                times.failures += 1
            else:
                times.turns.append(taken)
            user = answered or ""


async def crowd(bot: Bot, times: Times, seconds: float) -> None:
    """Eight users who write again as soon as they are answered; how many turns a second come out."""
    answered = 0
    limits = httpx.Limits(max_connections=USERS, max_keepalive_connections=USERS)
    async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as client:
        started = time.perf_counter()

        async def user() -> None:
            nonlocal answered
            name, turn = "", 0
            while time.perf_counter() - started < seconds:
                name = await bot.greet(client, name if turn % TURNS_A_VISIT else "") or ""
                turn += 1
                if name:
                    answered += 1
                else:
                    times.failures += 1

        await asyncio.gather(*(user() for _ in range(USERS)))
        times.rates.append(answered / (time.perf_counter() - started))


def interleaved(bots: list[tuple[Bot, Times]], rounds: int, call: Callable[[Bot, Times], None]) -> None:
    """The same for both in turns, the other one first every second time: noise falls on both alike."""
    for number in range(rounds):
        for bot, times in bots if number % 2 == 0 else reversed(bots):
            call(bot, times)
