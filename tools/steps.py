"""The steps from a clean checkout to everything `folkmoot up` needs, in order."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import interpreters, stamps
from tools.problems import NO_SPACE, Problem, disk_full, pip_failed
from tools.progress import Progress
from tools.running import Failed, logged

APP, RASA = ".venv", ".venv-rasa"
RASA_PROJECT = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "data")


@dataclass(frozen=True)
class Place:
    """Where the checkout is and where it may write."""

    root: Path
    home: Path

    def python(self, environment: str) -> Path:
        return self.root / environment / "bin" / "python"

    def log(self, name: str) -> Path:
        return self.home / "log" / f"setup-{name}.log"


@dataclass(frozen=True)
class Step:
    """One thing to make; done when its stamp carries the hash of its inputs and the result is there."""

    name: str
    title: str
    stamp: Path
    inputs: Sequence[Path | str]
    present: Callable[[], bool]
    make: Callable[[Progress], None]
    megabytes: int = 0

    def done(self, root: Path) -> bool:
        return self.present() and stamps.matches(self.stamp, stamps.digest(self.inputs, root))


def all_steps(place: Place) -> list[Step]:
    """Every step in the order in which they build on each other."""
    root, home = place.root, place.home
    app_lock, rasa_lock = root / "requirements.lock", root / "rasa_server" / "requirements.lock"
    encoder_code = root / "civic" / "encoder"
    return [
        environment(place, "app", "Libraries of the application", APP, "3.11", app_lock, [], 2600),
        environment(place, "rasa", "Libraries of Rasa", RASA, "3.10", rasa_lock, ["--no-deps"], 1100),
        Step(
            "project",
            "Folkmoot itself",
            root / APP / ".folkmoot-project",
            [str(root), root / "pyproject.toml", app_lock],
            lambda: (root / APP / "bin" / "folkmoot").exists(),
            lambda progress: install_project(place, progress),
        ),
        Step(
            "content",
            "Content files",
            home / "setup" / "content",
            [*(root / name for name in RASA_PROJECT), root / "content", root / "cli" / "check.py", app_lock],
            lambda: True,
            lambda progress: check_content(place, progress),
        ),
        Step(
            "encoder",
            "Sentence encoder",
            home / "setup" / "encoder",
            [encoder_code, app_lock],
            lambda: (home / "encoder" / "manifest.json").exists(),
            lambda progress: build_encoder(place, progress),
            300,
        ),
        Step(
            "train",
            "Training of Rasa",
            home / "setup" / "train",
            [*(root / name for name in RASA_PROJECT), root / "rasa_server", encoder_code, app_lock],
            lambda: any((home / "models").glob("*.tar.gz")),
            lambda progress: train(place, progress),
            200,
        ),
    ]


def environment(
    place: Place,
    name: str,
    title: str,
    folder: str,
    version: str,
    lock: Path,
    options: list[str],
    megabytes: int,
) -> Step:
    """An environment of that Python version with exactly the lock file's libraries."""
    home = place.root / folder
    return Step(
        name,
        title,
        home / ".folkmoot-libraries",
        [f"python {version}", lock],
        lambda: interpreters.answers(str(place.python(folder)), version),
        lambda progress: make_environment(place, name, home, version, lock, options, progress),
        megabytes,
    )


def make_environment(
    place: Place, name: str, home: Path, version: str, lock: Path, options: list[str], progress: Progress
) -> None:
    """Make it anew if there is none, the wrong one or one left half made; else bring it up to date."""
    if not lock.is_file():
        raise Problem(
            f"{lock.relative_to(place.root)} is missing; get it back with `git checkout {lock.name}`."
        )
    half_made = home / ".folkmoot-half-made"
    python = home / "bin" / "python"
    if half_made.exists() or not interpreters.answers(str(python), version) or not has_pip(python):
        progress.update(note="making the environment")
        with_this = interpreters.find(version)
        if home.exists():
            shutil.rmtree(home)
        home.mkdir(parents=True)
        half_made.touch()
        create_venv(with_this, home, version, place)
    half_made.touch()
    install(python, lock, options, place.log(name), place.root, progress)
    half_made.unlink()


