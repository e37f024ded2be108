"""Keys and requests of other systems, who is behind them, and what of a case the public sees."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0012_open311"
down_revision = "0011_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Citizens who reported before they were told what is public agreed to nothing of it.
    op.add_column(
        "service_requests", sa.Column("shown", sa.String(8), nullable=False, server_default="nothing")
    )
    for table in ("service_request_changes", "service_request_messages"):
        op.create_index(f"ix_{table}_created_at", table, ["created_at", "id"])
    op.create_table(
        "open311_keys",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key_fingerprint", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("minute", UtcDateTime(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_open311_keys"),
        sa.UniqueConstraint("name", name="uq_open311_keys_name"),
        sa.UniqueConstraint("key_fingerprint", name="uq_open311_keys_key_fingerprint"),
    )
    op.create_table(
        "open311_requests",
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("key_id", sa.String(26), nullable=True),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("address_id", sa.String(100), nullable=True),
        sa.Column("media_url", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name="pk_open311_requests"),
        sa.UniqueConstraint("token", name="uq_open311_requests_token"),
        _to("open311_requests", "request_id", "service_requests"),
        sa.ForeignKeyConstraint(
            ["key_id"], ["open311_keys.id"], name="fk_open311_requests_key_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_open311_requests_key_id", "open311_requests", ["key_id"])
    op.create_table(
        "open311_updates",
        sa.Column("message_id", sa.String(26), nullable=False),
        sa.Column("key_id", sa.String(26), nullable=False),
        sa.Column("external_id", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_open311_updates"),
        sa.UniqueConstraint("key_id", "external_id", name="uq_open311_updates_key_id_external_id"),
        _to("open311_updates", "message_id", "service_request_messages"),
        _to("open311_updates", "key_id", "open311_keys"),
    )
    op.create_table(
        "service_request_contacts",
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("first_name", sa.String(80), nullable=True),
        sa.Column("last_name", sa.String(80), nullable=True),
        sa.Column("email", sa.String(200), nullable=True),
        sa.Column("phone", sa.String(40), nullable=True),
        sa.Column("account_id", sa.String(100), nullable=True),
        sa.Column("device_id", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name="pk_service_request_contacts"),
        _to("service_request_contacts", "request_id", "service_requests"),
    )


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("service_request_contacts", "open311_updates", "open311_requests", "open311_keys"):
        op.drop_table(table)
    for table in ("service_request_messages", "service_request_changes"):
        op.drop_index(f"ix_{table}_created_at", table)
    op.drop_column("service_requests", "shown")
