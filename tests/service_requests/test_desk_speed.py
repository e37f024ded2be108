"""Lists, searches and exports stay quick and whole with very many cases: by index, by cursor, row by row."""

from __future__ import annotations

import itertools
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, event, func, select, text
from sqlalchemy.orm import Session

from benchmarks.desk_data import AREAS, Town
from benchmarks.desk_store import insert
from civic.accounts.commands import add_official
from civic.accounts.models import Official
from civic.accounts.rules import Role
from civic.service_requests import areas as area_files
from civic.service_requests import queries
from civic.service_requests.desk import commands, lines, once
from civic.service_requests.desk import queries as desk
from civic.service_requests.desk.errors import SameRequestUnderWay
from civic.service_requests.desk.exporting import export
from civic.service_requests.finding import queries as finding
from civic.service_requests.finding.models import ServiceRequestWords
from civic.service_requests.finding.rules import document
from civic.service_requests.models import ServiceRequest
from civic.service_requests.open311 import queries as open311
from civic.service_requests.queries import Near, Sort, Wanted
from civic.service_requests.rules import OPEN, Status
from civic.service_requests.services import ServiceList
from tests.fixtures import NOON, ROOT
from tests.office import PASSWORD

CASES = 1_500
BIG = ("service_requests", "service_request_words", "service_request_changes", "open311_requests")


@pytest.fixture
def clerk(session: Session) -> Official:
    return add_official(session, "clerk", Role.ADMIN, PASSWORD, NOON)


@pytest.fixture
def worker(session: Session) -> Official:
    return add_official(session, "worker", Role.AGENT, PASSWORD, NOON, agency="highways")


@pytest.fixture
def town(session: Session, service_list: ServiceList, clerk: Official, worker: Official) -> Session:
    """A session on a database with many cases, as the bench makes them."""
    made = Town(CASES, service_list, ROOT / "content" / "places.csv", {"highways": [worker.id]}, NOON)
    for batch in made.batches():
        insert(session.connection(), batch)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE service_requests, service_request_words"))
    session.commit()
    return session


@contextmanager
def plans(session: Session) -> Iterator[list[str]]:
    """The plans of the SELECTs that are made meanwhile, with whole tables as dear as they are when large.

    PostgreSQL takes what is "off" only where there is no other way.
    """
    made: list[tuple[str, Any]] = []
    found: list[str] = []

    def keep(connection: Connection, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            made.append((statement, parameters))

    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        for dear in ("seqscan", "sort", "incremental_sort"):
            connection.exec_driver_sql(f"SET LOCAL enable_{dear} = off")
    event.listen(connection.engine, "before_cursor_execute", keep)
    try:
        yield found
    finally:
        event.remove(connection.engine, "before_cursor_execute", keep)
    for statement, parameters in made:
        explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        told = [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters)]
        of_cases = "FROM service_requests" in statement and "LIMIT" in statement
        found += [f"{'cases' if of_cases else 'others'}: {line}" for line in told]


def read_whole(plan: list[str]) -> list[str]:
    """The lines of a plan that read a large table from end to end."""
    scans = [f"{how} {table}" for table in BIG for how in ("SCAN", "Seq Scan on")]
    walked = (" USING ", "VIRTUAL")  # in the order of an index, or the index of words itself
    return [line for line in plan if any(s in line for s in scans) and not any(w in line for w in walked)]


LISTS: dict[str, Wanted] = {
    "inbox": Wanted(statuses=OPEN, sort="expected"),
    "late": Wanted(late_on=NOON.date(), sort="expected"),
    "with nobody": Wanted(statuses=OPEN, assignee=queries.NOBODY, sort="expected"),
    "all": Wanted(),
    "an area": Wanted(statuses=OPEN, area=AREAS[0], sort="expected"),
    "a type": Wanted(service_codes=["pothole"]),
    "near": Wanted(statuses=OPEN, near=Near(51.5, -1.24, 500)),
    "words": Wanted(statuses=OPEN, text="pothole"),
}


def test_no_list_of_the_desk_reads_all_cases(town: Session, clerk: Official, worker: Official) -> None:
    # One town for all lists: to make it is most of the work.
    for (name, wanted), official in itertools.product(LISTS.items(), (clerk, worker)):
        with plans(town) as plan:
            found = lines.page(town, official, wanted, 25)
            known = desk.count_up_to(town, official, wanted, desk.counted(wanted))
        with plans(town) as plan_of_few:
            few = lines.page(town, official, wanted, 25, known=known)
        assert plan and read_whole(plan + plan_of_few) == [], name
        # However the inbox finds it, it is the page that programs get.
        page = queries.page(town, official, wanted, 25)
        assert few == found and [one.id for one in found.items] == [one.id for one in page.items], name
        if name in ("inbox", "late", "all", "an area"):
            assert found.items, name
            sorting = ("TEMP B-TREE FOR ORDER BY", "Sort Key")
            sorted_cases = [
                line for line in plan if line.startswith("cases") and any(s in line for s in sorting)
            ]
            assert sorted_cases == [], name


