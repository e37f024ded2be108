"""The audit keeps what happened, and lets nobody rewrite it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from civic.audit import queries
from civic.audit.commands import record
from civic.audit.errors import AuditIsAppendOnly, UnfitForAudit
from civic.audit.models import AuditRow
from civic.audit.queries import AuditFilter

TABLE: Any = AuditRow.__table__


def test_a_row_says_who_did_what_to_which_thing_and_when(session: Session, now: datetime) -> None:
    record(session, "system", "operator:add:official", "01ABC", {"role": "agent", "count": 2}, now)
    session.commit()
    session.expire_all()
    row = session.query(AuditRow).one()
    assert (row.actor, row.tag, row.subject_id, row.at) == ("system", "operator:add:official", "01ABC", now)
    assert row.details == {"role": "agent", "count": 2}


def test_rows_are_read_newest_first_in_pages(session: Session, now: datetime) -> None:
    for minute in range(5):
        record(session, "system", "a:b:c", str(minute), None, now + timedelta(minutes=minute))
    rows, total = queries.page(session, AuditFilter(), limit=2, offset=1)
    assert [row.subject_id for row in rows] == ["3", "2"]
    assert total == 5


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter(tag="official:answer:enquiry"), {"1"}),
        (AuditFilter(tag="official:"), {"1", "2"}),
        (AuditFilter(tag="official"), set()),
        (AuditFilter(tag="%:"), set()),
        (AuditFilter(actor="citizen"), {"3"}),
        (AuditFilter(subject_id="2"), {"2"}),
        (AuditFilter(), {"1", "2", "3"}),
    ],
)
def test_rows_are_found_by_tag_actor_and_subject(
    session: Session, now: datetime, wanted: AuditFilter, found: set[str]
) -> None:
    record(session, "01A", "official:answer:enquiry", "1", None, now)
    record(session, "01A", "official:mark:feedback", "2", None, now)
    record(session, "citizen", "citizen:erase:data", "3", None, now)
    rows, total = queries.page(session, wanted, limit=10)
    assert {row.subject_id for row in rows} == found
    assert total == queries.count(session, wanted) == len(found)


def test_rows_are_found_by_time(session: Session, now: datetime) -> None:
    for hour in range(3):
        record(session, "system", "a:b:c", str(hour), None, now + timedelta(hours=hour))
    wanted = AuditFilter(since=now + timedelta(hours=1), until=now + timedelta(hours=2))
    assert [row.subject_id for row in queries.page(session, wanted, limit=10)[0]] == ["1"]


def test_a_row_cannot_be_changed(session: Session, now: datetime) -> None:
    record(session, "system", "a:b:c", None, None, now)
    session.commit()
    row = session.query(AuditRow).one()
    row.actor = "somebody else"
    with pytest.raises(AuditIsAppendOnly):
        session.flush()
    session.rollback()
    assert session.query(AuditRow).one().actor == "system"


def test_a_row_cannot_be_deleted(session: Session, now: datetime) -> None:
    record(session, "system", "a:b:c", None, None, now)
    session.commit()
    row = session.query(AuditRow).one()
    session.delete(row)
    with pytest.raises(AuditIsAppendOnly):
        session.flush()


@pytest.mark.parametrize(
    "statement",
    [
        delete(AuditRow),
        update(AuditRow).values(actor="x"),
        delete(TABLE),
        update(TABLE).values(actor="x"),
    ],
)
def test_a_whole_statement_cannot_rewrite_it_either(session: Session, now: datetime, statement: Any) -> None:
    record(session, "system", "a:b:c", None, None, now)
    session.commit()
    with pytest.raises(AuditIsAppendOnly):
        session.execute(statement)
    session.rollback()
    assert session.query(AuditRow).one().actor == "system"


@pytest.mark.one_database
@pytest.mark.parametrize("tag", ["", "answer", "a:b", "a:b:c:d", "A:b:c", "a: b:c"])
def test_a_tag_that_is_not_subject_verb_object_is_refused(session: Session, now: datetime, tag: str) -> None:
    with pytest.raises(UnfitForAudit):
        record(session, "system", tag, None, None, now)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "detail", ["The lamp in front of my house is broken", "a@b c", "x" * 65, "", ["list"], {"a": 1}]
)
def test_a_citizens_words_never_get_into_the_audit(session: Session, now: datetime, detail: Any) -> None:
    with pytest.raises(UnfitForAudit) as refused:
        record(session, "system", "a:b:c", None, {"note": detail}, now)
    assert not detail or str(detail) not in str(refused.value)
    assert session.query(AuditRow).count() == 0
