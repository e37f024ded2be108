"""`make bench-desk`: the officials' desk and Open311 with 1,000,000 service requests, eight users at once.

    python -m benchmarks.desk [--rows 10000] [--database sqlite|postgres|both] [--calls 200] [--pause 0]
                              [--workers 2] [--only inbox] [--json OUT]

The server is the product's own `folkmoot serve api` with `--workers` processes (FOLKMOOT_API_WORKERS),
one for each core unless said otherwise, each with one thread of Python at a time; eight signed-in users
in this process call it over HTTP on the loopback, each again as soon as it is answered (or after
`--pause` seconds). They share the machine's cores with the server and the database, so the figures are
upper bounds. The cases are made up (benchmarks/desk_data.py) and kept for the next run.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.desk_server import Server, User
from benchmarks.desk_store import database, place, prepare
from benchmarks.desk_tasks import DESK, Task, tasks
from benchmarks.report import write
from civic.kit.settings import Settings

USERS = 8
# What is expected at p95, in milliseconds.
EXPECTED = {"sqlite": 200.0, "postgres": 100.0}
EXPORT_RATE = 20_000.0
EXPORT_ROWS = 200_000
TABLE_COLUMNS = 100
NAMES = [f"{one}.0" for one in ("highways", "waste", "parks", "parking", "environment", "drainage")]
NAMES += ["clerk.0", "clerk.1"]


def crowd(users: list[User], task: Task, calls: int, pause: float) -> None:
    """Every user makes so many calls, all users at once."""

    def work(number: int) -> None:
        for n in range(calls):
            started = time.perf_counter()
            try:
                users[number].get(task.address(number, n))
                task.times.append(time.perf_counter() - started)
            except (RuntimeError, OSError, http.client.HTTPException):
                task.failed += 1
                users[number].connection.close()
            if pause:
                time.sleep(pause)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(users))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def export(server: Server, user: User, since: datetime) -> dict[str, float]:
    """Reads a CSV export as fast as it comes, and watches the server's memory meanwhile."""
    address = f"{DESK}/export?" + urlencode({"format": "csv", "since": since.isoformat()})
    before = peak = server.megabytes()
    watching = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not watching.wait(0.05):
            peak = max(peak, server.megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, used = time.perf_counter(), server.seconds()
    user.connection.close()
    user.connection.request("GET", address, headers={"Cookie": user.cookie})
    answer = user.connection.getresponse()
    rows, size = -1, 0
    while piece := answer.read(1 << 16):
        rows += piece.count(b"\r\n")
        size += len(piece)
    taken, used = time.perf_counter() - started, server.seconds() - used
    watching.set()
    watcher.join()
    return {
        "rows": rows,
        "megabytes": round(size / 1e6, 1),
        "seconds": round(taken, 2),
        "processor_seconds": round(used, 2),
        "rows_a_second": round(rows / taken),
        "rss_before_mb": round(before),
        "rss_growth_mb": round(peak - before, 1),
    }


def measure(kind: str, options: argparse.Namespace, shown: Progress, settings: Settings) -> dict[str, Any]:
    """One database: filled if need be, served, called, and the export read."""
    folder = place(settings.home.resolve(), kind, options.rows)
    with database(kind, folder) as url:
        bar = shown.add_task(f"{kind}: {options.rows:,} cases", total=options.rows)
        prepare(url, options.rows, settings, lambda done: shown.update(bar, completed=done))
        server = Server(url, folder, options.workers)
        try:
            users = [User(server.port, name) for name in NAMES]
            found: dict[str, Any] = {"database": kind, "rows": options.rows, "workers": options.workers}
            found["tasks"] = []
            todo = [one for one in tasks(users) if not options.only or options.only in one.name]
            bar = shown.add_task(f"{kind}: calls", total=len(todo) + 1)
            for task in todo:
                shown.update(bar, description=f"{kind}: {task.name}")
                crowd(users, Task("", task.address), 2, 0)  # not counted: the first ones read from disk
                calls = max(5, int(task.weight * options.calls / USERS))
                started, used = time.perf_counter(), server.seconds()
                crowd(users, task, calls, options.pause)
                taken, used = time.perf_counter() - started, server.seconds() - used
                found["tasks"].append(_figures(task, kind, taken, used))
                shown.advance(bar)
            if not options.only or options.only in "export":
                shown.update(bar, description=f"{kind}: export")
                days = 3 * 365 * min(1.0, EXPORT_ROWS / options.rows)
                since = datetime.now(UTC) - timedelta(days=days)
                export(server, users[-1], datetime.now(UTC) - timedelta(days=max(1.0, days / 20)))
                found["export"] = export(server, users[-1], since)
            found["rss_mb"] = round(server.megabytes())
            found["load"] = [round(each, 1) for each in os.getloadavg()]
            shown.advance(bar)
            return found
        finally:
            server.stop()


def _figures(task: Task, kind: str, taken: float, used: float) -> dict[str, Any]:
    many = max(1, len(task.times))
    p95 = task.quantile(0.95)
    return {
        "name": task.name,
        "calls": len(task.times),
        "failed": task.failed,
        "ms_p50": round(task.quantile(0.5), 1),
        "ms_p95": round(p95, 1),
        "calls_a_second": round(len(task.times) / taken, 1),
        "server_processor_ms": round(1000 * used / many, 1),
        "expected_ms_p95": EXPECTED[kind] if task.promised else None,
        "met": p95 < EXPECTED[kind] and not task.failed if task.promised else None,
    }


def show(figures: dict[str, Any]) -> None:
    """Prints the tables."""
    # In a file or a pipe, too, no figure is cut: by itself a console is 80 columns wide there.
    console = Console(highlight=False, width=TABLE_COLUMNS)
    for one in figures["databases"]:
        workers = one.get("workers", 1)
        served = f"{workers} web process{'es' if workers > 1 else ''}"
        title = f"{one['rows']:,} service requests on {one['database']}, {USERS} users at once, {served}"
        console.print(f"[italic]{title}[/]")  # in a narrow table a title of its own would be broken
        table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
        for name in ("", "calls", "p50 ms", "p95 ms", "calls/s", "CPU ms", "p95 aim", ""):
            table.add_column(name, justify="left" if not name else "right", no_wrap=True)
        verdict = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}
        for row in one["tasks"]:
            expected = f"< {row['expected_ms_p95']:.0f}" if row["expected_ms_p95"] else ""
            keys = ("ms_p50", "ms_p95", "calls_a_second", "server_processor_ms")
            times = [f"{row[key]:.1f}" for key in keys]
            said = f"{row['failed']} failed" if row["failed"] else verdict[row["met"]]
            table.add_row(row["name"], str(row["calls"]), *times, expected, said)
        console.print(table)
        if read := one.get("export"):
            met = verdict[read["rows_a_second"] >= EXPORT_RATE]
            console.print(
                f"Export, CSV: {read['rows']:,} rows ({read['megabytes']} MB) in {read['seconds']} s, "
                f"{read['rows_a_second']:,} rows a second, expected {EXPORT_RATE:,.0f}: {met}. The server's "
                f"memory grew by {read['rss_growth_mb']} MB meanwhile, from {read['rss_before_mb']} MB."
            )
    console.print(
        "CPU: processor time of the web processes for a call. Users, server and database share "
        f"{figures['machine']['cores']} cores; each user calls again "
        + (f"{figures['pause']} s after the answer." if figures["pause"] else "as soon as it is answered.")
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the databases that are wanted, prints the tables, and writes the same figures as JSON."""
    settings = Settings()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="service requests")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--calls", type=int, default=400, help="calls of each kind")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between a user's calls")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="web processes; one for each core"
    )
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--json", type=Path, help="where the figures go; default $FOLKMOOT_HOME/bench/")
    options = parser.parse_args(arguments)
    out = options.json or settings.home.resolve() / "bench" / "desk.json"
    figures: dict[str, Any] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "users": USERS,
        "pause": options.pause,
        "databases": [],
    }
    kinds = ("sqlite", "postgres") if options.database == "both" else (options.database,)
    with Progress(
        TextColumn("{task.description:<44}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    ) as shown:
        for kind in kinds:
            figures["databases"].append(measure(kind, options, shown, settings))
            write(out, figures)
    show(figures)
    print(f"Also in {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
