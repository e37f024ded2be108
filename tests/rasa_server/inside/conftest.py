"""These tests run inside the Rasa environment; test_inside.py calls them there."""

from __future__ import annotations

import warnings

warnings.simplefilter("ignore")

from rasa_server import boot  # noqa: E402

boot.prepare()
