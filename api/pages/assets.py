"""The pages' own stylesheet, scripts and icon."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from api.pages.session import HOME
from api.pages.shell import HERE

router = APIRouter(prefix=f"{HOME}/static", include_in_schema=False)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {path.name: path for path in (HERE / "static").iterdir() if path.suffix in TYPES}


@router.get("/{name}")
async def asset(name: str) -> FileResponse:
    path = FILES.get(name)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type=TYPES[path.suffix], headers={"Cache-Control": "no-cache"})
