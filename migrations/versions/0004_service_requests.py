"""Service requests: cases, threads, history, photos, and drafts of reports."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0004_service_requests"
down_revision = "0003_knowledge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_requests",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("service_request_id", sa.String(12), nullable=False),
        sa.Column("draft_id", sa.String(26), nullable=True),
        sa.Column("service_code", sa.String(50), nullable=False),
        sa.Column("agency", sa.String(50), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("address", sa.String(200), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("long", sa.Float(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(80), nullable=True),
        sa.Column("citizen_id", sa.String(26), nullable=True),
        sa.Column("conversation_id", sa.String(26), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("duplicate_of", sa.String(26), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_requests"),
        sa.UniqueConstraint("service_request_id", name="uq_service_requests_service_request_id"),
        sa.UniqueConstraint("draft_id", name="uq_service_requests_draft_id"),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name="fk_service_requests_citizen_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_service_requests_conversation_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of"],
            ["service_requests.id"],
            name="fk_service_requests_duplicate_of",
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_service_requests_requested_at", "service_requests", ["requested_at", "id"])
    op.create_index("ix_service_requests_updated_at", "service_requests", ["updated_at", "id"])
    op.create_index("ix_service_requests_expected_on", "service_requests", ["expected_on", "id"])
    for column in ("status", "service_code", "agency"):
        op.create_index(
            f"ix_service_requests_{column}_requested_at", "service_requests", [column, "requested_at"]
        )
    for column in ("citizen_id", "conversation_id", "duplicate_of"):
        op.create_index(f"ix_service_requests_{column}", "service_requests", [column])
    op.create_table(
        "service_request_messages",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("author", sa.String(16), nullable=False),
        sa.Column("official_id", sa.String(26), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_messages"),
        _request("service_request_messages"),
    )
    op.create_index("ix_service_request_messages_request_id", "service_request_messages", ["request_id"])
    op.create_table(
        "service_request_changes",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("source", sa.String(24), nullable=True),
        sa.Column("target", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_changes"),
        _request("service_request_changes"),
    )
    op.create_index("ix_service_request_changes_request_id", "service_request_changes", ["request_id"])
    op.create_table(
        "service_request_attachments",
        sa.Column("request_id", sa.String(26), nullable=False),
        sa.Column("attachment_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", "attachment_id", name="pk_service_request_attachments"),
        _request("service_request_attachments"),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
            name="fk_service_request_attachments_attachment_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_service_request_attachments_attachment_id", "service_request_attachments", ["attachment_id"]
    )
    op.create_table(
        "service_request_drafts",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("citizen_id", sa.String(26), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_request_drafts"),
        sa.UniqueConstraint("conversation_id", name="uq_service_request_drafts_conversation_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_service_request_drafts_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name="fk_service_request_drafts_citizen_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_service_request_drafts_citizen_id", "service_request_drafts", ["citizen_id"])
    op.create_index("ix_service_request_drafts_expires_at", "service_request_drafts", ["expires_at"])


def _request(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["request_id"], ["service_requests.id"], name=f"fk_{table}_request_id", ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in (
        "service_request_drafts",
        "service_request_attachments",
        "service_request_changes",
        "service_request_messages",
        "service_requests",
    ):
        op.drop_table(table)