def create_venv(interpreter: str, home: Path, version: str, place: Place) -> None:
    """Run that interpreter's own `venv`; some systems package it apart, and then the sentence says so."""
    made = subprocess.run(
        [interpreter, "-m", "venv", str(home)], cwd=place.root, capture_output=True, text=True, check=False
    )
    if made.returncode:
        if NO_SPACE in made.stdout + made.stderr:
            raise disk_full(home)
        raise Problem(
            f"{interpreter} could not make an environment in {home.name} (on Debian its `venv` is a package "
            f"of its own: `apt install python{version}-venv`). "
            f"It said: {(made.stderr or made.stdout).strip()[-300:]}"
        )


def has_pip(python: Path) -> bool:
    return (
        subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False).returncode
        == 0
    )


def install(python: Path, lock: Path, options: list[str], log: Path, root: Path, progress: Progress) -> None:
    """Install what the lock file names; pip's own configuration decides from where."""
    count = sum(
        1 for line in lock.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] not in "#-"
    )
    seen: set[str] = set()

    def line_seen(line: str) -> None:
        found = re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9_.\-]+)", line)
        if found:
            seen.add(found.group(1).lower())
            progress.update(0.7 * len(seen) / max(count, 1), found.group(1))
        elif line.startswith("Installing collected"):
            progress.update(0.75, "installing")
        else:
            progress.update()

    command = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "--requirement", str(lock), *options]
    try:
        logged(command, log, root, line_seen)
    except Failed as failure:
        if NO_SPACE in failure.output:
            raise disk_full(python.parent) from None
        raise pip_failed(failure.output, lock, log) from None


def install_project(place: Place, progress: Progress) -> None:
    """Make `folkmoot` a command of the application's environment, straight from the checkout."""
    command = [str(place.python(APP)), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-build-isolation", "--editable", str(place.root)]
    try:
        logged(command, place.log("project"), place.root, lambda line: progress.update(note=line[:60]))
    except Failed as failure:
        if NO_SPACE in failure.output:
            raise disk_full(place.root) from None
        raise Problem(f"Folkmoot itself could not be installed into {APP}:\n{failure.tail}") from None


def check_content(place: Place, progress: Progress) -> None:
    """Read every file that a designer edits, before minutes are spent on training with a broken one."""
    checked = subprocess.run(
        [str(place.python(APP)), "-m", "cli.check"],
        cwd=place.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if checked.returncode:
        raise Problem(
            (checked.stdout.strip() or checked.stderr.strip())
            + "\nCorrect it and run the same command again."
        )


def build_encoder(place: Place, progress: Progress) -> None:
    """Export the sentence encoder to the form that both environments run."""
    command = [str(place.python(APP)), "-m", "civic.encoder.export", "--out", str(place.home / "encoder")]
    run_with_progress(command, "encoder", "The sentence encoder could not be built", place, progress)


def train(place: Place, progress: Progress) -> None:
    """Train Rasa on the files in `data/`; the model that was in use stays until the new one is complete."""
    command = [str(place.python(RASA)), "-m", "rasa_server", "train", "--out", str(place.home / "models")]
    run_with_progress(command, "train", "Rasa could not be trained", place, progress)


def run_with_progress(command: list[str], name: str, failed: str, place: Place, progress: Progress) -> None:
    """Run one of our programs; lines such as `2/4 Tracing` move the bar, a failure shows the log's end."""

    def line_seen(line: str) -> None:
        counted = re.match(r"(\d+)/(\d+) (.+)", line)
        if counted:
            progress.update((int(counted.group(1)) - 1) / int(counted.group(2)), counted.group(3))
        else:
            progress.update(note=re.sub(r"\x1b\[[0-9;]*m", "", line)[:60])

    log = place.log(name)
    try:
        logged(command, log, place.root, line_seen, {"FOLKMOOT_HOME": str(place.home)})
    except Failed as failure:
        if NO_SPACE in failure.output:
            raise disk_full(place.home) from None
        raise Problem(f"{failed}; the end of {log}:\n{failure.tail}") from None
