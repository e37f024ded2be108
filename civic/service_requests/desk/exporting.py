"""Exports: one row a case, always the same columns, written as they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.kit.exports import csv_rows, geojson_file, xlsx_file
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
    "area",
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
    types = _Names(services.name_of)
    agencies = _Names(services.agency_name)
    for row in queries.export_rows(session, official, wanted):
        number, code, agency, *told = row[:11]
        assignee, original, requested, updated, expected, erased, photos, attributes, *last = row[11:]
        yield (
            number,
            code,
            types[code],
            agency,
            agencies[agency],
            *told,
            officials.get(assignee) if assignee else None,
            original,
            requested,
            updated,
            expected,
            bool(erased),
            photos,
            _attributes(attributes),
            *last,
        )


class _Names(dict[str, str]):
    """Names by code, each looked up once."""

    def __init__(self, find: Callable[[str], str]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, code: str) -> str:
        self[code] = self._find(code)
        return self[code]


def _attributes(kept: str) -> str | None:
    """The answers to extra questions in one order, whichever way the database keeps them."""
    if kept in ("{}", "null"):
        return None
    return json.dumps(json.loads(kept), ensure_ascii=False, sort_keys=True)
