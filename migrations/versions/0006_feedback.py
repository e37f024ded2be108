"""Feedback, enquiries, officials' answers to both, and erasures."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0006_feedback"
down_revision = "0005_surveys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _messages("feedback", sa.Column("topic", sa.String(16)), sa.Column("rating", sa.Integer()))
    _replies("feedback_replies", "feedback_id", "feedback")
    op.create_table(
        "feedback_talks",
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("feedback_id", sa.String(26), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_feedback_talks"),
        _to("feedback_talks", "conversation_id", "conversations"),
        _to("feedback_talks", "feedback_id", "feedback"),
    )
    _messages("enquiries")
    _replies("enquiry_replies", "enquiry_id", "enquiries")
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("remains", sa.JSON(), nullable=False),
        sa.Column("swept_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_index("ix_erasures_at", "erasures", ["at"])
    op.create_index("ix_erasures_swept_at", "erasures", ["swept_at"])


def downgrade() -> None:
    for table in (
        "erasures",
        "enquiry_replies",
        "enquiries",
        "feedback_talks",
        "feedback_replies",
        "feedback",
    ):
        op.drop_table(table)


def _to(table: str, column: str, target: str, ondelete: str | None = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _messages(table: str, *more: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("citizen_id", sa.String(26), nullable=False),
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *more,
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state_changed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _to(table, "citizen_id", "citizens"),
        _to(table, "conversation_id", "conversations"),
    )
    for column in ("citizen_id", "conversation_id", "state", "created_at"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _replies(table: str, column: str, target: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column(column, sa.String(26), nullable=False),
        sa.Column("official_id", sa.String(26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _to(table, column, target),
        _to(table, "official_id", "officials", ondelete=None),
    )
    op.create_index(f"ix_{table}_{column}", table, [column])
