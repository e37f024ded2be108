"""The stylesheet that all public pages share."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

SITE_CSS = Path(__file__).parent / "static" / "site.css"

router = APIRouter(include_in_schema=False)


@router.get("/static/site.css")
async def site_css() -> FileResponse:
    return FileResponse(SITE_CSS, media_type="text/css", headers={"Cache-Control": "no-cache"})
