"""Each rule of knowledge that can be broken, one class a rule."""

from __future__ import annotations

from civic.kit.errors import Conflict, Invalid, NotFound


class UnreadableFile(Invalid):
    """The file cannot be read as a document; the sentence says why, the remedy what to do."""

    code = "unreadable_file"
    title = "This file cannot be read"


class UnknownFormat(UnreadableFile):
    """Files with this ending are not understood."""

    code = "unknown_format"
    title = "This kind of file is not understood"


class NameTaken(Conflict):
    """Another file that still exists gave a document with the same id."""

    code = "document_name_taken"
    title = "Another document has this id"


class UnknownDocument(NotFound):
    """There is no document with this id, or it was withdrawn."""

    code = "unknown_document"
    title = "There is no such document"


class UnknownQuestion(NotFound):
    """There is no question with this id in this conversation."""

    code = "unknown_question"
    title = "There is no such question"
