"""The page at `/`: the conversation, and next to nothing else; and a page that shows embedding."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from civic.kit.services import Services
from civic.surveys.sharing import SURVEY_ID

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")

EXAMPLES = ("home-example-question", "home-example-problem", "home-example-status", "home-example-survey")

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


def content_policy(host: str) -> str:
    """What the page may do: our own files, our own server, photos that the citizen picked; nothing inline."""
    # Not every browser counts the socket of the same host as 'self'.
    socket = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            f"connect-src 'self'{socket}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def home_router(services: Services) -> APIRouter:
    """The pages in which the chat stands."""
    router = APIRouter(include_in_schema=False)
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def page(
        request: Request, name: str, lang: str | None, title: str, survey: str | None = None
    ) -> HTMLResponse:
        wanted = lang or _accepted(request)
        language = services.catalogue.best(wanted)
        body = pages.get_template(name).render(
            language=language,
            speaks=wanted if wanted and LANGUAGE.fullmatch(wanted) else language,
            direction=services.text("webchat-direction", language),
            text=lambda key: services.text(key, language),
            title=services.text(title, language),
            description=services.text("home-intro", language),
            town=services.settings.town,
            site=services.settings.site,
            examples=EXAMPLES,
            survey=survey if survey and SURVEY_ID.fullmatch(survey) else None,
        )
        headers = {
            "Content-Security-Policy": content_policy(request.headers.get("host", "")),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Language",
        }
        return HTMLResponse(body, headers=headers)

    @router.get("/")
    async def home(request: Request, lang: str | None = None, survey: str | None = None) -> HTMLResponse:
        return page(request, "home.html", lang, "home-title", survey)

    @router.get("/s/{survey_id}")
    async def survey_link(request: Request, survey_id: str, lang: str | None = None) -> HTMLResponse:
        return page(request, "home.html", lang, "home-title", survey_id.lower())

    @router.get("/embed-example")
    async def embed_example(request: Request, lang: str | None = None) -> HTMLResponse:
        return page(request, "embed.html", lang, "embed-title")

    return router


def _accepted(request: Request) -> str | None:
    """The first language that the browser asks for."""
    header = request.headers.get("accept-language", "")
    return header.split(",")[0].split(";")[0].strip() or None
