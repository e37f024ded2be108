"""Officials, failed sign-ins, and the audit."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0002_accounts"
down_revision = "0001_conversation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "officials",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("agency", sa.String(100), nullable=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("credentials_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("signed_in_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_officials"),
        sa.UniqueConstraint("name", name="uq_officials_name"),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("name_fingerprint", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name_fingerprint", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_last_failed_at", "sign_in_attempts", ["last_failed_at"])
    op.create_table(
        "audit_rows",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("tag", sa.String(100), nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_rows"),
    )
    for column in ("at", "tag", "actor", "subject_id"):
        op.create_index(f"ix_audit_rows_{column}", "audit_rows", [column])


def downgrade() -> None:
    for table in ("audit_rows", "sign_in_attempts", "officials"):
        op.drop_table(table)
