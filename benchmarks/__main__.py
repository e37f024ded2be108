"""`make bench`: both bots on this machine, in one run, in turns; a table, and the same figures as JSON."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import report
from benchmarks.bots import ROOT, Bot, Ours, Stock, stock_environment, trained_model, versions
from benchmarks.measure import Times, crowd, interleaved, questions, visits
from civic.kit.settings import Settings
from tools.bootstrap import alone, make, raise_if
from tools.problems import Problem, too_little_space
from tools.progress import Progress as StepProgress
from tools.steps import Place

SETTLE_SECONDS = 2.0


def main() -> int:
    """Prepare, measure, report; 1 after one sentence when something is missing."""
    options = parser().parse_args()
    # Ended by SIGTERM it stops its bots too, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = Settings().home.resolve()
    folder = home / "bench"
    try:
        prepare(folder)
        stock = Stock(fresh(folder / "stock"), folder / "stock-environment" / "bin" / "python")
        ours = Ours(fresh(folder / "ours"), home)
        result, theirs = measure(ours, stock, options)
    except (Problem, RuntimeError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return 130
    rows = report.rows(result, theirs)
    report.show(rows, result, theirs)
    about = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()},
        "stock": versions(stock),
        "model": trained_model(home),
    }
    report.write(folder / "bench.json", report.as_json(rows, result, theirs, about))
    print(f"Also in {folder / 'bench.json'}")
    return 0


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trainings", type=int, default=1, help="trainings of each bot")
    options.add_argument("--starts", type=int, default=3, help="starts of each bot")
    options.add_argument("--turns", type=int, default=300, help="single turns with each bot")
    options.add_argument("--seconds", type=float, default=10, help="seconds of each of three crowds of eight")
    return options


def prepare(folder: Path) -> None:
    """Make the stock Rasa's environment when it is not there."""
    step = stock_environment(folder)
    with alone(ROOT):
        if not step.done(ROOT):
            raise_if(too_little_space(folder, step.megabytes * 1_000_000))
            make(step, Place(ROOT, folder), StepProgress(1, 1, step.title))


def fresh(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def measure(ours: Ours, stock: Stock, options: argparse.Namespace) -> tuple[Times, Times]:
    """All measurements, the two bots in turns."""
    pairs: list[tuple[Bot, Times]] = [(ours, Times()), (stock, Times())]
    blocks = max(1, options.turns // 30)
    crowds = 3
    total = 2 * (options.trainings + 1 + options.starts + blocks + crowds) + 1
    with Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    ) as shown:
        bar = shown.add_task("", total=total)

        def noted(what: str, call: Callable[[Bot, Times], None]) -> Callable[[Bot, Times], None]:
            def with_bar(bot: Bot, times: Times) -> None:
                shown.update(bar, description=f"{bot.name}: {what}")
                call(bot, times)
                shown.advance(bar)

            return with_bar

        try:
            interleaved(pairs, options.trainings, noted("training", train))
            # Not counted: a first start reads everything from disk, and ours loads its content.
            interleaved(pairs, 1, noted("first start", lambda bot, times: first_start(bot)))
            interleaved(pairs, options.starts, noted("starting", start_and_stop))
            for bot, _ in pairs:
                bot.start()
            for bot, _ in pairs:
                bot.wait_until_answering()
            noted("warming up", lambda bot, times: warm_up(pairs))(ours, Times())
            interleaved(pairs, blocks, noted("turns", lambda bot, times: turns(bot, times, 30)))
            crowding = noted(
                "eight users", lambda bot, times: asyncio.run(crowd(bot, times, options.seconds))
            )
            interleaved(pairs, crowds, crowding)
            for bot, times in pairs:
                times.memory = bot.memory()
        finally:
            for bot, _ in pairs:
                bot.stop()
    return pairs[0][1], pairs[1][1]


def train(bot: Bot, times: Times) -> None:
    started = time.perf_counter()
    bot.train()
    times.training.append(time.perf_counter() - started)


def first_start(bot: Bot) -> None:
    bot.start()
    bot.wait_until_answering()
    bot.stop()


def start_and_stop(bot: Bot, times: Times) -> None:
    bot.start()
    times.ready.append(bot.wait_until_answering())
    bot.stop()
    time.sleep(SETTLE_SECONDS)


def warm_up(pairs: list[tuple[Bot, Times]]) -> None:
    for bot, _ in pairs:
        turns(bot, Times(), 30)


def turns(bot: Bot, times: Times, count: int) -> None:
    """So many greetings; and as many policy questions to ours, which the other bot cannot answer."""
    asyncio.run(visits(bot, times, count))
    if isinstance(bot, Ours):
        asyncio.run(questions(bot, times, count))


if __name__ == "__main__":
    sys.exit(main())
