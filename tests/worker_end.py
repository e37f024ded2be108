"""A worker clears up before it says that it is done; who takes long afterwards is interrupted."""

from __future__ import annotations

import gc

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Garbage is collected now, with its warnings; what is left is not walked through again.

    Five seconds after its last word a worker gets a Ctrl-C, and thousands of tests leave much to walk.
    """
    gc.collect()
    gc.freeze()
