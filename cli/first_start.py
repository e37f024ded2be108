"""What happens before the first citizen comes: tables, demonstration content, a first official."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from civic.accounts import commands as accounts
from civic.accounts import queries as officials
from civic.accounts.rules import Role
from civic.kit.files import private_text
from civic.kit.services import Services
from migrations.upgrade import upgrade

FIRST_NAME = "town.clerk"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class FirstOfficial:
    """Who was made just now; the password is shown once and kept in the file."""

    name: str
    password: str
    file: Path


def migrate(services: Services) -> None:
    """Bring the database to the newest version; the home folder is made when it is not there."""
    services.settings.home.mkdir(parents=True, exist_ok=True)
    upgrade(services.engine)


def demonstration(services: Services, tell: Tell) -> list[str]:
    """Load the demonstration content once: what a town takes out afterwards never comes back by itself.

    Each part may be loaded twice without doubling anything, so an interrupted first start begins again.
    Returns a sentence for each file that could not be used; the others were.
    """
    loaded = services.settings.home / "setup" / "demonstration"
    if not services.settings.demonstration or loaded.exists():
        return []
    # What is needed at the first start only is loaded then only.
    from civic.service_requests import demo as service_requests
    from civic.surveys import demo as surveys

    problems = list(_documents(services, tell))
    with services.sessions.begin() as session:
        tell("open cases and a survey")
        service_requests.load_demo(session, services.clock.now(), services)
        surveys.load_demo(session, services.clock.now(), services.settings.content / "demo" / "surveys")
    loaded.parent.mkdir(parents=True, exist_ok=True)
    loaded.write_text(services.clock.now().isoformat() + "\n", encoding="utf-8")
    return problems


def _documents(services: Services, tell: Tell) -> Iterator[str]:
    # Readers of documents are large: loaded at the first start only.
    from civic.knowledge.encoding import Encoding
    from civic.knowledge.jobs import import_files

    folder = services.settings.content / "policies"
    total = sum(1 for path in folder.rglob("*") if path.is_file())
    results = import_files(services.sessions, services.get(Encoding).current(), [folder], services.clock)
    for number, result in enumerate(results, start=1):
        tell(f"policy documents, {number} of {total}")
        for problem in result.problems:
            yield f"{result.path}: {problem}"


def first_official(services: Services) -> FirstOfficial | None:
    """Make an administrator when there is no official at all; None when there is one already.

    The password goes to its file first: a crash in between must not lock everybody out.
    """
    with services.sessions.begin() as session:
        if officials.how_many(session):
            return None
        file = services.settings.home / "first-official.txt"
        words = private_text(file, lambda: f"name: {FIRST_NAME}\npassword: {secrets.token_urlsafe(15)}")
        password = words.rpartition("password: ")[2].strip()
        accounts.add_official(session, FIRST_NAME, Role.ADMIN, password, services.clock.now())
        return FirstOfficial(FIRST_NAME, password, file)
