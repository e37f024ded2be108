"""Imports files, each in a transaction of its own: a bad file never costs a good one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from civic.kit.clock import Clock
from civic.kit.db import Sessions, read_session
from civic.knowledge import commands, queries
from civic.knowledge.errors import NameTaken, UnreadableFile
from civic.knowledge.importing import ImportedDocument, find_files, parse
from civic.knowledge.importing.types import slug
from civic.knowledge.index import Encoder
from civic.knowledge.prepare import PreparedDocument, prepare

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

    @property
    def failed(self) -> bool:
        """Whether nothing of the file could be used."""
        return bool(self.problems) and not (self.added or self.replaced or self.unchanged)


def import_files(
    sessions: Sessions,
    encoder: Encoder,
    paths: Iterable[Path],
    clock: Clock,
    *,
    name: str | None = None,
    progress: Progress | None = None,
) -> Iterator[FileResult]:
    """Imports each file as a whole or not at all; `name` replaces the id of a file's single document."""
    seen: dict[str, Path] = {}
    for path in find_files(paths):
        result = FileResult(path)
        try:
            documents = _read(path, result, name, seen)
            _import(sessions, encoder, documents, clock, result, progress)
        except (UnreadableFile, NameTaken) as error:
            result = FileResult(path, problems=[f"{error.detail} {error.remedy}".strip()])
        except IntegrityError:
            # Another import stored the same document in between: what it stored is complete.
            result = FileResult(path, problems=["Another import is storing this document now. Run it again."])
        yield result


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


def _import(
    sessions: Sessions,
    encoder: Encoder,
    documents: list[ImportedDocument],
    clock: Clock,
    result: FileResult,
    progress: Progress | None,
) -> None:
    source = str(result.path.resolve())
    fresh = _without_unchanged(sessions, encoder, documents, source)
    result.unchanged = len(documents) - len(fresh)
    # All the slow work comes before the transaction, which holds the one lock on the database.
    prepared: list[PreparedDocument] = []
    for document in fresh:
        before = sum(len(one.passages) for one in prepared)

        def report(done: int, total: int, before: int = before) -> None:
            if progress:
                progress(result.path, before + done, before + total)

        prepared.append(prepare(document, encoder, report))
    if not prepared:
        return
    with sessions.begin() as session:
        for one in prepared:
            stored = commands.store(session, one, source=source, now=clock.now())
            match stored.outcome:
                case "added":
                    result.added += 1
                case "replaced":
                    result.replaced += 1
                case "unchanged":
                    result.unchanged += 1
            if stored.outcome != "unchanged":
                result.passages += len(one.passages)


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
