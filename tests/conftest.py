"""What pytest loads for every test."""

import os

# Workers share the cores: more threads of theirs would only wait, spinning, for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")

pytest_plugins = [
    "tests.no_skips",
    "tests.fixtures",
    "tests.long_first",
    "tests.one_database",
    "tests.office",
    "tests.stack_fixture",
    "tests.worker_end",
]
