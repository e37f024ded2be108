"""Results of a survey for officials: figures with their charts, downloads, the page for everybody."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response

from api.deps import Db, Now, Parts
from api.pages.shell import go, official_on_page, render
from api.survey_charts import chart, number, percent
from api.survey_exporting import file_response
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.encoder import EncoderMissing, SentenceEncoder
from civic.surveys.queries import one_published
from civic.surveys.results import commands, exporting, queries
from civic.surveys.results.commands import LEAST
from civic.surveys.results.overview import as_json, overview
from civic.surveys.results.texts import without_personal_data

PATH = "/officials/surveys"
router = APIRouter(prefix=PATH, include_in_schema=False)

Reader = Annotated[Official, Depends(official_on_page(Permission.SURVEYS_READ))]
Worker = Annotated[Official, Depends(official_on_page(Permission.SURVEYS_WORK))]
HELPERS: dict[str, Any] = {"chart": chart, "percent": percent, "figure": number, "least": LEAST}


@router.get("/{survey_id}/results")
def results(
    request: Request,
    survey_id: str,
    _: Reader,
    db: Db,
    by: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Every question as it was answered so far, compared by another one if that is asked for."""
    found = overview(db, survey_id, by or None)
    return render(
        request,
        "survey_results.html",
        base=f"{PATH}/{survey_id}",
        found=as_json(found),
        anonymous=found.definition.anonymous,
        comparable=found.comparable,
        page=queries.page(db, survey_id),
        **HELPERS,
    )


@router.get("/{survey_id}/results/export")
def download(
    survey_id: str,
    who: Worker,
    parts: Parts,
    at: Now,
    form: exporting.Form = "csv",
    labels: bool = True,
) -> Response:
    """Everybody's answers, a row each; who may only read sees the figures alone."""
    return file_response(parts, who, survey_id, form, at, labels=labels)


@router.post("/{survey_id}/results/texts")
def group_texts(request: Request, survey_id: str, _: Worker, db: Db, parts: Parts, at: Now) -> Response:
    """Groups the free answers by meaning, as they are now."""
    one_published(db, survey_id)
    commands.catch_up(db, survey_id)
    try:
        encoder = parts.get(SentenceEncoder)
    except EncoderMissing:
        return go(
            request, f"{PATH}/{survey_id}/results", "The language model is missing: nothing was grouped."
        )
    read = commands.group_texts(db, survey_id, encoder, without_personal_data(parts), at)
    return go(request, f"{PATH}/{survey_id}/results", f"{read} answers were read and grouped.")


@router.get("/{survey_id}/results/page")
def edit_page(request: Request, survey_id: str, _: Worker, db: Db) -> Response:
    """The page for everybody: what is on it, and what a designer says about it."""
    found = as_json(overview(db, survey_id))
    page = queries.page(db, survey_id)
    filled = {"said": page.said, "did": page.did, "questions": page.questions} if page else {}
    base = f"{PATH}/{survey_id}"
    return render(
        request, "survey_results_edit.html", base=base, found=found, page=page, filled=filled, **HELPERS
    )


@router.post("/{survey_id}/results/page")
def publish(
    request: Request,
    survey_id: str,
    who: Worker,
    db: Db,
    at: Now,
    said: Annotated[str, Form(max_length=4000)] = "",
    did: Annotated[str, Form(max_length=4000)] = "",
    questions: Annotated[list[str] | None, Form()] = None,
    tell: Annotated[bool, Form()] = False,
) -> Response:
    """Publishes the figures of this moment; or says what is missing."""
    found = as_json(overview(db, survey_id))
    wanted = set(questions or ())
    chosen = [one for one in found["questions"] if one["name"] in wanted and not one["hidden"]]
    errors = {}
    if not said.strip():
        errors["said"] = "Write in a sentence or two what people said."
    if not chosen:
        errors["questions"] = "Choose at least one question whose figures can be shown."
    if errors:
        return render(
            request,
            "survey_results_edit.html",
            status=422,
            base=f"{PATH}/{survey_id}",
            found=found,
            page=queries.page(db, survey_id),
            filled={"said": said, "did": did, "questions": list(wanted)},
            errors=errors,
            **HELPERS,
        )
    commands.publish_page(
        db,
        survey_id,
        said=said.strip(),
        did=did.strip(),
        questions=[one["name"] for one in chosen],
        figures={**found, "questions": chosen, "left": []},
        tell_them=tell,
        actor=who,
        now=at,
    )
    return go(request, f"{PATH}/{survey_id}/results", "The results are public.")


@router.post("/{survey_id}/results/page/withdraw")
def withdraw(request: Request, survey_id: str, who: Worker, db: Db, at: Now) -> Response:
    """Takes the public page away."""
    commands.withdraw_page(db, survey_id, who, at)
    return go(request, f"{PATH}/{survey_id}/results", "The results are not public any more.")
