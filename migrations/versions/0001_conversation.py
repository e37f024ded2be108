"""Citizens, their addresses and conversations, messages in and out, and the outbox."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0001_conversation"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizens",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_citizens"),
    )
    op.create_table(
        "channel_addresses",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("citizen_id", sa.String(26), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("state_changed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_channel_addresses"),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name="fk_channel_addresses_citizen_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("channel", "address", name="uq_channel_addresses_channel_address"),
    )
    op.create_index("ix_channel_addresses_citizen_id", "channel_addresses", ["citizen_id"])
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("address_id", sa.String(26), nullable=False),
        sa.Column("citizen_id", sa.String(26), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_active_at", UtcDateTime(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("active_loop", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.ForeignKeyConstraint(
            ["address_id"],
            ["channel_addresses.id"],
            name="fk_conversations_address_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name="fk_conversations_citizen_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("address_id", name="uq_conversations_address_id"),
    )
    op.create_index("ix_conversations_citizen_id", "conversations", ["citizen_id"])
    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.String(26), nullable=False),
        _conversation(),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_messages"),
        _conversation_key("inbound_messages"),
        sa.UniqueConstraint(
            "conversation_id", "message_id", name="uq_inbound_messages_conversation_id_message_id"
        ),
    )
    op.create_index("ix_inbound_messages_state_due", "inbound_messages", ["state", "due_at"])
    op.create_table(
        "outbound_messages",
        sa.Column("id", sa.String(26), nullable=False),
        _conversation(),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("in_reply_to", sa.String(26), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbound_messages"),
        _conversation_key("outbound_messages"),
        sa.ForeignKeyConstraint(
            ["in_reply_to"],
            ["inbound_messages.id"],
            name="fk_outbound_messages_in_reply_to",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_outbound_messages_conversation_id_seq"),
    )
    op.create_index("ix_outbound_messages_in_reply_to", "outbound_messages", ["in_reply_to"])
    op.create_table(
        "choice_tokens",
        sa.Column("token", sa.String(32), nullable=False),
        _conversation(),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_choice_tokens"),
        _conversation_key("choice_tokens"),
    )
    op.create_index("ix_choice_tokens_conversation_id", "choice_tokens", ["conversation_id"])
    op.create_table(
        "action_results",
        _conversation(),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "conversation_id", "message_id", "action", "ordinal", name="pk_action_results"
        ),
        _conversation_key("action_results"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(32), nullable=False),
        _conversation(),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        _conversation_key("attachments"),
    )
    op.create_index("ix_attachments_conversation_id", "attachments", ["conversation_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("message_id", sa.String(26), nullable=False),
        _conversation(),
        sa.Column("address_id", sa.String(26), nullable=False),
        sa.Column("dedupe_key", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("lane", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbound_messages.id"], name="fk_deliveries_message_id", ondelete="CASCADE"
        ),
        _conversation_key("deliveries"),
        sa.ForeignKeyConstraint(
            ["address_id"], ["channel_addresses.id"], name="fk_deliveries_address_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("message_id", name="uq_deliveries_message_id"),
        sa.UniqueConstraint("conversation_id", "dedupe_key", name="uq_deliveries_conversation_id_dedupe_key"),
    )
    op.create_index("ix_deliveries_address_id", "deliveries", ["address_id"])
    op.create_index("ix_deliveries_state_lane_due", "deliveries", ["state", "lane", "due_at"])


def _conversation() -> sa.Column[str]:
    return sa.Column("conversation_id", sa.String(26), nullable=False)


def _conversation_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in (
        "deliveries",
        "attachments",
        "action_results",
        "choice_tokens",
        "outbound_messages",
        "inbound_messages",
        "conversations",
        "channel_addresses",
        "citizens",
    ):
        op.drop_table(table)
