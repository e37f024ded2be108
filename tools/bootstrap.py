"""Sets up a checkout: environments, encoder, trained Rasa. What has not changed since last time is skipped.

    python3.11 tools/bootstrap.py [--check-port] [--only app --only encoder ...] [--again train]

Needs nothing but a Python 3.9 or newer to start; the ones it builds with, it finds itself.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import interpreters, stamps  # noqa: E402
from tools.problems import (  # noqa: E402
    UNWRITABLE,
    Problem,
    busy_port,
    disk_full,
    too_little_space,
    unwritable,
)
from tools.progress import Progress  # noqa: E402
from tools.steps import Place, Step, all_steps  # noqa: E402

ENVIRONMENT_VERSIONS = {"app": "3.11", "rasa": "3.10"}


def main(arguments: list[str] | None = None) -> int:
    """Do what is left to do; 0 when everything is there, 1 after one clear sentence, 130 after Ctrl-C."""
    options = parser().parse_args(arguments)
    place = Place(ROOT, (ROOT / (options.home or setting("HOME") or "var")).resolve())
    try:
        if options.check_port:
            raise_if(busy_port(setting("HOST") or "127.0.0.1", port()))
        place.home.mkdir(parents=True, exist_ok=True)
        with alone(ROOT):
            set_up(place, set(options.only), set(options.again))
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno == errno.ENOSPC:
            print(f"\n{disk_full(place.home)}", file=sys.stderr)
        elif error.errno in UNWRITABLE:
            print(f"\n{unwritable(error, place.home)}", file=sys.stderr)
        else:
            raise
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on where this one ended.", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    names = [step.name for step in all_steps(Place(ROOT, ROOT / "var"))]
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--home", help="folder of everything Folkmoot writes (FOLKMOOT_HOME, else var/)")
    options.add_argument("--check-port", action="store_true", help="stop at once when the port is busy")
    options.add_argument("--only", action="append", default=[], choices=names, help="only these; repeatable")
    options.add_argument("--again", action="append", default=[], choices=names, help="even if unchanged")
    return options


def set_up(place: Place, only: set[str], again: set[str]) -> None:
    """Check what can be known beforehand, then make each step that is not done, stamp last."""
    steps = [step for step in all_steps(place) if not only or step.name in only]
    for step in steps:
        if step.name in again:
            step.stamp.unlink(missing_ok=True)
    waiting = [step for step in steps if not step.done(place.root)]
    for step in waiting:
        if step.name in ENVIRONMENT_VERSIONS and not step.present():
            interpreters.find(ENVIRONMENT_VERSIONS[step.name])
    raise_if(too_little_space(place.home, sum(step.megabytes for step in waiting) * 1_000_000))
    for number, step in enumerate(steps, start=1):
        progress = Progress(number, len(steps), step.title)
        if step.done(place.root):
            progress.skip()
        else:
            make(step, place, progress)


def make(step: Step, place: Place, progress: Progress) -> None:
    """Make one step; its stamp goes first and comes back last, so that a half-made result is made again."""
    wanted = stamps.digest(step.inputs, place.root)
    step.stamp.unlink(missing_ok=True)
    progress.start()
    try:
        step.make(progress)
    except BaseException:
        progress.end("failed")
        raise
    stamps.write(step.stamp, wanted)
    progress.end()


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """One set-up at a time in a checkout: a second waits, and says for whom."""
    path = root / ".setup.lock"
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            print(
                f"Another set-up (process {handle.read().strip() or '?'}) is at work here; waiting for it.",
                flush=True,
            )
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def port() -> int:
    """The port the web server will listen on."""
    text = setting("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Problem(f"{text} is not a port; choose one between 1024 and 65535, such as PORT=8000 make run.")
    return int(text)


def setting(name: str) -> str:
    """A setting of the product as it will read it: the environment first, then `.env`."""
    name = f"FOLKMOOT_{name}"
    if os.environ.get(name):
        return os.environ[name]
    with contextlib.suppress(OSError):
        for line in (ROOT / ".env").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            if key.strip() == name:
                return value.strip().strip("\"'")
    return ""


def raise_if(problem: Problem | None) -> None:
    if problem:
        raise problem


if __name__ == "__main__":
    sys.exit(main())
