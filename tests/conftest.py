"""What pytest loads for every test."""

pytest_plugins = ["tests.fixtures"]
