"""The designer's pages: drafts, schedules, links to share."""

revision = "0016_survey_designer"
down_revision = "0015_surveys_running"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
