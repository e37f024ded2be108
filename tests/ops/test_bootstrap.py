"""The set-up says in one sentence what is wrong, skips what is unchanged, and redoes what was half made."""

from __future__ import annotations

import fcntl
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ops.checkout import ROOT, bootstrap, small_checkout, without_settings
from tools import bootstrap as set_up
from tools import interpreters, stamps
from tools.problems import Problem, pip_failed, too_little_space
from tools.progress import Progress
from tools.steps import Place, Step, all_steps, make_environment


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return small_checkout(tmp_path)


def test_a_missing_python_is_one_sentence_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path))
    with pytest.raises(
        Problem, match=r"Python 3\.4.* was not found.*pyenv install 3\.4.*PYTHON34="
    ) as problem:
        interpreters.find("3.4")
    assert "\n" not in str(problem.value)


def test_a_chosen_python_that_does_not_work_stops_the_set_up_at_once(checkout: Path) -> None:
    done = bootstrap(checkout, "--only", "rasa", PYTHON310="/nowhere/python3.10")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "PYTHON310 is set to /nowhere/python3.10, which is not a working Python 3.10; correct or unset it."
    )


def test_a_shim_that_refuses_is_passed_over_for_an_interpreter_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    shims, real = tmp_path / "shims", tmp_path / "pyenv" / "versions" / f"{version}.99" / "bin"
    for folder in (shims, real):
        folder.mkdir(parents=True)
    refusing = shims / f"python{version}"
    refusing.write_text("#!/bin/sh\necho 'pyenv: command not found' >&2; exit 127\n")
    refusing.chmod(0o755)
    (real / f"python{version}").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(shims))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv(f"PYTHON{version.replace('.', '')}", raising=False)
    assert interpreters.find(version) == str(real / f"python{version}")


