"""Imports files, each as a whole or all of them as one; ends what expired; encodes anew."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from civic.audit.commands import HasId
from civic.kit.clock import Clock
from civic.kit.db import Sessions, read_session
from civic.knowledge import commands, queries
from civic.knowledge.errors import NameTaken, UnknownDocument, UnreadableFile
from civic.knowledge.importing import ImportedDocument, find_files, parse
from civic.knowledge.importing.types import slug
from civic.knowledge.index import Encoder
from civic.knowledge.models import Document
from civic.knowledge.prepare import PreparedDocument, prepare, prepare_again
from civic.knowledge.validity import town_day

log = logging.getLogger(__name__)

Progress = Callable[[Path, int, int], None]
"""Told while a file is encoded: the file, passages done, passages in all (as far as known)."""


@dataclass
class FileResult:
    """What became of one file; `problems` are sentences, with what to do about each."""

    path: Path
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    passages: int = 0
    problems: list[str] = field(default_factory=list)
    # The versions that are in force because of this import.
    documents: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether nothing of the file could be used."""
        return bool(self.problems) and not (self.added or self.replaced or self.unchanged)


# Another import may store the same document in the very moment: what it stored is looked at then.
_TRIES = 5


def import_files(
    sessions: Sessions,
    encoder: Encoder,
    paths: Iterable[Path],
    clock: Clock,
    *,
    name: str | None = None,
    source: str | None = None,
    progress: Progress | None = None,
) -> Iterator[FileResult]:
    """Imports each file as a whole or not at all; `name` replaces the id of a file's single document.

    `source` is where a file is said to come from, when not from its path.
    """
    seen: dict[str, Path] = {}
    for path in find_files(paths):
        result = FileResult(path)
        try:
            ready = _ready(sessions, encoder, path, result, name, seen, progress, source)
            _store(sessions, [ready], clock)
        except (UnreadableFile, NameTaken) as error:
            result = FileResult(path, problems=[f"{error.detail} {error.remedy}".strip()])
        except IntegrityError:
            result = FileResult(path, problems=["Another import is storing this document now. Run it again."])
        yield result


def import_together(
    sessions: Sessions,
    encoder: Encoder,
    paths: Iterable[Path],
    clock: Clock,
    *,
    progress: Progress | None = None,
) -> list[FileResult]:
    """Imports all files in one transaction, or none of them when one has a problem."""
    seen: dict[str, Path] = {}
    ready: list[_Ready] = []
    bad: list[FileResult] = []
    for path in find_files(paths):
        result = FileResult(path)
        try:
            ready.append(_ready(sessions, encoder, path, result, None, seen, progress))
        except (UnreadableFile, NameTaken) as error:
            result = FileResult(path, problems=[f"{error.detail} {error.remedy}".strip()])
        if result.problems:
            bad.append(result)
    if bad:
        return bad
    try:
        _store(sessions, ready, clock)
    except NameTaken as error:  # another import was faster, with a file of the same name
        return [FileResult(ready[0].result.path, problems=[f"{error.detail} {error.remedy}".strip()])]
    return [one.result for one in ready]


@dataclass
class _Ready:
    """A file that was read and encoded, and only has to be stored."""

    result: FileResult
    source: str
    prepared: list[PreparedDocument]
    unchanged: int


def _ready(
    sessions: Sessions,
    encoder: Encoder,
    path: Path,
    result: FileResult,
    name: str | None,
    seen: dict[str, Path],
    progress: Progress | None,
    source: str | None = None,
) -> _Ready:
    """All the slow work of one file, before the transaction, which holds the one lock on the database."""
    documents = _read(path, result, name, seen)
    source = source or str(path.resolve())
    fresh = _without_unchanged(sessions, encoder, documents, source)
    prepared: list[PreparedDocument] = []
    for document in fresh:
        before = sum(len(one.passages) for one in prepared)

        def report(done: int, total: int, before: int = before) -> None:
            if progress:
                progress(path, before + done, before + total)

        prepared.append(prepare(document, encoder, report))
    return _Ready(result, source, prepared, len(documents) - len(fresh))


def _store(sessions: Sessions, files: list[_Ready], clock: Clock) -> None:
    """Stores files in one transaction; tries again when another import stored one of them meanwhile."""
    for left in reversed(range(_TRIES)):
        try:
            _store_once(sessions, files, clock)
            return
        except IntegrityError:
            if not left:
                raise


