"""The condition "has these words", as each database answers it best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    String,
    bindparam,
    column,
    exists,
    false,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from civic.service_requests.finding import rules
from civic.service_requests.finding.models import ServiceRequestWords
from civic.service_requests.models import ServiceRequest

# The index of FTS5; PostgreSQL's lies on the table of words itself.
SEARCH = "service_request_search"
# Up to so many finds are read and put in order. Beyond, the order is walked until a page is full.
FEW = 5_000


class _Match(FunctionElement[bool]):
    """Whether a row of words answers a question; says it in the database's own way."""

    name = "has_words"
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """As it is: `(...) = 1`, which SQLite would be told else, keeps it from using the index."""
        return self


class _MatchOfOne(_Match):
    """The same, where one row is looked at and not all that answer are found."""

    name = "one_has_words"
    inherit_cache = True


@compiles(_Match, "sqlite")
def _fts(element: _Match, compiler: SQLCompiler, **kw: Any) -> str:
    fts, _ = element.clauses
    found = f"SELECT rowid FROM {SEARCH} WHERE {SEARCH} MATCH {compiler.process(fts, **kw)}"
    return f"service_request_words.id IN ({found})"


@compiles(_MatchOfOne, "sqlite")
def _fts_of_one(element: _Match, compiler: SQLCompiler, **kw: Any) -> str:
    fts, _ = element.clauses
    question = compiler.process(fts, **kw)
    here = f"{SEARCH}.rowid = service_request_words.id"
    return f"EXISTS (SELECT 1 FROM {SEARCH} WHERE {here} AND {SEARCH} MATCH {question})"


@compiles(_Match, "postgresql")
def _gin(element: _Match, compiler: SQLCompiler, **kw: Any) -> str:
    _, tsquery = element.clauses
    return f"service_request_words.words @@ CAST({compiler.process(tsquery, **kw)} AS tsquery)"


def having(text: str, marks: Sequence[str] = ()) -> ColumnElement[bool]:
    """The cases with words that begin like these, found first and then read: right when they are few."""
    question = rules.asked(text, marks)
    if question is None:
        return false()
    return ServiceRequest.id.in_(select(ServiceRequestWords.request_id).where(_match(_Match, question)))


def best(session: Session, text: str, marks: Sequence[str] = ()) -> ColumnElement[bool]:
    """The condition for a list in an order of which only the beginning is wanted.

    Where many cases have the very words, the list is walked in its order and each case is asked for them:
    finding them all, and those with longer words besides, would take longer than a page is worth.
    """
    whole = rules.asked(text, whole=True)
    if whole is None:
        return false()
    if _count(session, rules.asked(text, marks, whole=True), FEW) <= FEW:
        return having(text, marks)
    return exists().where(ServiceRequestWords.request_id == ServiceRequest.id, _match(_MatchOfOne, whole))


def count(session: Session, text: str, marks: Sequence[str], most: int) -> int:
    """How many cases have the words and marks, `most + 1` standing for more; no case is read for it."""
    many = _count(session, rules.asked(text, marks, whole=True), most)
    return many if many > most else _count(session, rules.asked(text, marks), most)


def _match(kind: type[_Match], question: tuple[str, str]) -> _Match:
    fts, tsquery = question
    return kind(bindparam(None, fts, String()), bindparam(None, tsquery, String()))


def _count(session: Session, question: tuple[str, str] | None, most: int) -> int:
    if question is None:
        return 0
    found: Select[int]
    if session.get_bind().dialect.name == "sqlite":
        index = table(SEARCH, column("rowid"))
        found = select(index.c.rowid).where(literal_column(SEARCH).op("MATCH")(question[0]))
    else:
        found = select(ServiceRequestWords.id).where(_match(_Match, question))
    return session.scalar(select(func.count()).select_from(found.limit(most + 1).subquery())) or 0
