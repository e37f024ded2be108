"""Tests of what no database plays a part in run on one of the two.

`one_database` says so of a module or a test; `both_databases` takes a test of such a module out again: its
queries, its commit or its rollback are what it proves.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Replaces the two databases of the fixture `engine` by one, as a test would that says so itself."""
    test = metafunc.definition
    if "engine" not in metafunc.fixturenames or test.get_closest_marker("both_databases"):
        return
    if test.get_closest_marker("one_database"):
        test.add_marker(pytest.mark.parametrize("engine", ["sqlite"], indirect=True))