def test_words_that_most_cases_have_are_looked_up_by_walking_the_list(
    town: Session, worker: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Wanted(text="pothole")
    few = [case.id for case in queries.page(town, worker, wanted, 10).items]
    monkeypatch.setattr(finding, "FEW", 3)
    with plans(town) as plan:
        assert [case.id for case in queries.page(town, worker, wanted, 10).items] == few
    assert few and read_whole(plan) == []


OPEN311_LISTS = {
    "newest": open311.Wanted(since=NOON - timedelta(days=90), limit=50),
    "a deep page of closed ones": open311.Wanted(
        since=NOON - timedelta(days=90), limit=50, open=False, offset=20
    ),
    "open ones of a type": open311.Wanted(
        since=NOON - timedelta(days=90), limit=50, open=True, service_codes=["pothole"]
    ),
    "changed": open311.Wanted(updated_since=NOON - timedelta(days=2), limit=50),
}


def test_no_list_of_open311_reads_all_cases(town: Session) -> None:
    for name, wanted in OPEN311_LISTS.items():
        with plans(town) as plan:
            assert open311.page(town, wanted, ()), name
        assert plan and read_whole(plan) == [], name


def test_a_late_page_of_closed_requests_counts_its_way_in_an_index_of_these_alone(town: Session) -> None:
    with plans(town) as plan:
        assert open311.page(town, OPEN311_LISTS["a deep page of closed ones"], ())
    assert any("ix_service_requests_ended_requested" in line for line in plan), plan


def test_a_place_is_told_to_the_planner(town: Session, clerk: Official) -> None:
    asked: list[str] = []

    def keep(*statement: Any) -> None:
        asked.append(statement[2])

    event.listen(town.get_bind(), "before_cursor_execute", keep)
    try:
        lines.page(town, clerk, Wanted(near=Near(51.5, -1.24, 500)), 5)
    finally:
        event.remove(town.get_bind(), "before_cursor_execute", keep)
    assert "lat BETWEEN 51.49" in asked[-1] and "long BETWEEN -1.24" in asked[-1]


def test_an_export_reads_the_cases_of_its_window_and_a_piece_at_a_time(
    town: Session, clerk: Official
) -> None:
    wanted = Wanted(since=NOON - timedelta(days=30))
    with plans(town) as plan:
        assert list(desk.export_rows(town, clerk, wanted))
    assert read_whole(plan) == []
    tracemalloc.start()
    try:
        read = sum(1 for _ in desk.export_rows(town, clerk, Wanted(), piece=20))
        lazily = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        kept = list(desk.export_rows(town, clerk, Wanted(), piece=20))
        whole = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == len(kept) == CASES
    assert lazily < whole / 3


def test_an_export_begins_before_it_has_been_read(
    town: Session, clerk: Official, service_list: ServiceList, engine: Engine
) -> None:
    pieces = export(town, clerk, Wanted(), service_list, "geojson")
    first = next(pieces)
    assert first and b"\n]}" not in first
    rest = b"".join(pieces)
    assert len(json.loads(first + rest)["features"]) == CASES


@pytest.mark.parametrize("sort", ["newest", "oldest", "recently_changed", "expected"])
def test_a_cursor_neither_repeats_nor_leaves_out_a_case_while_others_come(
    session: Session, clerk: Official, sort: Sort
) -> None:
    # Several of the same moment and the same day, so that ties are decided, too.
    there = [_case(session, n, NOON + timedelta(minutes=n // 3)) for n in range(10)]
    seen: list[str] = []
    cursor = None
    for n in range(20):
        page = queries.page(session, clerk, Wanted(sort=sort), 3, cursor)
        seen += [case.id for case in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        _case(session, 100 + n, NOON + timedelta(days=n % 2, minutes=n))
        _case(session, 200 + n, NOON - timedelta(minutes=n))
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)


def test_cases_are_found_by_the_beginnings_of_their_words_whatever_their_case_and_accents(
    session: Session, clerk: Official
) -> None:
    lamp = _case(session, 1, NOON, "The Lamp outside Café Zoë flickers; 100% dark!", address="12 Mill Lane")
    rats = _case(session, 2, NOON, "rats behind the library")
    number = session.get_one(ServiceRequest, rats).service_request_id

    def found(words: str) -> set[str]:
        wanted = Wanted(text=words)
        items = queries.page(session, clerk, wanted, 10).items
        assert (
            desk.count_up_to(session, clerk, wanted, 10)
            == len(items)
            == queries.count(session, clerk, wanted)
        )
        return {case.id for case in items}

    for words in ("lamp", "LAM cafe", "zoe", "mill 12", "flicker lane", "cafÉ"):
        assert found(words) == {lamp}, words
    assert found(number) == found(number.lower()[3:]) == {rats}
    assert found("rats lamp") == found("amp") == found("100% rats") == found('"" OR *') == set()
    assert found("  ") == {lamp, rats}


def test_nobody_finds_the_cases_of_another_department_by_their_words(
    session: Session, clerk: Official, worker: Official
) -> None:
    _case(session, 1, NOON, "overflowing bin by the bakery", agency="waste")
    own = _case(session, 2, NOON, "a hole by the bakery", agency="highways")
    for wanted in (Wanted(text="bakery"), Wanted(text="bakery", agency="waste")):
        expected = [own] if wanted.agency is None else []
        assert [case.id for case in queries.page(session, worker, wanted, 10).items] == expected
        assert desk.count_up_to(session, worker, wanted, 10) == len(expected)
        assert [row[0] for row in desk.export_rows(session, worker, wanted)] == [
            session.get_one(ServiceRequest, one).service_request_id for one in expected
        ]
    assert desk.count_up_to(session, clerk, Wanted(text="bakery"), 10) == 2


def test_the_words_follow_every_change_of_a_case(session: Session, clerk: Official) -> None:
    case = session.get_one(ServiceRequest, _case(session, 1, NOON, "rats behind the library"))
    case.status, case.description, case.agency = Status.CLOSED, "gone", "parks"
    session.flush()
    kept = session.scalars(select(ServiceRequestWords.words)).one().replace("'", "").split()
    expected = document(
        case.service_request_id,
        "gone",
        None,
        agency="parks",
        status=Status.CLOSED,
        service_code="pothole",
        area=None,
    )
    assert sorted(kept) == sorted(expected.split())
    assert desk.count_up_to(session, clerk, Wanted(text="rats"), 10) == 0
    assert desk.count_up_to(session, clerk, Wanted(text="gone"), 10) == 1
    session.execute(delete(ServiceRequest))
    assert session.scalar(select(func.count()).select_from(ServiceRequestWords)) == 0
    assert desk.count_up_to(session, clerk, Wanted(text="gone"), 10) == 0
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text(f"INSERT INTO {finding.SEARCH}({finding.SEARCH}, rank) VALUES ('integrity-check', 1)")
        )


def test_a_corrected_type_goes_to_the_department_that_deals_with_it_there(
    session: Session, clerk: Official, service_list: ServiceList
) -> None:
    areas = area_files.load(ROOT / "content" / area_files.FILE)
    park = next(one for one in areas.areas if one.agencies.get("litter") == "parks")
    inside = park.polygon.representative_point()
    assert areas.name(inside.y, inside.x) == park.name
    assert service_list.get("litter").agency != "parks"
    for lat, agency in ((inside.y, "parks"), (None, service_list.get("litter").agency)):
        case = session.get_one(ServiceRequest, _case(session, 1 if lat else 2, NOON))
        case.lat, case.long = lat, inside.x if lat else None
        session.flush()
        number = case.service_request_id
        commands.change_type(session, clerk, number, "litter", services=service_list, areas=areas, now=NOON)
        assert case.agency == agency


def test_a_key_whose_holder_died_is_free_again_after_a_while_and_for_one_only(session: Session) -> None:
    def take(minutes: float) -> object:
        at = NOON + timedelta(minutes=minutes)
        return once.take(session, "somebody", "key-1", "print", at, at - once.KEPT)

    assert take(0) is None
    with pytest.raises(SameRequestUnderWay):
        take(9.9)
    session.expire_all()
    assert take(10) is None
    session.expire_all()
    with pytest.raises(SameRequestUnderWay):
        take(10)
    once.keep(session, "somebody", "key-1", 200, {}, "done")
    session.expire_all()
    assert take(30) == once.Answer(200, {}, "done")


def _case(
    session: Session,
    number: int,
    at: datetime,
    description: str = "a hole",
    *,
    agency: str = "highways",
    address: str | None = None,
) -> str:
    case = ServiceRequest(
        id=f"{int(at.timestamp()):012d}{number:014d}",
        service_request_id=f"FM-{number:05d}",
        service_code="pothole",
        agency=agency,
        status=Status.SUBMITTED,
        description=description,
        address=address,
        language="en",
        requested_at=at.astimezone(UTC),
        updated_at=at.astimezone(UTC),
        expected_on=at.date() + timedelta(days=3),
    )
    session.add(case)
    session.flush()
    return case.id
