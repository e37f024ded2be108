"""Surveys that run: subscribers, invitations, quotas, reminders, answers gone through again."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0015_surveys_running"
down_revision = "0014_lifecycle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("survey_sessions") as table:
        table.add_column(sa.Column("reminded_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("edits", sa.String(26), nullable=True))
    with op.batch_alter_table("survey_answers") as table:
        table.add_column(sa.Column("other", sa.Text(), nullable=True))
    op.create_table(
        "survey_subscriptions",
        _column("citizen_id"),
        _column("conversation_id"),
        sa.Column("agreed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("citizen_id", name=op.f("pk_survey_subscriptions")),
        _to("survey_subscriptions", "citizen_id", "citizens"),
        _to("survey_subscriptions", "conversation_id", "conversations"),
    )
    op.create_index(
        op.f("ix_survey_subscriptions_conversation_id"), "survey_subscriptions", ["conversation_id"]
    )
    op.create_table(
        "survey_invitations",
        sa.Column("survey_id", sa.String(60), nullable=False),
        _column("citizen_id"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("skipped", sa.String(16), nullable=True),
        sa.PrimaryKeyConstraint("survey_id", "citizen_id", name=op.f("pk_survey_invitations")),
        _to("survey_invitations", "survey_id", "surveys"),
        _to("survey_invitations", "citizen_id", "citizens"),
    )
    op.create_index("ix_survey_invitations_sent_at", "survey_invitations", ["sent_at"])
    op.create_table(
        "survey_quotas",
        sa.Column("survey_id", sa.String(60), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "question", "answer", name=op.f("pk_survey_quotas")),
        _to("survey_quotas", "survey_id", "surveys"),
    )


def _column(name: str) -> sa.Column:
    return sa.Column(name, sa.String(26), nullable=False)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("survey_quotas", "survey_invitations", "survey_subscriptions"):
        op.drop_table(table)
    with op.batch_alter_table("survey_answers") as table:
        table.drop_column("other")
    with op.batch_alter_table("survey_sessions") as table:
        table.drop_column("edits")
        table.drop_column("reminded_at")
