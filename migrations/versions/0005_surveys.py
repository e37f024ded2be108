"""Survey files, surveys and their versions, sessions and answers, and who has taken part."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0005_surveys"
down_revision = "0004_service_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_files",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("survey_id", sa.String(60), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_survey_files"),
    )
    op.create_table(
        "surveys",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
    )
    op.create_table(
        "survey_versions",
        sa.Column("survey_id", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "number", name="pk_survey_versions"),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys.id"], name="fk_survey_versions_survey_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "survey_sessions",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("survey_id", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.String(26), nullable=True),
        sa.Column("conversation_id", sa.String(26), nullable=True),
        sa.Column("respondent", sa.String(64), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("position", sa.JSON(), nullable=True),
        sa.Column("last_question", sa.String(40), nullable=True),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survey_sessions"),
        sa.ForeignKeyConstraint(
            ["survey_id", "version"],
            ["survey_versions.survey_id", "survey_versions.number"],
            name="fk_survey_sessions_survey_id_version",
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name="fk_survey_sessions_citizen_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_survey_sessions_conversation_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("survey_id", "respondent", name="uq_survey_sessions_survey_id_respondent"),
    )
    op.create_index("ix_survey_sessions_survey_id_state", "survey_sessions", ["survey_id", "state"])
    op.create_index("ix_survey_sessions_citizen_id", "survey_sessions", ["citizen_id"])
    op.create_index("ix_survey_sessions_conversation_id", "survey_sessions", ["conversation_id"])
    op.create_table(
        "survey_answers",
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "question", name="pk_survey_answers"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["survey_sessions.id"], name="fk_survey_answers_session_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "survey_participations",
        sa.Column("survey_id", sa.String(60), nullable=False),
        sa.Column("respondent", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "respondent", name="pk_survey_participations"),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys.id"], name="fk_survey_participations_survey_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for name in (
        "survey_participations",
        "survey_answers",
        "survey_sessions",
        "survey_versions",
        "surveys",
        "survey_files",
    ):
        op.drop_table(name)
