"""The words by which a case is found, kept in step with it by whatever writes the case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, ForeignKey, Text, event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from civic.kit.db import Base
from civic.service_requests.finding import rules
from civic.service_requests.models import ServiceRequest

# What the words are made of; the rest of a case may change without them.
FIELDS = ("service_request_id", "description", "address", "agency", "status", "service_code", "area")


class ServiceRequestWords(Base):
    """One case as a list of words and marks.

    The index over it is the database's own and made by a migration: FTS5 and three triggers on SQLite, GIN on
    PostgreSQL. A table of its own, since FTS5 needs a whole number that never changes.
    """

    __tablename__ = "service_request_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(
        ForeignKey("service_requests.id", ondelete="CASCADE"), unique=True
    )
    # PostgreSQL keeps them as its own kind of list, so that looking into one costs nothing.
    words: Mapped[str] = mapped_column(Text().with_variant(postgresql.TSVECTOR(), "postgresql"))


@event.listens_for(ServiceRequest, "after_insert")
def _added(mapper: Mapper[Any], connection: Connection, case: ServiceRequest) -> None:
    keep(connection, case.id)


@event.listens_for(ServiceRequest, "after_update")
def _changed(mapper: Mapper[Any], connection: Connection, case: ServiceRequest) -> None:
    state = inspect(case)
    if any(state.attrs[name].history.has_changes() for name in FIELDS):
        keep(connection, case.id)


def keep(connection: Connection, case_id: str) -> None:
    """Writes down the words of a case as it stands in the database now."""
    found = connection.execute(
        select(*(getattr(ServiceRequest, name) for name in FIELDS)).where(ServiceRequest.id == case_id)
    ).one()
    number, description, address, agency, status, service_code, area = found
    words = rules.document(
        number, description, address, agency=agency, status=status, service_code=service_code, area=area
    )
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(ServiceRequestWords).values(request_id=case_id, words=words)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["request_id"], set_={"words": statement.excluded.words}
        )
    )
