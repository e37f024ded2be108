"""The designer's pages: drafts, schedules, and who keeps a survey."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0016_survey_designer"
down_revision = "0015_surveys_running"
branch_labels = None
depends_on = None

MOMENTS = ("paused_at", "closed_at", "opens", "closes")


def upgrade() -> None:
    with op.batch_alter_table("surveys") as table:
        table.add_column(sa.Column("origin", sa.String(8), nullable=False, server_default="folder"))
        for name in MOMENTS:
            table.add_column(sa.Column(name, UtcDateTime(), nullable=True))
    op.create_table(
        "survey_drafts",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("survey_id", sa.String(60), nullable=True),
        sa.Column("definition", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("uploaded_by", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_drafts")),
    )
    op.create_index(op.f("ix_survey_drafts_survey_id"), "survey_drafts", ["survey_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_survey_drafts_survey_id"), table_name="survey_drafts")
    op.drop_table("survey_drafts")
    with op.batch_alter_table("surveys") as table:
        for name in (*MOMENTS, "origin"):
            table.drop_column(name)
