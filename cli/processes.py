"""Child processes that never outlive us: restarted when they die, gone when we stop or are killed."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

logger = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
# A child that lived this long had started well: its next fall begins the back-off anew.
LIVED_WELL = 60.0
GRACE = 8.0
LARGEST_LOG = 10_000_000


class Child:
    """One program kept running; `start` and `stop` belong to the event loop of the main thread.

    `inherits`: numbers of open files, such as a listening socket, that it finds under the same numbers.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        inherits: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.folder = folder
        self.log = log
        self.inherits = tuple(inherits)
        self.falls = 0
        self.process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None and self.process.returncode is None else None

    async def start(self) -> None:
        """Start it, and start it again with growing pauses whenever it ends by itself."""
        await self._launch()
        self._keeper = asyncio.create_task(self._keep(), name=f"keeper-{self.name}")

    async def stop(self) -> None:
        """Ask it to end, and kill it with everything it started when it does not."""
        self._stopping = True
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        process = self.process
        if process is None or process.returncode is not None:
            return
        _signal_group(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            logger.warning("%s did not end by itself within %.0f s", self.name, GRACE)
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()

    def kill(self) -> None:
        """End it at once; for a second Ctrl-C."""
        if self.pid is not None:
            _signal_group(self.pid, signal.SIGKILL)

    def tail(self, lines: int = 15) -> str:
        """The end of what it printed."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - 20_000))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join("    " + line for line in text.splitlines()[-lines:])

    async def _launch(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as sink:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                # A group of its own: Ctrl-C in the terminal reaches us alone, and we end it in good order.
                start_new_session=True,
                pass_fds=self.inherits,
                preexec_fn=_die_with_parent(os.getpid()),
            )

    async def _keep(self) -> None:
        wait = FIRST_WAIT
        while not self._stopping:
            assert self.process is not None
            started = time.monotonic()
            code = await self.process.wait()
            self.falls += 1
            wait = FIRST_WAIT if time.monotonic() - started > LIVED_WELL else wait
            logger.error("%s ended with code %s; starting it again in %.0f s", self.name, code, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            try:
                await self._launch()
            except OSError as error:
                logger.error("%s could not be started: %s", self.name, type(error).__name__)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """On Linux, have the kernel kill the child when we are gone, even by `kill -9`."""
    if not sys.platform.startswith("linux"):
        return None
    # Loaded here: between fork and exec as little as possible may happen.
    libc = ctypes.CDLL(None, use_errno=True)

    def in_child() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it went in between
            os._exit(1)

    return in_child
