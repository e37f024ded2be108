"""Several web processes on one listening socket: an idle one takes the next caller, a dead one comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from civic.kit.settings import Settings
from cli.problems import Stop
from cli.processes import Child

LONGEST_START = 120.0
# Read by prometheus_client when it is first imported: where the processes count together.
METRICS = "PROMETHEUS_MULTIPROC_DIR"


class Workers:
    """So many children with the parent's socket; none outlives the parent, however that ends."""

    def __init__(self, settings: Settings, taken: socket.socket, count: int) -> None:
        self._settings = settings
        self._taken = taken
        self._count = count
        self._ready, self._tell_ready = os.pipe()
        self.metrics = Path(tempfile.mkdtemp(prefix="folkmoot-metrics-"))
        self.children: list[Child] = []
        self._stopped = False

    async def start(self, rasa_urls: Sequence[str]) -> None:
        """Start them all, unless everything is being stopped; `until_ready` says when they answer."""
        if self._stopped:
            return
        self.children = [self._child(number, rasa_urls) for number in range(1, self._count + 1)]
        await asyncio.gather(*(child.start() for child in self.children))

    async def until_ready(self) -> None:
        """Return when each of them answers; raises `Stop` with what one said that ended at its start."""
        loop = asyncio.get_running_loop()
        said, enough = 0, asyncio.Event()

        def one_more() -> None:
            nonlocal said
            said += len(os.read(self._ready, self._count))
            if said >= self._count:
                enough.set()

        loop.add_reader(self._ready, one_more)
        try:
            async with asyncio.timeout(LONGEST_START):
                while not enough.is_set():
                    fallen = next((one for one in self.children if one.falls), None)
                    if fallen is not None:
                        raise Stop(f"A web process does not start; the end of {fallen.log}:\n{fallen.tail()}")
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(enough.wait(), 0.2)
        except TimeoutError:
            logs = self._settings.log_file.parent
            raise Stop(f"The web processes did not answer in {LONGEST_START:.0f} s; see {logs}.") from None
        finally:
            loop.remove_reader(self._ready)

    async def stop(self) -> None:
        """Let requests at work be finished, then end them all."""
        self._stopped = True
        await asyncio.gather(*(child.stop() for child in self.children))
        shutil.rmtree(self.metrics, ignore_errors=True)

    def kill(self) -> None:
        """End them at once."""
        for child in self.children:
            child.kill()

    def _child(self, number: int, rasa_urls: Sequence[str]) -> Child:
        settings, listening = self._settings, self._taken.fileno()
        name = f"api-{settings.port}-{number}"
        command = [sys.executable, "-m", "cli", "serve", "api", "--name", name]
        command += ["--socket", str(listening), "--ready", str(self._tell_ready)]
        environment = {
            "FOLKMOOT_PORT": str(settings.port),
            "FOLKMOOT_RASA_URLS": json.dumps(list(rasa_urls)),
            METRICS: str(self.metrics),
        }
        # In the folder that we were started in: settings may be in a file there, and paths begin there.
        printed = settings.log_file.with_name(f"{name}.out")
        return Child(name, command, environment, Path.cwd(), printed, (listening, self._tell_ready))
