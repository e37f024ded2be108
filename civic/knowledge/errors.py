"""Each rule of knowledge that can be broken, one class a rule."""

from __future__ import annotations

from civic.kit.errors import Conflict, Forbidden, Invalid, NotFound


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


class AnsweredAlready(Conflict):
    """Somebody answered this question before."""

    code = "answered_already"
    title = "This question was answered already"


class NotOpen(Conflict):
    """Nobody passed this question on, and nobody found its answer unhelpful."""

    code = "question_not_open"
    title = "This question does not wait for an answer"


class UnknownOfficialAnswer(NotFound):
    """There is no official's answer with this id."""

    code = "unknown_answer"
    title = "There is no such answer"


class DecidedAlready(Conflict):
    """The answer does not wait for a decision."""

    code = "decided_already"
    title = "This answer does not wait for approval"


class OwnAnswer(Forbidden):
    """Somebody else than its author puts an answer into the knowledge."""

    code = "own_answer"
    title = "Your own answer is approved by somebody else"


class PublicWordingNeeded(Invalid):
    """An answer for everybody needs a question for everybody, without anybody's data."""

    code = "public_wording_needed"
    title = "The public question cannot be used"


class AlreadyOver(Invalid):
    """The last day of validity lies in the past."""

    code = "already_over"
    title = "This day is past"


class InForceAlready(Conflict):
    """The version that should come back is the one in force."""

    code = "in_force_already"
    title = "This version is in force"


class TooLarge(Invalid):
    """The file is larger than the settings allow."""

    code = "document_too_large"
    title = "This file is too large"
