"""`folkmoot serve`: the same parts as separate processes, any number of each, over one PostgreSQL."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Coroutine
from typing import Annotated, Any

import typer

from civic.kit.settings import Settings
from cli.problems import Stop, sentences

app = typer.Typer(no_args_is_help=True)


@app.command("api")
def serve_api(
    name: Annotated[str, typer.Option(hidden=True)] = "",
    listening: Annotated[int | None, typer.Option("--socket", hidden=True)] = None,
    ready: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Web chat, officials' API, pages and the action webhook."""
    # The hidden options are what `cli.workers` says to a process that it starts: what it is called, the
    # listening socket that it has inherited, and where to write that it answers.
    from cli.beginning import inherited, run, take_port

    with sentences():
        settings = with_rasa(Settings())
        taken = take_port(settings) if listening is None else inherited(listening)
        if listening is None and settings.api_workers > 1:
            run(lambda: keep_workers(settings, taken))
            return
        # What is wrong with settings or port was said by now: the rest takes seconds to load.
        from cli.server import make_server
        from cli.wiring import warm

        house = start(settings, "api", name)
        warm(house.services)
        server = make_server(house.web(), settings)
        # What was loaded lives as long as the process: the collector need not visit it while citizens wait.
        gc.freeze()
        if ready is None:
            said(f"API on {settings.site}/, log in {settings.log_file}.")

        async def serve() -> None:
            stop = asyncio.create_task(signalled())
            serving = asyncio.create_task(server.serve(sockets=[taken]))
            keeping = asyncio.create_task(house.keep_up())
            if ready is not None:
                os.write(ready, b".")
            await asyncio.wait({stop, serving}, return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            keeping.cancel()
            await serving
            await house.close()

        run(serve)


async def keep_workers(settings: Settings, taken: socket.socket) -> None:
    """Keep as many web processes at work as the settings say; this one only looks after them."""
    from cli import logs
    from cli.workers import Workers

    logs.set_up(settings.log_file.with_name(f"api-{os.getpid()}.log"))
    workers = Workers(settings, taken, settings.api_workers)
    stop = asyncio.create_task(signalled())
    try:
        await workers.start(settings.rasa_urls)
        starting = asyncio.create_task(workers.until_ready())
        await asyncio.wait({stop, starting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()  # raises what went wrong
            logs_of = settings.log_file.parent
            said(f"API on {settings.site}/, {settings.api_workers} processes, logs in {logs_of}.")
            await stop
        starting.cancel()
    finally:
        stop.cancel()
        await workers.stop()


@app.command("telegram")
def serve_telegram() -> None:
    """The Telegram gateway: takes messages from Telegram to the dialogue."""
    with sentences():
        settings = with_rasa(Settings())
        if not settings.telegram_token.get_secret_value():
            raise Stop("Set FOLKMOOT_TELEGRAM_TOKEN to the token that @BotFather gave you.")
        house = start(settings, "telegram")
        said(f"Telegram gateway at work, log in {settings.log_file}.")
        asyncio.run(until_signalled(listen(house), house))


@app.command("worker")
def serve_worker() -> None:
    """The delivery worker: sends what citizens were promised, and tries unanswered messages again."""
    with sentences():
        settings = with_rasa(Settings())
        house = start(settings, "worker")
        said(f"Delivery worker at work, log in {settings.log_file}.")
        asyncio.run(until_signalled(deliver(house), house))


@app.command("rasa")
def serve_rasa(
    port: Annotated[int, typer.Option(help="Port of this Rasa process, on loopback.")] = 5005,
    interface: Annotated[str, typer.Option(help="Address to listen on; keep it private.")] = "127.0.0.1",
) -> None:
    """One Rasa process; name its address in FOLKMOOT_RASA_URLS of the others."""
    from cli import rasa
    from cli.beginning import check_set_up

    with sentences():
        settings = Settings()
        check_set_up(settings.model_copy(update={"rasa_urls": []}))
        os.chdir(rasa.ROOT)
        command = rasa.command(port, interface)
        os.execve(command[0], command, {**os.environ, **rasa.environment(settings)})


async def listen(house: Any) -> None:
    """Listen to Telegram, and send here at once what the turns here answer."""
    delivering = asyncio.create_task(house.deliver())
    try:
        await house.listen_telegram()
    finally:
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)


async def deliver(house: Any) -> None:
    """Deliver alone: the bot is connected here, since nobody listens to Telegram in this process."""
    if house.telegram is not None:
        from bot.telegram.connection import connect

        await connect(house.telegram.bot)
    await house.deliver()


def with_rasa(settings: Settings) -> Settings:
    if not settings.rasa_urls:
        raise Stop(
            'Set FOLKMOOT_RASA_URLS to the addresses of the Rasa processes, e.g. ["http://127.0.0.1:5005"], '
            "and start each with `folkmoot serve rasa --port 5005`."
        )
    return settings


def start(settings: Settings, part: str, name: str = "") -> Any:
    """The parts of this process, its log, and a database that has every migration."""
    from cli import first_start, logs
    from cli.house import House
    from cli.wiring import build_services, check_store

    logs.set_up(settings.log_file.with_name(f"{name or f'{part}-{os.getpid()}'}.log"))
    services = build_services(settings)
    check_store(services)
    first_start.migrate(services)
    return House(services, settings.rasa_urls)


def said(sentence: str) -> None:
    typer.echo(f"{sentence} Ctrl-C stops it.")


async def signalled() -> None:
    """Return when Ctrl-C or SIGTERM came."""
    came = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, came.set)
    await came.wait()


async def until_signalled(work: Coroutine[Any, Any, None], house: Any) -> None:
    """Work until a signal comes; what the work raised is raised here."""
    working, stop = asyncio.create_task(work), asyncio.create_task(signalled())
    await asyncio.wait({working, stop}, return_when=asyncio.FIRST_COMPLETED)
    working.cancel()
    try:
        await working
    except asyncio.CancelledError:
        pass
    finally:
        stop.cancel()
        await house.close()
