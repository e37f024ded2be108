"""The first page of the officials': where things stand, for whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.session import HOME
from api.pages.shell import official_on_page, render
from civic.accounts.models import Official
from civic.accounts.rules import Permission, may
from civic.feedback import queries as feedback
from civic.kit.charts import bar_chart, line_chart
from civic.kit.services import Services
from civic.service_requests.desk import figures
from civic.service_requests.services import ServiceList

router = APIRouter(include_in_schema=False)
MOST_TYPES = 10
SATISFIED_IN = timedelta(days=90)


@dataclass(frozen=True)
class Figure:
    """A chart, what it says in a sentence, and the table behind it."""

    title: str
    help: str
    svg: Markup | None
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@router.get(HOME)
def home(
    request: Request, who: Annotated[Official, Depends(official_on_page())], db: Db, parts: Parts, at: Now
) -> Response:
    """How many cases are open and late, how long they take, and what citizens think."""
    counts: dict[str, int] = {}
    shown: list[Figure] = []
    if may(who.role, Permission.CASES_READ):
        counts = figures.how_many(db, who, at.date())
        services = parts.get(ServiceList)
        kept = parts.get(figures.Remembered)
        shown = [_open(db, who, services, at), _trend(db, who, kept, at), _time(db, who, services, kept, at)]
        shown += _with_solutions(db, who, services, kept, at)
    if may(who.role, Permission.FEEDBACK_READ):
        shown.append(_satisfaction(db, parts, at))
    return render(request, "home.html", counts=counts, figures=shown)


def _open(db: Session, who: Official, services: ServiceList, at: datetime) -> Figure:
    found = figures.open_by_type(db, who, at.date())
    rows = [(services.name_of(one.service_code), one.open - one.late, one.late) for one in found]
    bars = [
        {"type": name, "part": part, "cases": many}
        for name, timely, late in rows[:MOST_TYPES]
        for part, many in (("in time", timely), ("late", late))
    ]
    title = "Open cases by type"
    svg = bar_chart(bars, "cases", "type", series="part", order=("in time", "late"), title=title)
    return Figure(
        title,
        "Late: the day that the citizen was told is over.",
        Markup(svg) if rows else None,
        ("Type", "In time", "Late"),
        rows,
    )


def _trend(db: Session, who: Official, kept: figures.Remembered, at: datetime) -> Figure:
    weeks = kept.get(
        "weeks",
        who,
        at,
        lambda: figures.weeks(db, who, at),
        lambda found: sum(one.reported + one.resolved for one in found),
    )
    points = [
        {"week": f"{one.monday:%-d %b}", "what": what, "cases": many}
        for one in weeks
        for what, many in (("reported", one.reported), ("resolved", one.resolved))
    ]
    title = "Reported and resolved, by week"
    order = ("reported", "resolved")
    svg = line_chart(points, "week", "cases", series="what", order=order, title=title, kind="ordinal")
    rows = [(one.monday, one.reported, one.resolved) for one in weeks]
    some = any(one.reported or one.resolved for one in weeks)
    return Figure(
        title,
        "Twelve weeks, each named by its Monday; the last one is not over.",
        Markup(svg) if some else None,
        ("Week from", "Reported", "Resolved"),
        rows[::-1],
    )


def _time(
    db: Session, who: Official, services: ServiceList, kept: figures.Remembered, at: datetime
) -> Figure:
    found = kept.get(
        "days",
        who,
        at,
        lambda: figures.days_to_resolve(db, who, at),
        lambda found: sum(one.cases for one in found),
    )
    rows = [(services.name_of(one.service_code), one.days, one.cases) for one in found]
    bars = [{"type": name, "days": days} for name, days, _ in rows[:MOST_TYPES]]
    title = "Days until resolved"
    svg = bar_chart(bars, "days", "type", title=title)
    return Figure(
        title,
        "Half of the cases of the last 90 days took at most so long.",
        Markup(svg) if rows else None,
        ("Type", "Days", "Cases"),
        rows,
    )


def _with_solutions(
    db: Session, who: Official, services: ServiceList, kept: figures.Remembered, at: datetime
) -> list[Figure]:
    """The ratings of solutions, and beside them each department's, for who sees several."""
    found = kept.get(
        "ratings",
        who,
        at,
        lambda: figures.ratings(db, who, at - SATISFIED_IN),
        # Finding a rating's case costs about ten times as much as counting a row.
        lambda found: 10 * sum(sum(given.values()) for given in found.values()),
    )
    given = {stars: sum(one.get(stars, 0) for one in found.values()) for stars in range(5, 0, -1)}
    shown = [_stars("Satisfaction with solutions", given)]
    if who.agency is None:
        shown.append(_by_department(found, services))
    return shown


def _by_department(found: dict[str, dict[int, int]], services: ServiceList) -> Figure:
    rows = []
    for agency, given in found.items():
        total = sum(given.values())
        mean = round(sum(stars * many for stars, many in given.items()) / total, 1)
        rows.append((services.agency_name(agency), mean, total))
    rows.sort(key=lambda row: (row[1], row[0]))
    title = "Satisfaction by department"
    bars = [{"department": name, "stars": mean} for name, mean, _ in rows]
    return Figure(
        title,
        "Stars that solutions were given on average in 90 days, from 1 to 5; the least content first.",
        Markup(bar_chart(bars, "stars", "department", title=title)) if rows else None,
        ("Department", "Stars", "Ratings"),
        rows,
    )


def _satisfaction(db: Session, parts: Services, at: datetime) -> Figure:
    given = {
        stars: feedback.page(db, feedback.Wanted(rating=stars, since=at - SATISFIED_IN), 1)[1]
        for stars in range(5, 0, -1)
    }
    return _stars("Ratings in feedback", given)


def _stars(title: str, given: dict[int, int]) -> Figure:
    rows = [(f"{stars} of 5", many) for stars, many in given.items()]
    bars = [{"rating": name, "answers": many} for name, many in rows]
    total = sum(given.values())
    mean = sum(stars * many for stars, many in given.items()) / total if total else 0
    said = f"{total} ratings in 90 days, {mean:.1f} on average." if total else ""
    svg = bar_chart(bars, "answers", "rating", title=title) if total else None
    return Figure(title, said, Markup(svg) if svg else None, ("Rating", "Answers"), rows if total else [])
