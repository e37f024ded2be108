"""Writes `requirements.lock`: what the project needs of what is installed in `.venv`, each at its version.

    .venv/bin/python tools/lock.py

Starts at the names in pyproject.toml and follows what each library itself requires. Left out: `nvidia-*` and
other parts of a GPU build (pip adds them where its index offers one), and the local part of a version such as
`2.13.0+cpu`.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import tomllib
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("nvidia-", "cuda-", "triton")
HEAD = "# Made by `make lock` from the environment that passed the tests; change pyproject.toml first.\n"


def main() -> int:
    """Write the lock file, or name what pyproject.toml asks for and the environment lacks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        Requirement(text) for text in project["build-system"]["requires"] + project["project"]["dependencies"]
    ]
    for group in project["project"].get("optional-dependencies", {}).values():
        wanted += [Requirement(text) for text in group]
    found, missing = closure(wanted)
    if missing:
        print(
            f"Not installed in this environment: {', '.join(sorted(missing))}. Install them first.",
            file=sys.stderr,
        )
        return 1
    lines = [f"{name}=={version}\n" for name, version in sorted(found.items())]
    (ROOT / "requirements.lock").write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"requirements.lock: {len(lines)} libraries")
    return 0


def closure(wanted: list[Requirement]) -> tuple[dict[str, str], set[str]]:
    """Everything reachable from these requirements, and the names asked for but not installed."""
    found: dict[str, str] = {}
    missing: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name.startswith(LEFT_OUT) or (
            requirement.marker and not requirement.marker.evaluate({"extra": extra})
        ):
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            missing.add(name)
            continue
        found[name] = installed.version.partition("+")[0]
        for chosen in ("", *sorted(requirement.extras)):
            if (name, chosen) not in seen:
                seen.add((name, chosen))
                waiting += [(Requirement(text), chosen) for text in installed.requires or []]
    return found, missing


if __name__ == "__main__":
    sys.exit(main())
