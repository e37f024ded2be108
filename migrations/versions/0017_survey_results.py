"""Results of surveys: counters, published pages."""

revision = "0017_survey_results"
down_revision = "0016_survey_designer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
