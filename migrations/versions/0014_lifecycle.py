"""What becomes of a report: deadlines, alerts to officials, citizens' verdicts, what they want to hear."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0014_lifecycle"
down_revision = "0013_intake"
branch_labels = None
depends_on = None

COLUMNS = ("priority", "counted_from", "paused_at", "paused_days", "escalated")


def upgrade() -> None:
    with op.batch_alter_table("service_requests") as table:
        table.add_column(sa.Column("priority", sa.String(12), nullable=False, server_default="normal"))
        table.add_column(sa.Column("counted_from", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("paused_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("paused_days", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("escalated", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "service_request_alerts",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("official_id", sa.String(26), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("seen_by", sa.String(26), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_alerts"),
        sa.UniqueConstraint("request_id", "key", name="uq_service_request_alerts_request_id_key"),
        _to("service_request_alerts", "request_id", "service_requests", "CASCADE"),
    )
    op.create_index("ix_service_request_alerts_seen_at", "service_request_alerts", ["seen_at", "created_at"])
    op.create_table(
        "service_request_verdicts",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("change_id", sa.String(26), nullable=False),
        sa.Column("citizen_id", sa.String(26), nullable=True),
        sa.Column("conversation_id", sa.String(26), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rated_at", UtcDateTime(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_verdicts"),
        sa.UniqueConstraint(
            "change_id", "conversation_id", name="uq_service_request_verdicts_change_id_conversation_id"
        ),
        _to("service_request_verdicts", "request_id", "service_requests", "CASCADE"),
        _to("service_request_verdicts", "citizen_id", "citizens", "SET NULL"),
        _to("service_request_verdicts", "conversation_id", "conversations", "SET NULL"),
    )
    for column in ("request_id", "citizen_id", "conversation_id", "rated_at"):
        op.create_index(f"ix_service_request_verdicts_{column}", "service_request_verdicts", [column])
    op.create_table(
        "notification_preferences",
        sa.Column("citizen_id", sa.String(26), nullable=False),
        sa.Column("wish", sa.String(12), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("citizen_id", name="pk_notification_preferences"),
        _to("notification_preferences", "citizen_id", "citizens", "CASCADE"),
    )


def _to(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def downgrade() -> None:
    for table in ("notification_preferences", "service_request_verdicts", "service_request_alerts"):
        op.drop_table(table)
    with op.batch_alter_table("service_requests") as table:
        for column in COLUMNS:
            table.drop_column(column)
