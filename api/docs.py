"""The documentation page of the API, served whole from here: no other site is asked for anything."""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

SWAGGER_UI = Path(fastapi_offline.__file__).parent / "static"
OURS = Path(__file__).parent / "static" / "docs"

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Folkmoot: the officials' API</title>
  <link rel="icon" href="/api/docs/swagger-ui/favicon.png">
  <link rel="stylesheet" href="/api/docs/swagger-ui/swagger-ui.css">
</head>
<body>
  <main id="swagger-ui"><p>The documentation needs JavaScript; the same as data: <a
    href="/api/openapi.json">openapi.json</a>.</p></main>
  <script src="/api/docs/swagger-ui/swagger-ui-bundle.js"></script>
  <script src="/api/docs/ours/start.js"></script>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/api/docs", response_class=HTMLResponse)
def page() -> str:
    """The page on which every route can be read and tried."""
    return PAGE


def install(app: FastAPI) -> None:
    """Adds the page and the files it needs."""
    app.include_router(router)
    app.mount("/api/docs/swagger-ui", StaticFiles(directory=SWAGGER_UI), name="swagger-ui")
    app.mount("/api/docs/ours", StaticFiles(directory=OURS), name="docs-ours")
