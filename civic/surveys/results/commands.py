"""What changes results: a respondent is counted, answers are grouped, a page is published and told of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from civic.audit.commands import HasId, record
from civic.conversation.types import Reply
from civic.delivery.commands import tell
from civic.surveys import queries as surveys
from civic.surveys.definition import SurveyDefinition
from civic.surveys.models import SurveyAnswer, SurveySession
from civic.surveys.results import layout, queries
from civic.surveys.results.models import SurveyResultPage, SurveyResultRow, SurveyResultTexts
from civic.surveys.results.texts import Encoder, drawn, feeling, grouped

# Groups of fewer people are never shown; anonymous answers are counted so many at a time.
LEAST = 5


def count_in(session: Session, row: SurveySession, definition: SurveyDefinition) -> None:
    """Counts a completed session among the results.

    An anonymous one waits for others: who reads the results before and after learns nothing about one.
    """
    answers = queries.answers_of(session, [row.id])[row.id]
    kept = session.get(SurveyResultRow, (row.survey_id, row.id))
    if kept is None:
        _pack(session, row, definition, answers)
    else:
        kept.version = row.version
        kept.cells = layout.pack(definition, answers, row.language, feeling)
    session.flush()
    if definition.anonymous and queries.uncounted(session, row.survey_id) >= LEAST:
        session.execute(
            update(SurveyResultRow)
            .where(SurveyResultRow.survey_id == row.survey_id, SurveyResultRow.counted.is_(False))
            .values(counted=True)
        )


def pack_in(
    session: Session, row: SurveySession, definition: SurveyDefinition, answers: Iterable[SurveyAnswer]
) -> None:
    """Counts a completed session whose answers are at hand, without reading them again."""
    _pack(session, row, definition, {one.question: one.value for one in answers})


def _pack(
    session: Session, row: SurveySession, definition: SurveyDefinition, answers: dict[str, Any]
) -> None:
    cells = layout.pack(definition, answers, row.language, feeling)
    values = {"version": row.version, "cells": cells, "counted": not definition.anonymous}
    session.add(SurveyResultRow(survey_id=row.survey_id, session_id=row.id, **values))


def count_out(session: Session, row: SurveySession) -> None:
    """Takes a session out of the results: its answers are being changed."""
    session.execute(delete(SurveyResultRow).where(SurveyResultRow.session_id == row.id))


def catch_up(session: Session, survey_id: str, limit: int = 2000) -> int:
    """Counts completed sessions that were not counted, such as those from before; returns how many."""
    versions = dict(queries.numbered_versions(session, survey_id))
    rows = queries.unpacked(session, survey_id, limit)
    for row in rows:
        count_in(session, row, versions[row.version])
    return len(rows)


def forget_texts(session: Session, survey_ids: Iterable[str]) -> None:
    """Deletes the groups of free answers, which quote them."""
    session.execute(delete(SurveyResultTexts).where(SurveyResultTexts.survey_id.in_(list(survey_ids))))


def group_texts(
    session: Session,
    survey_id: str,
    encoder: Encoder,
    clean: Callable[[str], str],
    now: datetime,
    least: int = LEAST,
) -> int:
    """Groups the free answers to every text question by meaning; returns how many were read.

    `clean` takes personal data out of a text before anything of it is stored.
    """
    forget_texts(session, [survey_id])
    read = 0
    found = queries.results(session, survey_id)
    for question in found.questions:
        if layout.kind_of(question) != "text":
            continue
        answers = [text for text, _ in queries.texts(session, survey_id, question.name)]
        sample = drawn(answers, f"{survey_id}/{question.name}")
        groups, alone = grouped([clean(text) for text in sample], encoder, least)
        read += len(sample)
        if groups and 0 < alone < least:  # who are so few could be told apart by what the others said
            alone += groups.pop().size
        stored: list[dict[str, Any]] = [{"size": one.size, "quotes": one.quotes} for one in groups]
        session.add(
            SurveyResultTexts(
                survey_id=survey_id,
                question=question.name,
                answers=len(answers),
                sampled=len(sample),
                groups=[*stored, {"size": alone, "quotes": []}] if alone else stored,
                made_at=now,
            )
        )
    session.flush()
    return read


def publish_page(
    session: Session,
    survey_id: str,
    *,
    said: str,
    did: str,
    questions: Sequence[str],
    figures: dict[str, Any],
    tell_them: bool,
    actor: HasId,
    now: datetime,
) -> SurveyResultPage:
    """Puts a page of results before everybody, with the figures of this moment.

    Those who answered are told once, however often the page is published anew.
    """
    page = queries.page(session, survey_id)
    if page is None:
        page = SurveyResultPage(survey_id=survey_id, telling=False)
        session.add(page)
    page.said, page.did, page.questions, page.figures = said, did, list(questions), figures
    page.published_at, page.published_by = now, actor.id
    page.telling = page.telling or tell_them
    session.flush()
    details = {"questions": len(questions), "tell": tell_them}
    record(session, actor, "official:publish:survey_results", survey_id, details, now)
    return page


def withdraw_page(session: Session, survey_id: str, actor: HasId, now: datetime) -> None:
    """Takes the page of results away; who was told before is not told again when it comes back."""
    page = queries.page(session, survey_id)
    if page is not None:
        page.figures, page.questions = {}, []
        page.telling = page.telling and page.told_at is not None
        session.flush()
        record(session, actor, "official:withdraw:survey_results", survey_id, None, now)


def share_back(
    session: Session, reply_for: Callable[[str, str, str], Reply], now: datetime, limit: int = 200
) -> int:
    """Tells some of those who answered that results were published; each once. Returns how many.

    `reply_for(survey title, survey id, language)` is what they are told. Anonymous answers lead to nobody, so
    nobody is told about those.
    """
    told = 0
    for page in queries.pages_to_tell(session):
        rows = queries.completed_after(session, page.survey_id, page.told_to or "", limit)
        title = surveys.one_published(session, page.survey_id).definition.title
        for row in rows:
            page.told_to = row.id
            if row.conversation_id is None:
                continue
            reply = reply_for(title.in_language(row.language), page.survey_id, row.language)
            key = f"survey-results:{page.survey_id}"
            told += tell(session, row.conversation_id, reply, dedupe_key=key, now=now)
        if len(rows) < limit:
            page.told_at = now
        session.flush()
    return told
