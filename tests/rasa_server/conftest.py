"""A trained model and a running Rasa, made once for all tests of this folder."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.rasa_server.fakes import RASA_PYTHON, ROOT, ActionServer, RasaProcess

INPUTS = ("config.yml", "domain.yml", "data", "rasa_server", "civic/encoder/runtime.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all of these tests: they share one Rasa process."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("rasa"))
            item.add_marker(pytest.mark.rasa)


def home() -> Path:
    return Path(os.environ.get("FOLKMOOT_HOME") or ROOT / "var").resolve()


def newest_input() -> float:
    paths = [path for name in INPUTS for path in (ROOT / name, *(ROOT / name).rglob("*.[yp]*"))]
    return max(path.stat().st_mtime for path in paths if path.is_file())


@pytest.fixture(scope="session")
def rasa_home() -> Path:
    """The home folder with an encoder and a model that is not older than what it is made from."""
    if not RASA_PYTHON.exists():
        pytest.fail("the Rasa environment is missing: run `make setup`")
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "encoder" / "manifest.json").exists():
            run(sys.executable, "-m", "civic.encoder.export", "--out", str(folder / "encoder"), home=folder)
        models = sorted(path.stat().st_mtime for path in (folder / "models").glob("*.tar.gz"))
        if not models or models[-1] < newest_input():
            run(str(RASA_PYTHON), "-m", "rasa_server", "train", "--force", home=folder)
    return folder


def run(*command: str, home: Path) -> str:
    """Run a command in the checkout; a failure shows the end of what it said."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "FOLKMOOT_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="session")
def action_server() -> Iterator[ActionServer]:
    server = ActionServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('rasa') / 'test.db'}"
    with databases.migrated(url):
        yield url


@pytest.fixture(scope="session")
def running(
    rasa_home: Path, database: str, action_server: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RasaProcess]:
    log = tmp_path_factory.mktemp("rasa-log") / "rasa.log"
    process = RasaProcess(rasa_home, database, action_server, log)
    yield process
    process.close()


@pytest.fixture
def actions(action_server: ActionServer) -> ActionServer:
    """The action server, without the answers of an earlier test."""
    action_server.forget()
    return action_server


@pytest.fixture
def rasa(running: RasaProcess, actions: ActionServer) -> RasaProcess:
    return running
