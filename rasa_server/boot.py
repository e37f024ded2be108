"""Start Rasa quickly and safely: no TensorFlow, our patches, our defaults; then it is plain Rasa."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rasa_server import without_tensorflow

# Rasa's own defaults would listen on every address and keep models and caches in the checkout.
DEFAULTS: dict[str, tuple[tuple[str, ...], str]] = {
    "interface": (("-i", "--interface"), "127.0.0.1"),
    "model": (("-m", "--model"), "{models}"),
    "out": (("--out",), "{models}"),
    "name": (("--fixed-model-name",), "folkmoot"),
}
WANTED = {"run": ("interface", "model"), "shell": ("model",), "train": ("out", "name")}


def home() -> Path:
    """The folder of everything the product writes."""
    return Path(os.environ.get("FOLKMOOT_HOME") or "var")


def set_environment() -> None:
    """Fill in what the configuration files refer to, where the operator has not chosen otherwise."""
    folder = home().resolve()
    port = os.environ.get("FOLKMOOT_PORT") or "8000"
    chosen = {
        "FOLKMOOT_ENCODER_DIR": str(folder / "encoder"),
        "FOLKMOOT_DATABASE_URL": f"sqlite:///{folder / 'folkmoot.db'}",
        "FOLKMOOT_ACTION_URL": f"http://127.0.0.1:{port}/rasa/actions",
        "FOLKMOOT_RASA_TOKEN": "",
        "RASA_CACHE_DIRECTORY": str(folder / "rasa-cache"),
        "RASA_TELEMETRY_ENABLED": "false",
        "TOKENIZERS_PARALLELISM": "false",
        # SQLAlchemy 1.4 is what Rasa pins; it advertises 2.0 at every start.
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    for name, value in chosen.items():
        if not os.environ.get(name):
            os.environ[name] = value


def with_defaults(arguments: Sequence[str]) -> list[str]:
    """Add our defaults to a rasa command line; what is given explicitly wins."""
    given = list(arguments)
    command = given[0] if given else ""
    if {"-h", "--help"} & set(given):
        return given
    for key in WANTED.get(command, ()):
        options, value = DEFAULTS[key]
        if not any(word.split("=")[0] in options for word in given):
            # Before the other words: the last one may be a model's path.
            given[1:1] = [options[-1], value.format(models=home() / "models")]
    return given


def prepare() -> None:
    """Make `import rasa` quick and patched; for tests and for `main`."""
    set_environment()
    without_tensorflow.install()
    from rasa_server import patches

    patches.apply()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a rasa command line, `sys.argv` by default."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] in (["run"], ["shell"]):
        # One small product a message: a second thread would only wait, and take a core from the others.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    prepare()
    import rasa.__main__

    sys.argv = ["rasa", *with_defaults(words)]
    rasa.__main__.main()
