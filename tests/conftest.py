"""What pytest loads for every test."""

pytest_plugins = [
    "tests.no_skips",
    "tests.fixtures",
    "tests.office",
    "tests.stack_fixture",
    "tests.worker_end",
]
