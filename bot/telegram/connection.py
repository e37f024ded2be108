"""The line to Telegram: opened patiently, with one line in the log for each change."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.telegram.parse import COMMANDS
from civic.kit.services import Services
from civic.kit.settings import Settings

log = logging.getLogger(__name__)

# The library's own switch to its coming way of saying times; without it each 429 warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")

LONGEST_PAUSE = 60.0
WEBHOOK_PATH = "/telegram/webhook"
WRONG_TOKEN = (
    "Telegram refuses the token: copy it anew from BotFather (/mybots, then API Token) into "
    "FOLKMOOT_TELEGRAM_TOKEN and start again. The web chat is not affected."
)


class Misconfigured(Exception):
    """Telegram refuses what we ask of it, e.g. a webhook without https."""


class WrongToken(Exception):
    """Telegram does not know the token; only the operator can help."""


def make_bot(settings: Settings) -> Bot:
    """The library's client for the configured token and Bot API server."""
    # Its log lines at INFO contain the address of each request, and that contains the token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    base = settings.telegram_api_base.rstrip("/")
    # A proxy of the environment is for the outside world, not for a Bot API server on this machine.
    direct = {"trust_env": urlsplit(base).hostname not in ("127.0.0.1", "localhost", "::1")}
    return Bot(
        settings.telegram_token.get_secret_value().strip(),
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, pool_timeout=10, read_timeout=10, httpx_kwargs=direct),
        get_updates_request=HTTPXRequest(connection_pool_size=2, httpx_kwargs=direct),
    )


def webhook_address(configured: str) -> str:
    """Where Telegram is to deliver: our own path is added to a bare address."""
    parts = urlsplit(configured)
    return parts._replace(path=WEBHOOK_PATH).geturl() if parts.path in ("", "/") else configured


async def connect(bot: Bot) -> None:
    """Returns when Telegram has answered with our name."""
    await patiently(bot.initialize)
    log.info("Telegram: connected as @%s", bot.username)


async def patiently(call: Callable[[], Awaitable[None]]) -> None:
    """Calls until Telegram answers; raises `WrongToken` when it does not know us."""
    pause, reported = 1.0, False
    while True:
        try:
            return await call()
        except InvalidToken:
            # Not `from error`: the library's sentence contains the token.
            raise WrongToken(WRONG_TOKEN) from None
        except BadRequest as error:
            raise Misconfigured(error.message) from None
        except TelegramError as error:
            if not reported:
                log.warning(
                    "Telegram: cannot be reached (%s); trying until it can, the web chat is not affected",
                    type(error).__name__,
                )
                reported = True
            await asyncio.sleep(seconds_of(error) if isinstance(error, RetryAfter) else pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


async def publish_commands(bot: Bot, services: Services) -> None:
    """Shows the commands in Telegram's menu, in every language of the catalogue."""
    catalogue = services.catalogue
    for language in [None, *catalogue.languages]:
        commands = [
            BotCommand(name, services.text(f"telegram-command-{name}", language)) for name in COMMANDS
        ]
        try:
            await bot.set_my_commands(commands, language_code=language and language.split("-")[0])
        except TelegramError as error:
            log.warning("Telegram: the menu of commands was not set (%s)", type(error).__name__)
            return
