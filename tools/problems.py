"""What stops a set-up, said in one sentence with its remedy."""

from __future__ import annotations

import errno
import re
import shutil
import socket
from pathlib import Path

NO_SPACE = "No space left on device"
CONNECTION_SIGNS = (
    "Failed to establish a new connection",
    "NameResolutionError",
    "Network is unreachable",
    "ConnectionResetError",
    "ProxyError",
    "Temporary failure in name resolution",
    "Read timed out",
)


UNWRITABLE = (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EEXIST)


class Problem(Exception):
    """Something the reader can put right: `str(problem)` says what is wrong and what to do."""


def disk_full(folder: Path) -> Problem:
    """The sentence for a disk that filled up while we worked."""
    free = shutil.disk_usage(nearest(folder)).free
    return Problem(
        f"The disk that holds {folder} is full ({gigabytes(free)} left). "
        "Free some space and run the same command again; it goes on where it stopped."
    )


def unwritable(error: OSError, folder: Path) -> Problem:
    """The sentence for a folder that we may not write."""
    return Problem(
        f"{error.filename or folder} cannot be written ({(error.strerror or str(error)).lower()}). Give your "
        "user the right to, or choose another folder: FOLKMOOT_HOME=/some/folder make run."
    )


def too_little_space(folder: Path, needed: int) -> Problem | None:
    """A problem when the disk of `folder` has less than `needed` bytes free, else None."""
    free = shutil.disk_usage(nearest(folder)).free
    if free >= needed:
        return None
    return Problem(
        f"The set-up needs about {gigabytes(needed)} on the disk that holds {folder}, and {gigabytes(free)} "
        "is free. Free some space, or move the checkout (and FOLKMOOT_HOME) to a larger disk."
    )


def busy_port(host: str, port: int) -> Problem | None:
    """A problem when something already listens on the port, else None."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return Problem(
                f"Port {port} needs rights you do not have; choose one above 1023, such as PORT=8000."
            )
        except OSError as error:
            return Problem(
                f"Port {port} on {host} cannot be used ({(error.strerror or str(error)).lower()}): another "
                "program, perhaps Folkmoot itself, has it. Stop that program, or choose another port: "
                f"PORT={(port + 10) % 65536} make run."
            )
    return None


def pip_failed(output: str, lock: Path, log: Path) -> Problem:
    """Say why pip gave up, from what it printed."""
    where = f"The whole output is in {log}."
    if any(sign in output for sign in CONNECTION_SIGNS):
        return Problem(
            f"pip could not reach the package index while installing {lock.name}. Check the network, or "
            f"pip's own settings (`pip config list`), and run the same command again. {where}"
        )
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if missing:
        return Problem(
            f"pip found no {missing.group(1)} for this machine. Check that pip's index has it "
            f"(`pip config list` shows which one it asks), then run the same command again. {where}"
        )
    errors = [line.strip() for line in output.splitlines() if line.lstrip().upper().startswith("ERROR")]
    reason = errors[-1] if errors else "it said nothing"
    return Problem(
        f"pip could not install {lock.name}: {reason} Put that right and run the same command again. {where}"
    )


def nearest(folder: Path) -> Path:
    """The folder itself, or the nearest parent that exists."""
    folder = folder.resolve()
    while not folder.exists():
        folder = folder.parent
    return folder


def gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
