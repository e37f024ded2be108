"""The fixture `stack`: one whole product for all tests of a run that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack import Stack, missing


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running product with its demonstration content; tests share it and keep to their own sessions."""
    if gone := missing():
        pytest.skip(f"not built yet: {', '.join(gone)}; run `make setup`")
    running = Stack(tmp_path_factory.mktemp("stack")).start()
    yield running
    running.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, all tests of the shared product go to one of them: one Rasa is enough."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))
            item.add_marker(pytest.mark.rasa)
