"""Publishes the surveys folder: a changed file is a new version, a broken one changes nothing."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.audit.commands import HasId, record
from civic.surveys import queries
from civic.surveys.definition import SurveyDefinition
from civic.surveys.errors import BrokenSurvey, Problem
from civic.surveys.models import Survey, SurveyFile, SurveyVersion
from civic.surveys.sheets import files_in, read_file

logger = logging.getLogger(__name__)

# Who keeps a survey: a file of the surveys folder, or officials on their pages.
FOLDER, DESK = "folder", "desk"


@dataclass(frozen=True)
class Change:
    """What became of one file: `published`, `unchanged`, `broken` or `withdrawn`."""

    file: str
    outcome: str
    survey_id: str | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()


def sync(session: Session, folder: Path, now: datetime, actor: HasId | str = "system") -> list[Change]:
    """Publishes what changed in the folder since it was last read; nothing to do costs one SELECT.

    Running sessions keep their version. A file with mistakes never replaces a good version.
    """
    if not folder.is_dir():  # a folder that is away for a moment withdraws nothing
        logger.error("the surveys folder is missing")
        return []
    found, known = _found(folder), queries.files(session)
    if found == _known(known):
        return []
    try:
        with session.begin_nested():
            changes = _apply(session, folder, found, known, now)
            _note(session, changes, actor, now)
            return changes
    except IntegrityError:  # another process read the folder at the same moment: it did the work
        return []


def is_behind(session: Session, folder: Path) -> bool:
    """Whether the folder holds something else than when it was last read; writes nothing."""
    return folder.is_dir() and _found(folder) != _known(queries.files(session))


def _found(folder: Path) -> dict[str, str]:
    return {path.name: _hash(path) for path in files_in(folder)}


def _known(files: dict[str, SurveyFile]) -> dict[str, str]:
    return {name: row.content_hash for name, row in files.items()}


def _note(session: Session, changes: list[Change], actor: HasId | str, now: datetime) -> None:
    who = "system" if actor == "system" else "official"
    verbs = {"published": "publish", "withdrawn": "withdraw"}
    for change in changes:
        if change.outcome in verbs and change.survey_id:
            details = {"version": change.version}
            record(session, actor, f"{who}:{verbs[change.outcome]}:survey", change.survey_id, details, now)


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"


def _apply(
    session: Session, folder: Path, found: dict[str, str], known: dict[str, SurveyFile], now: datetime
) -> list[Change]:
    changes = []
    owners = {row.survey_id: name for name, row in known.items() if row.survey_id and name in found}
    for name, content_hash in found.items():
        row = known.get(name)
        if row is not None and row.content_hash == content_hash:
            continue
        if row is None:
            row = SurveyFile(name=name, content_hash=content_hash, problems=[], checked_at=now)
            session.add(row)
        row.content_hash, row.checked_at = content_hash, now
        changes.append(_read(session, folder / name, row, owners, now))
    for name, row in known.items():
        if name not in found:
            session.delete(row)
            changes.append(Change(name, "withdrawn", row.survey_id))
    session.flush()
    _withdraw(session, now)
    return changes


def _read(session: Session, path: Path, row: SurveyFile, owners: dict[str, str], now: datetime) -> Change:
    try:
        definition = read_file(path)
        _free_for_folder(session, definition, path)
        owner = owners.setdefault(definition.id, path.name)
        if owner != path.name:
            cause = f"the form_id {definition.id!r} is taken by {owner}"
            problem = Problem(
                file=path.name, field="form_id", cause=cause, remedy="Give each survey an id of its own."
            )
            raise BrokenSurvey([problem])
    except BrokenSurvey as broken:
        row.problems = [problem.model_dump() for problem in broken.problems]
        for problem in broken.problems:
            logger.error("survey file refused: %s", problem)
        return Change(path.name, "broken", row.survey_id, problems=tuple(broken.problems))
    row.survey_id, row.problems = definition.id, []
    version, fresh = publish(session, definition, row.content_hash, now)
    if fresh:
        logger.info("survey %s published as version %s", definition.id, version)
    return Change(path.name, "published" if fresh else "unchanged", definition.id, version)


def _free_for_folder(session: Session, definition: SurveyDefinition, path: Path) -> None:
    """A survey that officials took over on their pages is not changed by a file behind their backs."""
    survey = queries.survey(session, definition.id)
    if survey is not None and survey.origin == DESK:
        cause = f"the survey {definition.id!r} is kept on the officials' pages now"
        remedy = "Upload the file there, or give it a form_id of its own."
        raise BrokenSurvey([Problem(file=path.name, field="form_id", cause=cause, remedy=remedy)])


def publish(
    session: Session, definition: SurveyDefinition, content_hash: str, now: datetime, origin: str = FOLDER
) -> tuple[int, bool]:
    """The number under which a definition is in force from now on, and whether it is a new one.

    Who has begun an earlier version finishes that. `content_hash` is one that no other definition has.
    """
    survey = session.get(Survey, definition.id, with_for_update=True)
    if survey is None:
        survey = Survey(id=definition.id, current=0, created_at=now)
        session.add(survey)
        session.flush()
    survey.withdrawn_at, survey.origin = None, origin
    content = definition.model_dump(mode="json")
    current = queries.version(session, survey.id, survey.current)
    if current is not None and queries.definition(current) == definition:  # a comment or a blank changed
        return survey.current, False
    survey.current += 1
    session.add(
        SurveyVersion(
            survey_id=survey.id,
            number=survey.current,
            content_hash=content_hash,
            definition=content,
            published_at=now,
        )
    )
    session.flush()
    return survey.current, True


def _withdraw(session: Session, now: datetime) -> None:
    """Surveys without a file are no longer offered; their answers stay."""
    in_folder = {row.survey_id for row in queries.files(session).values()}
    for published in queries.published(session):
        gone = published.survey.id not in in_folder
        if published.survey.origin == DESK:
            continue
        if gone and published.survey.withdrawn_at is None:
            published.survey.withdrawn_at = now
            logger.info("survey %s withdrawn", published.survey.id)
        elif not gone and published.survey.withdrawn_at is not None:
            published.survey.withdrawn_at = None
