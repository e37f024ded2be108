"""`folkmoot up`: everything on one machine with one command, and nothing left behind when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple, Unpack

import anyio.to_thread
from rich.markup import escape

from civic.kit.settings import Settings
from cli import logs, rasa
from cli.beginning import check_set_up, run, take_port
from cli.problems import Stop, sentences
from cli.processes import Child
from cli.terminal import console, step
from cli.workers import METRICS, Workers

if TYPE_CHECKING:
    from civic.kit.services import Services
    from cli.first_start import FirstOfficial
    from cli.house import House
    from cli.server import Server

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Args = TypeVarTuple("Args")

LONGEST_START = 180.0
FALLS_AT_START = 3


def up(settings: Settings) -> None:
    """Run until Ctrl-C or SIGTERM, then stop everything that was started."""
    with sentences():
        check_set_up(settings)
        taken = take_port(settings)
        logs.set_up(settings.log_file)
        stopped_by = run(Up(settings, taken).run)
        console.print("\nStopped." if stopped_by else "\nThe web server ended by itself; see the log.")
        sys.stdout.flush()
        # A thread may still be at work on something that is safe to leave, such as an import of a file.
        os._exit(0 if stopped_by else 1)


class Up:
    """One run from start to stop."""

    def __init__(self, settings: Settings, taken: socket.socket) -> None:
        self.settings = settings
        self.taken = taken
        self.children: list[Child] = []
        self.server: Server | None = None
        self.house: House | None = None
        self.stop = asyncio.Event()
        # This process answers, too: it starts the others. All count together.
        others = settings.api_workers - 1
        self.workers = Workers(settings, taken, others) if others else None
        if self.workers is not None:
            os.environ[METRICS] = str(self.workers.metrics)

    async def run(self) -> bool:
        """Start, serve, stop; True when a signal ended it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._signalled)
        life = asyncio.create_task(self._life())
        stopping = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait({life, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if life.done():
                life.result()  # raises what went wrong
            return stopping.done()
        finally:
            await self._end(life)
            stopping.cancel()

    def _signalled(self) -> None:
        if self.stop.is_set():  # the second time: at once
            for child in self.children:
                child.kill()
            if self.workers is not None:
                self.workers.kill()
            os._exit(130)
        self.stop.set()

    async def _life(self) -> None:
        # Rasa takes longest, and needs nothing of ours before its first turn: our own modules come meanwhile.
        addressed = [] if self.settings.rasa_urls else rasa.children(self.settings)
        self.children = [child for _, child in addressed]
        for child in self.children:
            await child.start()
        urls = self.settings.rasa_urls or [url for url, _ in addressed]
        with step("Database"):
            services = await in_thread(_services, self.settings)
        official = await self._prepare(services)
        house, server = await in_thread(_house, services, urls)
        self.house, self.server = house, server
        serving = asyncio.create_task(server.serve(sockets=[self.taken]))
        warming = asyncio.create_task(in_thread(_warm, services))
        with step("Dialogue (Rasa)"):
            await self._until_ready(urls, serving)
        with step("Documents and types"):
            await asyncio.wait({warming, serving}, return_when=asyncio.FIRST_COMPLETED)
        if self.workers is not None:
            with step("Web processes"):
                await self.workers.start(urls)
                await self.workers.until_ready()
        self._welcome(official)
        parts = {
            serving,
            asyncio.create_task(house.deliver(), name="deliver"),
            asyncio.create_task(self._telegram(), name="telegram"),
            asyncio.create_task(house.keep_up(), name="keep-up"),
            asyncio.create_task(self._watch_falls(), name="watch"),
        }
        try:
            ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in ended:
                part.result()  # raises what went wrong
        finally:
            for part in parts - {serving}:
                part.cancel()
            await asyncio.gather(*parts, warming, return_exceptions=True)

    async def _prepare(self, services: Services) -> FirstOfficial | None:
        from cli import first_start

        with step("Content") as tell:
            problems = await in_thread(first_start.demonstration, services, tell)
        for problem in problems:
            console.print(f"[red]left out[/]  {escape(problem)}")
        return await in_thread(first_start.first_official, services)

    async def _until_ready(self, urls: list[str], serving: asyncio.Task[None]) -> None:
        waiting = asyncio.create_task(rasa.wait_until_all_ready(urls))
        failing = asyncio.create_task(self._falling())
        done, _ = await asyncio.wait(
            {waiting, failing, serving}, timeout=LONGEST_START, return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        failing.cancel()
        if waiting in done and waiting.exception() is None:
            return
        if serving in done:
            serving.result()
            raise Stop(f"The web server did not start; the reason is at the end of {self.settings.log_file}.")
        said = "\n".join(f"{child.log}:\n{child.tail()}" for child in self.children)
        raise Stop(
            f"Rasa does not start; the end of its log:\n{said}\n"
            "Run `make train`; if that changes nothing, docs/runbooks/rasa-down.md says what else to look at."
        )

    async def _falling(self) -> None:
        while not any(child.falls >= FALLS_AT_START for child in self.children):
            await asyncio.sleep(0.2)

    async def _watch_falls(self) -> None:
        assert self.house is not None
        while True:
            self.house.metrics.rasa_falls.set(sum(child.falls for child in self.children))
            await asyncio.sleep(5)

    async def _telegram(self) -> None:
        assert self.house is not None
        await self.house.listen_telegram()
        # It ends only when Telegram refuses the token: the rest goes on without it.
        console.print("[red]Telegram refuses the token; the web chat goes on. Details are in the log.[/]")
        await asyncio.Event().wait()

    def _welcome(self, official: FirstOfficial | None) -> None:
        settings = self.settings
        lines = [
            f"Chat page            {settings.site}/",
            f"Officials' API       {settings.site}/api/docs",
            f"Log                  {settings.log_file}",
        ]
        if official is not None:
            lines += [
                f"First official       {official.name}  password {official.password}",
                f"                     shown this once; kept in {official.file}",
            ]
        if not settings.telegram_token.get_secret_value():
            lines.append(
                "Telegram             set FOLKMOOT_TELEGRAM_TOKEN to the token from @BotFather, start again"
            )
        lines.append("Ctrl-C stops everything.")
        console.print(f"\n[bold]Folkmoot for {escape(settings.town)} is ready.[/]")
        console.print(escape("\n".join(f"  {line}" for line in lines)) + "\n")

    async def _end(self, life: asyncio.Task[None]) -> None:
        if self.server is not None:
            self.server.should_exit = True
        if self.stop.is_set():
            console.print("\nStopping ...")
        others = asyncio.create_task(self.workers.stop() if self.workers is not None else asyncio.sleep(0))
        # Requests at work may finish while Rasa still answers them; then Rasa goes.
        if self.server is not None and not life.done():
            with contextlib.suppress(BaseException):
                await asyncio.wait({life}, timeout=6)
        life.cancel()
        with contextlib.suppress(BaseException):
            await life
        await others
        await asyncio.gather(*(child.stop() for child in self.children))
        if self.house is not None:
            await self.house.close()


def _services(settings: Settings) -> Services:
    """The parts of this process over a database of the newest version; their modules are loaded here."""
    from cli.first_start import migrate
    from cli.wiring import build_services, check_store

    services = build_services(settings)
    check_store(services)
    migrate(services)
    return services


def _house(services: Services, urls: list[str]) -> tuple[House, Server]:
    """What the process opens to the world, and the server that serves it."""
    from cli.house import House
    from cli.server import make_server

    house = House(services, urls)
    server = make_server(house.web(), services.settings)
    # What was loaded lives as long as the process: the collector need not visit it while citizens wait.
    gc.freeze()
    return house, server


def _warm(services: Services) -> None:
    from cli.wiring import warm

    warm(services)


async def in_thread(call: Callable[[Unpack[Args]], Result], *args: Unpack[Args]) -> Result:
    """A blocking call; when we are stopped meanwhile, nobody waits for it."""
    return await anyio.to_thread.run_sync(call, *args, abandon_on_cancel=True)
