"""Names of questions as long as XLSForm has them."""

import sqlalchemy as sa
from alembic import op

revision = "0010_survey_authoring"
down_revision = "0009_asking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _names(old=40, new=64)


def downgrade() -> None:
    _names(old=64, new=40)


def _names(old: int, new: int) -> None:
    with op.batch_alter_table("survey_sessions") as table:
        table.alter_column(
            "last_question",
            existing_type=sa.String(old),
            type_=sa.String(new),
            existing_nullable=True,
        )
    with op.batch_alter_table("survey_answers") as table:
        table.alter_column(
            "question", existing_type=sa.String(old), type_=sa.String(new), existing_nullable=False
        )
