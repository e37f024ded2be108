"""How people are brought to a survey: a link, a picture of it, Telegram, a line for another site."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import segno

from civic.kit.services import Services

# Telegram allows 64 characters after `start=`, of these kinds only; ids of surveys are shorter.
START = "survey_"
SURVEY_ID = re.compile(r"[a-z][a-z0-9-]{0,49}")


@dataclass(frozen=True)
class BotName:
    """The name of our bot in Telegram, without @; empty while nobody knows it."""

    name: str = ""


@dataclass(frozen=True)
class Links:
    """The ways to one survey; `telegram` is None where the bot's name is not known."""

    link: str
    telegram: str | None
    snippet: str


def links(site: str, survey_id: str, bot: str = "") -> Links:
    """The ways to a survey, each of which begins it."""
    return Links(
        link=f"{site}/s/{survey_id}",
        telegram=f"https://t.me/{bot}?start={START}{survey_id}" if bot else None,
        snippet=(
            f'<script src="{site}/chat/folkmoot-chat.js" type="module"></script>\n'
            f'<folkmoot-chat survey="{survey_id}"></folkmoot-chat>'
        ),
    )


def ways_to(services: Services, survey_id: str) -> Links:
    """The ways to a survey of this house."""
    try:
        bot = services.settings.telegram_name or services.get(BotName).name
    except LookupError:  # no process of ours has spoken to Telegram yet
        bot = ""
    return links(services.settings.site, survey_id, bot.lstrip("@"))


def qr(link: str, *, title: str, inline: bool = True) -> str:
    """The link as a QR code: an SVG that any telephone's camera reads, also when printed and a bit dirty."""
    code = segno.make(link, error="m", micro=False)
    if inline:
        return str(
            code.svg_inline(scale=4, border=4, title=title, svgclass="qr", lineclass=None, light="#fff")
        )
    out = io.BytesIO()
    code.save(out, kind="svg", scale=8, border=4, title=title, light="#fff")
    return out.getvalue().decode()
