"""What the dialogue server remembers of each conversation."""

import sqlalchemy as sa
from alembic import op

from civic.kit.db import UtcDateTime

revision = "0007_rasa"
down_revision = "0006_feedback"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rasa_tracker_snapshots",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_rasa_tracker_snapshots"),
    )
    # What nobody has touched for long is removed by its age.
    op.create_index("ix_rasa_tracker_snapshots_updated_at", "rasa_tracker_snapshots", ["updated_at"])


def downgrade() -> None:
    op.drop_table("rasa_tracker_snapshots")
