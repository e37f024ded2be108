"""What stops a command, said in one sentence with its remedy instead of a traceback."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Stop(Exception):
    """The command cannot go on; the message says why and what to do."""


@contextmanager
def sentences() -> Iterator[None]:
    """Turn the failures an operator can put right into a sentence on stderr and exit code 1."""
    try:
        yield
    except Stop as stop:
        _end(str(stop))
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        _end(sentence)


def _sentence(error: Exception) -> str | None:
    """What to say of an error; None when it is none of the operator's."""
    # Loaded only now: a command that is content with its settings and its port needs no database for that.
    from sqlalchemy.exc import OperationalError

    from civic.encoder.errors import EncoderError
    from civic.kit.errors import FolkmootError

    if isinstance(error, FolkmootError):
        return f"{error.detail} {error.remedy}".strip()
    if isinstance(error, EncoderError):
        return str(error)
    if isinstance(error, OperationalError):
        return (
            f"The database cannot be used: {str(error.orig).strip().splitlines()[0]}. "
            "Check FOLKMOOT_DATABASE_URL, that the server runs, and that its disk is not full."
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full. Free some space and start again; nothing that was confirmed is lost."
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return (
            f"{error.filename} cannot be used ({error.strerror}). "
            "Give your user the right to, or choose another folder with FOLKMOOT_HOME."
        )
    return None


def _end(sentence: str) -> None:
    print(f"\n{sentence}", file=sys.stderr)
    raise SystemExit(1)
