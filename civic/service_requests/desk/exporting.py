"""Exports: one row a case, always the same columns, written as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy import Row
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.kit.exports import Cell, csv_rows, geojson_file, xlsx_file
from civic.service_requests import queries as cases
from civic.service_requests.desk import queries
from civic.service_requests.queries import Wanted
from civic.service_requests.services import ServiceList

Format = Literal["csv", "xlsx", "geojson"]

# Other programs rely on names and order: a new column goes to the end.
COLUMNS = (
    "service_request_id",
    "service_code",
    "service_name",
    "agency",
    "agency_responsible",
    "status",
    "description",
    "address",
    "lat",
    "long",
    "name",
    "source",
    "language",
    "assignee",
    "duplicate_of",
    "requested_datetime",
    "updated_datetime",
    "expected_date",
    "erased",
    "photos",
    "attributes",
    "priority",
    "rating",
)


def export(
    session: Session, official: Official, wanted: Wanted, services: ServiceList, form: Format
) -> Iterator[bytes]:
    """The file in pieces; nothing but one piece of it is ever in memory."""
    rows = _rows(session, official, wanted, services)
    if form == "csv":
        return csv_rows(COLUMNS, rows)
    if form == "xlsx":
        return xlsx_file(COLUMNS, rows, "Service requests")
    place = COLUMNS.index("lat"), COLUMNS.index("long")
    return geojson_file(
        (
            row[place[0]],
            row[place[1]],
            {name: value for name, value in zip(COLUMNS, row, strict=True) if name not in ("lat", "long")},
        )
        for row in rows
    )


def _rows(
    session: Session, official: Official, wanted: Wanted, services: ServiceList
) -> Iterator[tuple[Any, ...]]:
    officials = queries.names(session)
    service_names: dict[str, str] = {}
    for row in queries.export_rows(session, official, wanted):
        code = row.service_code
        if code not in service_names:
            service_names[code] = services.name_of(code)
        yield _row(session, row, officials, service_names[code], services.agency_name(row.agency))


def _row(
    session: Session, row: Row[Any], officials: dict[str, str], service_name: str, agency_name: str
) -> tuple[Cell, ...]:
    return (
        row.service_request_id,
        row.service_code,
        service_name,
        row.agency,
        agency_name,
        row.status.value,
        row.description,
        row.address,
        row.lat,
        row.long,
        row.name,
        row.source,
        row.language,
        officials.get(row.assignee_id) if row.assignee_id else None,
        cases.number_of(session, row.duplicate_of) if row.duplicate_of else None,
        row.requested_at,
        row.updated_at,
        row.expected_on,
        row.erased_at is not None,
        row.photo_count,
        json.dumps(row.attributes, ensure_ascii=False, sort_keys=True) if row.attributes else None,
        row.priority.value,
        row.rating,
    )
