"""What is noted about a question and its answer."""

import sqlalchemy as sa
from alembic import op

revision = "0009_asking"
down_revision = "0008_knowledge_operation"
branch_labels = None
depends_on = None

NAMES = ("detail", "topic", "alternatives", "topics", "clarifies", "complaint")


def upgrade() -> None:
    with op.batch_alter_table("questions") as table:
        table.add_column(sa.Column("detail", sa.String(60)))
        table.add_column(sa.Column("topic", sa.String(300)))
        table.add_column(sa.Column("alternatives", sa.JSON()))
        table.add_column(sa.Column("topics", sa.JSON()))
        table.add_column(sa.Column("clarifies", sa.String(26)))
        table.add_column(sa.Column("complaint", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("questions") as table:
        for name in reversed(NAMES):
            table.drop_column(name)
