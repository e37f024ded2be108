"""Knowledge as an operation: why a document ended, officials' answers, sites and their pages."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0008_knowledge_operation"
down_revision = "0007_rasa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("reason", sa.String(300), nullable=True))
    op.add_column("questions", sa.Column("answer_id", sa.String(26), nullable=True))
    op.add_column("questions", sa.Column("answered_at", UtcDateTime(), nullable=True))
    op.create_index("ix_questions_answer_id", "questions", ["answer_id"])
    op.create_table(
        "official_answers",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("question", sa.String(300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("section", sa.String(120), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("official_id", sa.String(26), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(26), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(300), nullable=True),
        sa.Column("document_id", sa.String(26), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_official_answers"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_official_answers_document_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_official_answers_state", "official_answers", ["state"])
    op.create_table(
        "knowledge_sites",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("run_id", sa.String(26), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_sites"),
        sa.UniqueConstraint("url", name="uq_knowledge_sites_url"),
    )
    op.create_table(
        "knowledge_site_pages",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("site_id", sa.String(26), nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("etag", sa.String(300), nullable=True),
        sa.Column("last_modified", sa.String(60), nullable=True),
        sa.Column("run_id", sa.String(26), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_site_pages"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["knowledge_sites.id"], name="fk_knowledge_site_pages_site_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("site_id", "url", name="uq_knowledge_site_pages_site_id_url"),
    )


def downgrade() -> None:
    for table in ("knowledge_site_pages", "knowledge_sites", "official_answers"):
        op.drop_table(table)
    op.drop_index("ix_questions_answer_id", table_name="questions")
    op.drop_column("questions", "answered_at")
    op.drop_column("questions", "answer_id")
    op.drop_column("documents", "reason")
