"""What the officials' desk keeps: assignments, saved filters, templates, repeated requests, webhooks."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0011_desk"
down_revision = "0010_survey_authoring"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_service_requests_assignee_id_requested_at": ["assignee_id", "requested_at"],
    "ix_service_requests_place": ["lat", "long"],
    "ix_service_requests_counts": ["status", "agency", "service_code", "expected_on"],
}
CHANGES_INDEX = "ix_service_request_changes_target_created_at"


def upgrade() -> None:
    op.add_column("service_requests", sa.Column("assignee_id", sa.String(26), nullable=True))
    for name, columns in INDEXES.items():
        op.create_index(name, "service_requests", columns)
    op.create_index(CHANGES_INDEX, "service_request_changes", ["target", "created_at"])
    op.create_table(
        "service_request_filters",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("official_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_filters"),
        sa.UniqueConstraint("official_id", "name", name="uq_service_request_filters_official_id_name"),
        sa.ForeignKeyConstraint(
            ["official_id"],
            ["officials.id"],
            name="fk_service_request_filters_official_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "service_request_templates",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(50), nullable=True),
        sa.Column("service_code", sa.String(50), nullable=True),
        sa.Column("status", sa.String(24), nullable=True),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_templates"),
        sa.UniqueConstraint("name", name="uq_service_request_templates_name"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("official_id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("official_id", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "service_request_webhooks",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("agency", sa.String(50), nullable=True),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_webhooks"),
    )
    op.create_table(
        "service_request_webhook_deliveries",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("webhook_id", sa.String(26), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["service_request_webhooks.id"],
            name="fk_service_request_webhook_deliveries_webhook_id",
            ondelete="CASCADE",
        ),
    )
    deliveries = "service_request_webhook_deliveries"
    op.create_index("ix_service_request_webhook_deliveries_due", deliveries, ["state", "due_at"])
    op.create_index("ix_service_request_webhook_deliveries_webhook_id", deliveries, ["webhook_id"])


def downgrade() -> None:
    for table in (
        "service_request_webhook_deliveries",
        "service_request_webhooks",
        "idempotency_keys",
        "service_request_templates",
        "service_request_filters",
    ):
        op.drop_table(table)
    op.drop_index(CHANGES_INDEX, "service_request_changes")
    for name in INDEXES:
        op.drop_index(name, "service_requests")
    with op.batch_alter_table("service_requests") as table:
        table.drop_column("assignee_id")
