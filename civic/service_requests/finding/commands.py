"""What has to be done to the index of words beyond keeping it in step."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from civic.service_requests.finding.queries import SEARCH


def forget_old_words(session: Session) -> None:
    """Takes words that no case has any more out of the files of the index.

    FTS5 only marks them as gone until its parts are joined; PostgreSQL's vacuum does the same by itself.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('optimize')"))
