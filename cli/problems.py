"""What stops a command, said in one sentence with its remedy instead of a traceback."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from civic.encoder.errors import EncoderError
from civic.kit.errors import FolkmootError


class Stop(Exception):
    """The command cannot go on; the message says why and what to do."""


@contextmanager
def sentences() -> Iterator[None]:
    """Turn the failures an operator can put right into a sentence on stderr and exit code 1."""
    try:
        yield
    except Stop as stop:
        _end(str(stop))
    except FolkmootError as error:
        _end(f"{error.detail} {error.remedy}".strip())
    except EncoderError as error:
        _end(str(error))
    except OperationalError as error:
        _end(
            f"The database cannot be used: {str(error.orig).strip().splitlines()[0]}. "
            "Check FOLKMOOT_DATABASE_URL, that the server runs, and that its disk is not full."
        )
    except OSError as error:
        if error.errno == errno.ENOSPC:
            _end("The disk is full. Free some space and start again; nothing that was confirmed is lost.")
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            _end(
                f"{error.filename} cannot be used ({error.strerror}). "
                "Give your user the right to, or choose another folder with FOLKMOOT_HOME."
            )
        raise


def _end(sentence: str) -> None:
    print(f"\n{sentence}", file=sys.stderr)
    raise SystemExit(1)
