"""Service requests after they came in: how urgent they are, and what an official must not miss."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.deps import Db, Now, Parts
from api.idempotency import Idempotent
from api.officials.service_requests import PATH, Number, Reader, Version, Worker, detail_of
from api.problems import documented
from civic.service_requests import alerts, queries, schemas
from civic.service_requests.desk import commands
from civic.service_requests.services import ServiceList

router = APIRouter(prefix=PATH, tags=["Service requests"], route_class=Idempotent)


@router.get("/alerts", summary="List what must not be missed", responses=documented(401, 403))
def list_alerts(caller: Reader, db: Db) -> schemas.AlertsOut:
    """What citizens wrote, solutions that were none, late cases: one's own, and those with nobody."""
    return schemas.AlertsOut(
        items=[
            schemas.AlertOut(
                service_request_id=one.case.service_request_id,
                kind=one.alert.kind,
                created_at=one.alert.created_at,
            )
            for one in alerts.of_official(db, caller)
        ]
    )


@router.post("/{service_request_id}/seen", summary="Take the alerts off", responses=documented(401, 403, 404))
def see_alerts(service_request_id: Number, caller: Worker, db: Db, at: Now) -> schemas.AlertsOut:
    """Says that the caller has seen what there was to see; what is for somebody else stays."""
    case = queries.read(db, caller, service_request_id)
    alerts.see(db, caller, case, at, worked=False)
    left = alerts.on(db, [case.id]).get(case.id, [])
    return schemas.AlertsOut(
        items=[
            schemas.AlertOut(service_request_id=case.service_request_id, kind=kind, created_at=at)
            for kind in left
        ]
    )


@router.post(
    "/{service_request_id}/priority",
    summary="Say how urgent it is",
    responses=documented(401, 403, 404, 409, 422),
)
def set_priority(
    service_request_id: Number,
    wanted: schemas.PriorityIn,
    caller: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    response: Response,
) -> schemas.CaseDetailOut:
    """Normal, high or emergency; the expected day follows from it."""
    case = commands.set_priority(
        db,
        caller,
        service_request_id,
        wanted.priority,
        services=parts.get(ServiceList),
        now=at,
        expected_version=version,
    )
    return detail_of(case, db, parts, response)
