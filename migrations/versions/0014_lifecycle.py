"""What becomes of a report: deadlines, satisfaction, preferences."""

revision = "0014_lifecycle"
down_revision = "0013_intake"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
