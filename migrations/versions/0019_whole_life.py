"""What the whole life of a report needs."""

revision = "0019_whole_life"
down_revision = "0018_desk_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
