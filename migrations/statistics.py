"""What SQLite's planner is told of large tables before anybody counts them.

Without figures it takes every column it is asked for to name ten rows, and so reads a department's hundred
thousand cases to find one page. PostgreSQL counts by itself; `ANALYZE` replaces these figures by real ones.
"""

from __future__ import annotations

from sqlalchemy import Connection

# Index: how many rows it has, and how many share its first column, its first two and so on, in a large town.
FIGURES = {
    "service_requests": {
        "sqlite_autoindex_service_requests_1": "1000000 1",
        "ix_service_requests_requested_at": "1000000 1 1 1 1",
        "ix_service_requests_updated_at": "1000000 1 1",
        "ix_service_requests_expected_on": "1000000 900 1",
        "ix_service_requests_status_requested_at": "1000000 110000 1",
        "ix_service_requests_service_code_requested_at": "1000000 40000 1 1 1",
        "ix_service_requests_agency_requested_at": "1000000 125000 1 1",
        "ix_service_requests_area": "1000000 80000 1 1",
        "ix_service_requests_assignee_id_requested_at": "1000000 20000 1",
        "ix_service_requests_place": "1000000 2 1 1",
        "ix_service_requests_counts": "1000000 110000 14000 4000 6",
        "ix_service_requests_open_expected": "60000 400 1 1",
        "ix_service_requests_open_requested": "60000 1 1",
        "ix_service_requests_open_agency": "60000 7500 60 1 1",
        "ix_service_requests_open_agency_requested": "60000 7500 1 1",
        "ix_service_requests_open_assignee": "60000 1200 10 1 1",
        "ix_service_requests_open_area": "60000 4500 40 1 1",
        "ix_service_requests_open_place": "60000 1 1",
        # Fewer than there are: with as many as all cases it would seem no better than the index of all.
        "ix_service_requests_ended_requested": "400000 1 1",
    },
    "service_request_words": {
        "sqlite_autoindex_service_request_words_1": "1000000 1",
    },
    "service_request_changes": {
        "sqlite_autoindex_service_request_changes_1": "3000000 1",
        "ix_service_request_changes_request_id": "3000000 3 1 1",
        "ix_service_request_changes_target_created_at": "3000000 600000 1",
        "ix_service_request_changes_created_at": "3000000 1 1",
    },
    "service_request_messages": {
        "sqlite_autoindex_service_request_messages_1": "500000 1",
        "ix_service_request_messages_request_id": "500000 2",
        "ix_service_request_messages_created_at": "500000 1 1",
    },
    "service_request_verdicts": {
        "sqlite_autoindex_service_request_verdicts_1": "50000 1",
        "ix_service_request_verdicts_request_id": "50000 1",
        "ix_service_request_verdicts_rated_at": "50000 1",
    },
    "open311_requests": {"sqlite_autoindex_open311_requests_1": "200000 1"},
}


def assume(connection: Connection) -> None:
    """Writes the figures down where the database has none of its own; the same call again changes nothing."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")
    known = set(connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'index'").scalars())
    has = set(connection.exec_driver_sql("SELECT idx FROM sqlite_stat1").scalars())
    rows = [
        (table, index, figures)
        for table, indexes in FIGURES.items()
        for index, figures in indexes.items()
        if index in known and index not in has
    ]
    if rows:
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", rows)
        connection.exec_driver_sql("ANALYZE sqlite_schema")
