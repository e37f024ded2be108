"""The page of a survey's results for everybody: you said, we did, and the figures behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import FileResponse, HTMLResponse

from api.deps import Db, Parts
from api.public.knowledge import pages
from api.survey_charts import chart, number, percent
from civic.surveys.queries import one_published
from civic.surveys.results import queries

HERE = Path(__file__).parent
router = APIRouter(include_in_schema=False)
Languages = Annotated[str | None, Header(alias="Accept-Language")]


@router.get("/static/survey_results.css")
async def style() -> FileResponse:
    return FileResponse(
        HERE / "static" / "survey_results.css", media_type="text/css", headers={"Cache-Control": "no-cache"}
    )


@router.get("/results", response_class=HTMLResponse)
def all_results(db: Db, parts: Parts, languages: Languages = None) -> HTMLResponse:
    """The surveys whose results were published, the newest first."""
    shown = [page for page in queries.pages(db) if page.questions]
    return _page(parts, languages, "survey_results_list.html", pages=shown)


@router.get("/results/{survey_id}", response_class=HTMLResponse)
def one_result(survey_id: str, db: Db, parts: Parts, languages: Languages = None) -> HTMLResponse:
    """What people said, what became of it, and the figures as they were published."""
    page = queries.page(db, survey_id[:60])
    if page is None or not page.questions:
        return _page(parts, languages, "survey_results_missing.html", status=404)
    definition = one_published(db, page.survey_id).definition
    return _page(
        parts, languages, "survey_results.html", page=page, found=page.figures, anonymous=definition.anonymous
    )


def _page(
    parts: Any, languages: str | None, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    first = (languages or "").split(",")[0].split(";")[0].strip()
    language = parts.catalogue.best(first or None)
    title = values["found"]["title"] if "found" in values else parts.text("surveys-results-all", language)
    html = pages.get_template(template).render(
        language=language,
        town=parts.settings.town,
        title=title,
        text=lambda key, **args: parts.text(key, language, **args),
        chart=chart,
        percent=percent,
        figure=number,
        **values,
    )
    return HTMLResponse(html, status_code=status)
