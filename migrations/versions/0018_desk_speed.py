"""What keeps the officials' desk and Open311 quick with a million requests: areas, indexes, words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from civic.service_requests.finding.rules import document
from civic.service_requests.rules import Status

revision = "0018_desk_speed"
down_revision = "0017_survey_results"
branch_labels = None
depends_on = None

OPEN = "status IN ('submitted', 'acknowledged', 'in_progress', 'waiting_for_citizen', 'reopened')"
# Of open cases alone: few, however many there ever were.
OPEN_INDEXES = {
    "ix_service_requests_open_expected": ["expected_on", "id", "status"],
    "ix_service_requests_open_requested": ["requested_at", "id"],
    "ix_service_requests_open_agency": ["agency", "expected_on", "id", "status"],
    "ix_service_requests_open_agency_requested": ["agency", "requested_at", "id"],
    "ix_service_requests_open_assignee": ["assignee_id", "expected_on", "id", "agency"],
    "ix_service_requests_open_area": ["area", "expected_on", "id", "agency"],
    "ix_service_requests_open_place": ["lat", "long"],
}
AREA_INDEX = {"ix_service_requests_area": ["area", "requested_at", "id"]}
# The same names over more columns: what a list filters by is read from the index.
BEFORE = {
    "ix_service_requests_requested_at": ["requested_at", "id"],
    "ix_service_requests_service_code_requested_at": ["service_code", "requested_at"],
    "ix_service_requests_agency_requested_at": ["agency", "requested_at"],
}
AFTER = {
    "ix_service_requests_requested_at": ["requested_at", "id", "status", "service_code"],
    "ix_service_requests_service_code_requested_at": ["service_code", "requested_at", "id", "status"],
    "ix_service_requests_agency_requested_at": ["agency", "requested_at", "id"],
}
CHANGES_INDEX = "ix_service_request_changes_request_id"
BATCH = 2_000
KEPT = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
WORDS = sa.table("service_request_words", sa.column("request_id"), sa.column("words", KEPT))
SEARCH = (
    """
    CREATE VIRTUAL TABLE service_request_search USING fts5(
        words, content='service_request_words', content_rowid='id', detail='none', columnsize=0,
        tokenize="unicode61 remove_diacritics 0 tokenchars '_'"
    )
    """,
    """
    CREATE TRIGGER service_request_words_added AFTER INSERT ON service_request_words BEGIN
        INSERT INTO service_request_search(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER service_request_words_gone AFTER DELETE ON service_request_words BEGIN
        INSERT INTO service_request_search(service_request_search, rowid, words)
        VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER service_request_words_changed AFTER UPDATE ON service_request_words BEGIN
        INSERT INTO service_request_search(service_request_search, rowid, words)
        VALUES ('delete', old.id, old.words);
        INSERT INTO service_request_search(rowid, words) VALUES (new.id, new.words);
    END
    """,
)


def upgrade() -> None:
    op.add_column("service_requests", sa.Column("area", sa.String(80), nullable=True))
    for name, columns in AFTER.items():
        op.drop_index(name, "service_requests")
        op.create_index(name, "service_requests", columns)
    for name, columns in AREA_INDEX.items():
        op.create_index(name, "service_requests", columns)
    op.drop_index(CHANGES_INDEX, "service_request_changes")
    op.create_index(CHANGES_INDEX, "service_request_changes", ["request_id", "target", "created_at"])
    where = sa.text(OPEN)
    for name, columns in OPEN_INDEXES.items():
        op.create_index(name, "service_requests", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "service_request_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("words", KEPT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_words"),
        sa.UniqueConstraint("request_id", name="uq_service_request_words_request_id"),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["service_requests.id"],
            name="fk_service_request_words_request_id",
            ondelete="CASCADE",
        ),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in SEARCH:
            op.execute(statement)
    else:
        op.execute(
            "CREATE INDEX ix_service_request_words_words ON service_request_words "
            "USING gin (words) WITH (fastupdate = off)"
        )
    _fill()


def _fill() -> None:
    """Writes down the words of the cases that are there already."""
    connection = op.get_bind()
    fields = ("id", "service_request_id", "description", "address", "agency", "status", "service_code")
    cases = sa.table("service_requests", *(sa.column(name) for name in fields))
    last = ""
    while True:
        rows = connection.execute(
            sa.select(*cases.c).where(cases.c.id > last).order_by(cases.c.id).limit(BATCH)
        ).all()
        if not rows:
            return
        made = [
            {
                "request_id": row.id,
                "words": document(
                    row.service_request_id,
                    row.description,
                    row.address,
                    agency=row.agency,
                    status=Status(row.status),
                    service_code=row.service_code,
                    area=None,
                ),
            }
            for row in rows
        ]
        connection.execute(sa.insert(WORDS), made)
        last = rows[-1].id


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE service_request_search")
    op.drop_table("service_request_words")
    op.drop_index(CHANGES_INDEX, "service_request_changes")
    op.create_index(CHANGES_INDEX, "service_request_changes", ["request_id"])
    for name in (*OPEN_INDEXES, *AREA_INDEX):
        op.drop_index(name, "service_requests")
    for name, columns in BEFORE.items():
        op.drop_index(name, "service_requests")
        op.create_index(name, "service_requests", columns)
    with op.batch_alter_table("service_requests") as table:
        table.drop_column("area")
