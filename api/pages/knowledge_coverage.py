"""What citizens asked and what became of it, and passages that say the same twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.deps import Db, Parts
from api.pages.session import HOME
from api.pages.shell import nav, official_on_page, render
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.charts import bar_chart
from civic.knowledge import duplicates, queries
from civic.knowledge.coverage import coverage
from civic.knowledge.parts import today

router = APIRouter(prefix=HOME, include_in_schema=False)
nav(f"{HOME}/coverage", "Coverage", Permission.QUESTIONS_READ, order=35)

Reader = Annotated[Official, Depends(official_on_page(Permission.QUESTIONS_READ))]

OUTCOMES = ("Answered", "Not answered", "Not helpful")
BARS = 12
DAYS = 30


@router.get("/coverage")
def show_coverage(
    request: Request, _: Reader, db: Db, parts: Parts, since: str = "", until: str = ""
) -> Response:
    """The coverage of a period, the last 30 days if none is named."""
    day = today(parts)
    first, last = _day(since, day - timedelta(days=DAYS - 1)), _day(until, day)
    zone = ZoneInfo(parts.settings.time_zone)
    found = coverage(db, parts, _start(first, zone), _start(last + timedelta(days=1), zone))
    bars = [
        {"topic": _topic(topic), "outcome": outcome, "questions": value}
        for topic, counts in found.topics[:BARS]
        for outcome, value in zip(
            OUTCOMES,
            (counts.answered - min(counts.answered, counts.unhelpful), counts.refused, counts.unhelpful),
            strict=True,
        )
        if value
    ]
    chart = (
        bar_chart(
            bars,
            "questions",
            "topic",
            title="Questions by topic and outcome",
            series="outcome",
            order=OUTCOMES,
            x_title="Questions",
        )
        if bars
        else ""
    )
    return render(
        request,
        "knowledge_coverage.html",
        found=found,
        chart=Markup(chart),
        topic=_topic,
        since=first.isoformat(),
        until=last.isoformat(),
    )


@router.get("/duplicates")
def show_duplicates(request: Request, _: Reader, db: Db) -> Response:
    """Passages in force that say nearly the same in nearly the same words."""
    found = duplicates.pairs(queries.searchable(db))
    return render(request, "knowledge_duplicates.html", pairs=found[:100], total=len(found))


def _topic(topic: str | None) -> str:
    return "Nothing answered" if topic is None else topic or "No section"


def _day(value: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return otherwise


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
