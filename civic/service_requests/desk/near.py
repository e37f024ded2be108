"""Where "near" is: a named place, the place of a case, or the point that was looked around last."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.service_requests.desk.filters import CaseFilter
from civic.service_requests.models import ServiceRequest
from civic.service_requests.places import Gazetteer
from civic.service_requests.queries import seen_by
from civic.service_requests.rules import find_tracking_number


def around(
    session: Session, official: Official, places: Gazetteer, wanted: CaseFilter, named: str
) -> CaseFilter | None:
    """The filter around what is named; None where no place has that name and no case that one may see."""
    point = _of_case(session, official, named) or _of_place(places, named)
    if point is None:
        return None
    return wanted.model_copy(update={"lat": point[0], "long": point[1]})


def remembered(wanted: CaseFilter) -> str | None:
    """The circle of a filter in a few signs, for the browser to keep."""
    if wanted.lat is None or wanted.long is None:
        return None
    return f"{wanted.lat:.5f}_{wanted.long:.5f}_{wanted.radius:g}"


def again(wanted: CaseFilter, kept: str) -> CaseFilter | None:
    """The filter around the circle that a browser kept; None where that is none."""
    try:
        lat, long, radius = (float(each) for each in kept.split("_"))
        circle = CaseFilter(lat=lat, long=long, radius=radius)
    except ValueError:
        return None
    return wanted.model_copy(update={"lat": circle.lat, "long": circle.long, "radius": circle.radius})


def _of_case(session: Session, official: Official, named: str) -> tuple[float, float] | None:
    number = find_tracking_number(named, bare=True)
    if number is None:
        return None
    place = select(ServiceRequest.lat, ServiceRequest.long).where(*seen_by(official))
    found = session.execute(place.where(ServiceRequest.service_request_id == number)).first()
    if found is None or found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _of_place(places: Gazetteer, named: str) -> tuple[float, float] | None:
    found = places.named(named) or next(iter(places.nearly_named_in(named, 1)), None)
    return (found.lat, found.long) if found else None
