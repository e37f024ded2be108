"""Reports joined, receipts of anonymous ones, who wrote a message, and where a photo was taken."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0013_intake"
down_revision = "0012_open311"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_request_joiners",
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("citizen_id", sa.String(26), nullable=False),
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", "citizen_id", name="pk_service_request_joiners"),
        _to("service_request_joiners", "request_id", "service_requests"),
        _to("service_request_joiners", "citizen_id", "citizens"),
        _to("service_request_joiners", "conversation_id", "conversations"),
    )
    for column in ("citizen_id", "conversation_id"):
        op.create_index(f"ix_service_request_joiners_{column}", "service_request_joiners", [column])
    op.create_table(
        "service_request_receipts",
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_service_request_receipts"),
        _to("service_request_receipts", "request_id", "service_requests"),
    )
    op.add_column("service_request_messages", sa.Column("citizen_id", sa.String(26), nullable=True))
    op.create_index("ix_service_request_messages_citizen_id", "service_request_messages", ["citizen_id"])
    for column in ("lat", "long"):
        op.add_column("attachments", sa.Column(column, sa.Float(), nullable=True))


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def downgrade() -> None:
    with op.batch_alter_table("attachments") as table:
        table.drop_column("lat")
        table.drop_column("long")
    op.drop_index("ix_service_request_messages_citizen_id", "service_request_messages")
    with op.batch_alter_table("service_request_messages") as table:
        table.drop_column("citizen_id")
    for table in ("service_request_receipts", "service_request_joiners"):
        op.drop_table(table)
