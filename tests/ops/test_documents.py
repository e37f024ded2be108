"""What the README promises is so."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import tomllib
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from civic.kit.settings import Settings
from tests.stack import FOLKMOOT
from tools.settings_table import table

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "deploy").rglob("*.md"),
]
LOCKS = ["requirements.lock", "rasa_server/requirements.lock", "benchmarks/stock-rasa.lock"]


def test_every_setting_is_in_the_table_with_its_default() -> None:
    rows = re.findall(r"^\| `FOLKMOOT_(\w+)` ", README, re.MULTILINE)
    assert rows == [name.upper() for name in Settings.model_fields]
    assert len(rows) > 20
    assert table() in README, "run tools/settings_table.py and put what it prints into the README"


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description and field.description.endswith((".", "...")), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_files_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_names_every_command_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)) - {"help"}
    assert {target for target in targets if f"make {target}" not in README} == set()


def test_the_folkmoot_command_has_the_parts_the_readme_names() -> None:
    said = subprocess.run([FOLKMOOT, "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for part in ("up", "serve", "knowledge", "officials", "survey", "migrate", "check"):
        assert re.search(rf"│ {part} ", said), part


def test_the_content_files_of_the_house_pass_their_own_check() -> None:
    said = subprocess.run([FOLKMOOT, "check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout.strip()) == (0, "The content files have no mistakes.")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_pins_every_library_and_names_no_place(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert len(pinned) > 80
    for line in pinned:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!]+", line), line
        assert not line.startswith("nvidia"), line


def test_the_lock_file_has_everything_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(one for group in project["optional-dependencies"].values() for one in group),
    ]
    locked = {
        canonicalize_name(line.partition("==")[0])
        for line in (ROOT / "requirements.lock").read_text().splitlines()
    }
    assert {canonicalize_name(Requirement(one).name) for one in wanted} - locked == set()


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
