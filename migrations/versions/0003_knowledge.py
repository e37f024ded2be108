"""Documents in versions, their passages, the state of knowledge, and citizens' questions."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0003_knowledge"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None

ONE_CURRENT = sa.text("state = 'current'")


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("section", sa.String(120), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("author", sa.String(120), nullable=True),
        sa.Column("url", sa.String(500), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("source", sa.String(1000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("encoder", sa.String(64), nullable=False),
        sa.Column("passage_count", sa.Integer(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("key", "version", name="uq_documents_key_version"),
    )
    op.create_index(
        "uq_documents_current_key",
        "documents",
        ["key"],
        unique=True,
        sqlite_where=ONE_CURRENT,
        postgresql_where=ONE_CURRENT,
    )
    op.create_index("ix_documents_state_title", "documents", ["state", "title"])
    op.create_table(
        "passages",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("document_id", sa.String(26), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("heading", sa.JSON(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_passages_document_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("document_id", "ordinal", name="uq_passages_document_id_ordinal"),
    )
    op.create_table(
        "knowledge_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_state"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("conversation_id", sa.String(26), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("document_id", sa.String(26), nullable=True),
        sa.Column("passage_ordinal", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_questions_conversation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_questions_document_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_questions_conversation_id", "questions", ["conversation_id"])
    op.create_index("ix_questions_state_asked", "questions", ["state", "asked_at"])


def downgrade() -> None:
    for table in ("questions", "knowledge_state", "passages", "documents"):
        op.drop_table(table)
