"""Results of surveys: counters, published pages."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0017_survey_results"
down_revision = "0016_survey_designer"
branch_labels = None
depends_on = None


SESSIONS = "ix_survey_sessions_survey_id_state"


def upgrade() -> None:
    # With the question, so that who left where is counted from the index alone.
    op.drop_index(SESSIONS, table_name="survey_sessions")
    op.create_index(SESSIONS, "survey_sessions", ["survey_id", "state", "last_question"])
    op.create_table(
        "survey_result_rows",
        sa.Column("survey_id", sa.String(60), nullable=False),
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "session_id", name="pk_survey_result_rows"),
        _to("survey_result_rows", "survey_id", "surveys"),
        _to("survey_result_rows", "session_id", "survey_sessions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_result_rows_session_id", "survey_result_rows", ["session_id"])
    op.create_table(
        "survey_result_texts",
        sa.Column("survey_id", sa.String(60), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("sampled", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "question", name="pk_survey_result_texts"),
        _to("survey_result_texts", "survey_id", "surveys"),
    )
    op.create_table(
        "survey_result_pages",
        sa.Column("survey_id", sa.String(60), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.String(26), nullable=True),
        sa.Column("telling", sa.Boolean(), nullable=False),
        sa.Column("told_to", sa.String(26), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("survey_id", name="pk_survey_result_pages"),
        _to("survey_result_pages", "survey_id", "surveys"),
    )


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("survey_result_pages", "survey_result_texts", "survey_result_rows"):
        op.drop_table(table)
    op.drop_index(SESSIONS, table_name="survey_sessions")
    op.create_index(SESSIONS, "survey_sessions", ["survey_id", "state"])
