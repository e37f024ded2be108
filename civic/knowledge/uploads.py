"""A file that an official uploads: read like any other file, and noted in the audit."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import BinaryIO

from civic.audit.commands import HasId, record
from civic.kit.services import Services
from civic.knowledge import jobs
from civic.knowledge.encoding import Encoding
from civic.knowledge.errors import TooLarge, UnknownFormat, UnreadableFile
from civic.knowledge.importing import FORMATS
from civic.knowledge.importing.types import slug


def upload(
    services: Services, official: HasId, filename: str, file: BinaryIO, *, name: str | None = None
) -> jobs.FileResult:
    """Puts the file's documents into force; raises `TooLarge` or `UnreadableFile` when it cannot be used.

    An upload with the id of a document, or the name of its file, is its next version: officials see the
    list, and mean it.
    """
    most = services.settings.max_document_megabytes * 1_000_000
    ending = Path(filename).suffix.lower()
    if ending not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise UnknownFormat(
            f"Files with the ending {ending[:20] or '(none)'} are not read.", remedy=f"Use {known}."
        )
    data = file.read(most + 1)
    if len(data) > most:
        raise TooLarge(
            f"It is larger than {services.settings.max_document_megabytes} MB.", remedy="Split it into parts."
        )
    with tempfile.TemporaryDirectory() as folder:
        # Only the plain name is kept: a path in it would lead out of the folder.
        path = Path(folder) / f"{slug(name or Path(filename).stem)}{ending}"
        path.write_bytes(data)
        (result,) = jobs.import_files(
            services.sessions,
            services.get(Encoding).current(),
            [path],
            services.clock,
            name=name,
            source=f"upload:{slug(Path(filename).stem)}{ending}",
        )
    if result.failed:
        raise UnreadableFile(result.problems[0])
    with services.sessions.begin() as session:
        for document_id in result.documents:
            details = {"outcome": "replaced" if result.replaced else "added"}
            record(session, official, "official:upload:document", document_id, details, services.clock.now())
    return result
