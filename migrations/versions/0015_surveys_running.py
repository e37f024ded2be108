"""Surveys that run: invitations, quotas, reminders."""

revision = "0015_surveys_running"
down_revision = "0014_lifecycle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
