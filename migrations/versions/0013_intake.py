"""Reports joined, receipts of anonymous ones, places."""

revision = "0013_intake"
down_revision = "0012_open311"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
