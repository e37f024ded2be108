"""Looks for open requests that may be about what a citizen is about to report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from civic.encoder import EncoderMissing, SentenceEncoder
from civic.kit.services import Services
from civic.service_requests import joining, queries
from civic.service_requests.intake import state
from civic.service_requests.joining import METRES, likely_same, metres
from civic.service_requests.models import ServiceRequest
from civic.service_requests.services import ServiceList
from civic.service_requests.wording import Matrix, Wording

# Reports looked at: the nearest ones. Each costs a sentence to encode.
NEAREST = 12


@dataclass(frozen=True)
class Alike:
    """What a citizen is shown of somebody else's request: nothing that is not public."""

    number: str
    service_code: str
    address: str | None
    lat: float
    long: float
    metres: int
    reported_on: date
    joiners: int


def looked_for(report: state.Report) -> str:
    """Names what would be looked for; empty when nothing can be: no type, no point."""
    if report.location is None or report.service_code is None:
        return ""
    return f"{report.service_code} {report.location.lat:.5f} {report.location.long:.5f}"


def alike(
    session: Session, services: Services, report: state.Report, citizen_id: str, now: datetime
) -> list[Alike]:
    """Open public requests that are likely about the same, the likeliest first."""
    known = services.get(ServiceList)
    service = known.find(report.service_code)
    if service is None or service.private or report.location is None or not report.description:
        return []
    open_ones = _open_near(session, known, report, citizen_id, now)
    if not open_ones:
        return []
    vectors = _vectors(services, [report.description, *(case.description for case in open_ones)])
    lat, long = report.location.lat, report.location.long
    new = joining.Report(service.service_code, report.description, vectors[0], lat, long, now)
    others = [
        (case, joining.Report(case.service_code, case.description, vector, case.lat, case.long, at))
        for case, vector in zip(open_ones, vectors[1:], strict=True)
        if case.lat is not None and case.long is not None
        for at in [case.requested_at]
    ]
    found = likely_same(new, others, lambda code: _lasts(known, code))
    counts = queries.joiner_counts(session, [case.id for case, _ in found])
    return [_shown(case, counts.get(case.id, 0), lat, long) for case, _ in found]


def _open_near(
    session: Session, known: ServiceList, report: state.Report, citizen_id: str, now: datetime
) -> list[ServiceRequest]:
    assert report.location is not None
    lat, long = report.location.lat, report.location.long
    public = [service.service_code for service in known.services if not service.private]
    longest = max(service.lasts_days for service in known.services)
    # Three times the usual duration is as old as the likeness looks at.
    since = now - timedelta(days=3 * longest)
    found = queries.open_near(session, queries.Near(lat, long, METRES), public, since, citizen_id)
    nearest = sorted(found, key=lambda case: metres(lat, long, case.lat or 0, case.long or 0))
    return nearest[:NEAREST]


def _vectors(services: Services, texts: Sequence[str]) -> Matrix:
    """The texts by meaning; where the encoder was not built, by wording."""
    try:
        return services.get(SentenceEncoder).encode(texts)
    except (EncoderMissing, LookupError):
        return np.asarray(Wording(texts).vectors(texts))


def _lasts(known: ServiceList, code: str) -> timedelta:
    service = known.find(code)
    return timedelta(days=service.lasts_days if service else 60)


def _shown(case: ServiceRequest, joiners: int, lat: float, long: float) -> Alike:
    at = case.lat or 0.0, case.long or 0.0
    return Alike(
        number=case.service_request_id,
        service_code=case.service_code,
        address=case.address,
        lat=at[0],
        long=at[1],
        metres=round(metres(lat, long, *at)),
        reported_on=date(case.requested_at.year, case.requested_at.month, case.requested_at.day),
        joiners=joiners,
    )