@pytest.mark.parametrize("port", ["taken", "99999", "http"])
def test_a_port_that_cannot_be_used_is_known_before_anything_is_made(checkout: Path, port: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = str(other.getsockname()[1]) if port == "taken" else port
        done = bootstrap(checkout, "--check-port", FOLKMOOT_PORT=number)
    assert done.returncode == 1
    assert number in done.stderr
    assert "PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / "var").exists()


def test_too_little_space_is_said_up_front_with_both_figures(tmp_path: Path) -> None:
    problem = too_little_space(tmp_path / "not" / "there", 10**18)
    assert problem is not None
    assert "1000000000.0 GB" in str(problem)
    assert "Free some space" in str(problem)
    assert too_little_space(tmp_path, 1) is None


def test_a_disk_that_fills_up_meanwhile_is_one_sentence(checkout: Path) -> None:
    log = checkout / "var" / "log"
    log.mkdir(parents=True)
    (log / "setup-project.log").symlink_to("/dev/full")
    done = bootstrap(checkout, "--only", "project")
    assert done.returncode == 1
    assert "is full" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("home", ["/proc/folkmoot", "Makefile", "Makefile/inside"])
def test_a_folder_that_cannot_be_written_is_one_sentence(checkout: Path, home: str) -> None:
    done = bootstrap(checkout, "--only", "content", FOLKMOOT_HOME=home)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "FOLKMOOT_HOME" in done.stderr


@pytest.mark.parametrize(
    ("file", "broken", "said"),
    [
        ("content/services.yml", "services:\n  - code: [a\n", "services.yml, row 3"),
        ("content/surveys/broken.yml", "survey:\n  - type: [a\n", "broken.yml, line 3"),
        ("data/nlu/broken.yml", "nlu:\n- intent: greet\n examples: |\n", "data/nlu/broken.yml: line 3"),
        ("content/locales/en/broken.ftl", "good = Good\nbad { \n", "content/locales/en/broken.ftl: line 2"),
        ("content/policies/broken.md", b"caf\xe9", "content/policies/broken.md: byte 3 is not UTF-8"),
    ],
)
def test_a_broken_content_file_is_named_with_its_line(
    checkout: Path, file: str, broken: str | bytes, said: str
) -> None:
    (checkout / file).write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    done = bootstrap(checkout, "--only", "content")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_step_whose_inputs_did_not_change_is_skipped(checkout: Path) -> None:
    first = bootstrap(checkout, "--only", "content")
    assert (first.returncode, "done in" in first.stdout) == (0, True), first.stderr
    assert "unchanged" in bootstrap(checkout, "--only", "content").stdout
    with (checkout / "content" / "services.yml").open("a") as file:
        file.write("# a comment\n")
    assert "done in" in bootstrap(checkout, "--only", "content").stdout


def test_a_half_finished_step_is_redone(tmp_path: Path) -> None:
    runs: list[str] = []

    def breaking(progress: Progress) -> None:
        runs.append("run")
        if len(runs) == 1:
            raise KeyboardInterrupt

    step = Step("s", "A step", tmp_path / "stamp", ["input"], lambda: True, breaking)
    place = Place(tmp_path, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        set_up.make(step, place, Progress(1, 1, "A step"))
    assert not step.done(tmp_path)
    set_up.make(step, place, Progress(1, 1, "A step"))
    assert step.done(tmp_path)


def test_a_step_is_redone_when_its_result_is_gone_or_any_input_changed(tmp_path: Path) -> None:
    folder, result = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.yml").write_text("1")
    step = Step("s", "A step", tmp_path / "stamp", [folder], result.exists, lambda progress: result.touch())
    set_up.make(step, Place(tmp_path, tmp_path), Progress(1, 1, "A step"))
    assert step.done(tmp_path)
    result.unlink()
    assert not step.done(tmp_path)
    result.touch()
    (folder / "b.yml").write_text("2")
    assert not step.done(tmp_path)


def test_an_environment_left_half_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("# nothing\n")
    home = tmp_path / "env"
    (home / "bin").mkdir(parents=True)
    (home / ".folkmoot-half-made").touch()
    (home / "leftover").touch()
    place = Place(tmp_path, tmp_path / "var")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    make_environment(place, "env", home, version, lock, [], Progress(1, 1, "env"))
    assert not (home / "leftover").exists()
    assert not (home / ".folkmoot-half-made").exists()
    assert interpreters.answers(str(home / "bin" / "python"), version)
    lock.write_text("folkmoot-has-no-such-library==1.0\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Problem, match=r"folkmoot-has-no-such-library==1\.0.*setup-env\.log"):
        make_environment(place, "env", home, version, lock, [], Progress(1, 1, "env"))


def test_pip_without_a_network_says_so(tmp_path: Path) -> None:
    said = "WARNING: Failed to establish a new connection: [Errno 111]\nERROR: No matching distribution"
    problem = str(pip_failed(said, tmp_path / "requirements.lock", tmp_path / "log"))
    assert "could not reach the package index" in problem
    assert "Check the network" in problem


def test_a_second_set_up_waits_and_says_for_whom(checkout: Path) -> None:
    with (checkout / ".setup.lock").open("w") as lock:
        lock.write("4711\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "tools/bootstrap.py", "--only", "content"],
            cwd=checkout,
            env=without_settings(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert second.stdout is not None
        assert "process 4711) is at work here; waiting" in second.stdout.readline()
        time.sleep(0.3)
        assert second.poll() is None
    assert "done in" in second.stdout.read()
    assert second.wait(30) == 0


def test_every_step_that_the_readme_of_the_house_needs_is_there_in_order() -> None:
    names = [step.name for step in all_steps(Place(ROOT, ROOT / "var"))]
    assert names == ["app", "rasa", "project", "content", "encoder", "train"]


def test_compiled_files_are_no_input(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a")
    before = stamps.digest([tmp_path], tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert stamps.digest([tmp_path], tmp_path) == before
