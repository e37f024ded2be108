"""Similar cases near a place, and late pages of closed requests, are found in one index each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_place_and_time"
down_revision = "0018_desk_speed"
branch_labels = None
depends_on = None

PLACE, ENDED = "ix_service_requests_place", "ix_service_requests_ended_requested"
HAS_ENDED = sa.text("status IN ('resolved', 'closed', 'rejected', 'duplicate')")


def upgrade() -> None:
    _place(["lat", "long", "requested_at"])
    op.create_index(
        ENDED,
        "service_requests",
        ["requested_at", "id"],
        sqlite_where=HAS_ENDED,
        postgresql_where=HAS_ENDED,
    )


def downgrade() -> None:
    op.drop_index(ENDED, "service_requests")
    _place(["lat", "long"])


def _place(columns: list[str]) -> None:
    op.drop_index(PLACE, "service_requests")
    op.create_index(PLACE, "service_requests", columns)