def _store_once(sessions: Sessions, files: list[_Ready], clock: Clock) -> None:
    for one in files:
        fresh = FileResult(one.result.path, unchanged=one.unchanged, problems=one.result.problems)
        one.result.__dict__.update(fresh.__dict__)
    if not any(one.prepared for one in files):
        return
    with sessions.begin() as session:
        # First of all, so that imports wait for each other here and never cross.
        commands.touch(session)
        for one in files:
            for prepared in one.prepared:
                stored = commands.store(session, prepared, source=one.source, now=clock.now())
                _count(one.result, stored, len(prepared.passages))


def _count(result: FileResult, stored: commands.Stored, passages: int) -> None:
    match stored.outcome:
        case "added":
            result.added += 1
        case "replaced":
            result.replaced += 1
        case "unchanged":
            result.unchanged += 1
    if stored.outcome != "unchanged":
        result.passages += passages
        result.documents.append(stored.document.id)


def _read(path: Path, result: FileResult, name: str | None, seen: dict[str, Path]) -> list[ImportedDocument]:
    try:
        content = parse(path)
    except UnreadableFile:
        raise
    except Exception as error:
        # Parsers meet files that nobody foresaw; one of them must not end the import of the others.
        log.warning("an importer failed with %s", type(error).__name__, exc_info=True)
        raise UnreadableFile(
            f"The file is damaged in a way we do not know ({type(error).__name__}).",
            remedy="Open it in its own program and save it anew.",
        ) from error
    result.problems += content.problems
    documents = content.documents
    if name is not None and len(documents) == 1:
        documents = [replace(documents[0], key=slug(name), named=True)]
    for document in documents:
        if document.key in seen:
            raise NameTaken(
                f"{seen[document.key].name} has the id {document.key!r} too.",
                remedy="Rename one of the files, or give it another `id` in its front matter.",
            )
    seen.update((document.key, path) for document in documents)
    return documents


def _without_unchanged(
    sessions: Sessions, encoder: Encoder, documents: list[ImportedDocument], source: str
) -> list[ImportedDocument]:
    """The documents that are new or changed; refuses a foreign file before it is encoded in vain."""
    fresh = []
    with read_session(sessions) as session:
        for document in documents:
            old = queries.current(session, document.key)
            if old is not None and commands.is_same(old, document.content_hash, encoder.digest):
                continue
            if old is not None:
                commands.refuse_other_source(old, document, source)
            fresh.append(document)
    return fresh


def reindex(sessions: Sessions, encoder: Encoder, progress: Callable[[int, int], None] | None = None) -> int:
    """Encodes anew what another encoder had encoded; returns how many documents that were."""
    with read_session(sessions) as session:
        stale = [one.id for one in queries.current_documents(session) if one.encoder != encoder.digest]
    for done, document_id in enumerate(stale, start=1):
        with sessions.begin() as session:
            commands.encode_again(session, document_id, encoder)
        if progress:
            progress(done, len(stale))
    return len(stale)


def expire(sessions: Sessions, clock: Clock, zone: str) -> int:
    """Ends every document whose last day is over in the town; returns how many."""
    now = clock.now()
    today = town_day(now, zone)
    with read_session(sessions) as session:  # nearly always there is nothing to do, and no lock to take
        if not queries.over(session, today):
            return 0
    with sessions.begin() as session:
        ended = commands.expire(session, today, now)
    if ended:
        log.info("%d documents expired", len(ended))
    return len(ended)


def restore(
    sessions: Sessions,
    encoder: Callable[[], Encoder],
    actor: HasId | str,
    document_id: str,
    clock: Clock,
    zone: str,
    valid_until: date | None = None,
) -> Document:
    """Puts an earlier version into force again; its passages are encoded before anything is changed."""
    with read_session(sessions) as session:
        old = session.get(Document, document_id)
        if old is None:
            raise UnknownDocument
        passages = queries.passages(session, old.id)
        today = town_day(clock.now(), zone)
        commands.refuse_past(valid_until, today)
        prepared = prepare_again(old, passages, encoder(), valid_until)
    with sessions.begin() as session:
        return commands.restore(session, actor, document_id, prepared, today, clock.now())
