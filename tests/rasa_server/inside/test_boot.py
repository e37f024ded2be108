"""The boot module: plain rasa commands with our defaults, and no TensorFlow."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rasa_server import boot, without_tensorflow


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        (["run"], ["run", "--model", "H/models", "--interface", "127.0.0.1"]),
        (["run", "-i", "0.0.0.0", "-p", "1"], ["run", "--model", "H/models", "-i", "0.0.0.0", "-p", "1"]),
        (["run", "--interface=::1", "--model=x"], ["run", "--interface=::1", "--model=x"]),
        (["train"], ["train", "--fixed-model-name", "folkmoot", "--out", "H/models"]),
        (
            ["train", "--out", "x", "--fixed-model-name", "y"],
            ["train", "--out", "x", "--fixed-model-name", "y"],
        ),
        (["shell", "--debug"], ["shell", "--model", "H/models", "--debug"]),
        (["data", "validate"], ["data", "validate"]),
        (["test", "core"], ["test", "core"]),
        (["run", "--help"], ["run", "--help"]),
        ([], []),
    ],
)
def test_our_defaults_are_added_and_what_is_given_wins(
    monkeypatch: pytest.MonkeyPatch, given: list[str], becomes: list[str]
) -> None:
    monkeypatch.setenv("FOLKMOOT_HOME", "H")
    assert boot.with_defaults(given) == becomes


def test_settings_of_the_operator_are_kept_and_missing_ones_filled_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOLKMOOT_HOME", "/somewhere")
    monkeypatch.setenv("FOLKMOOT_ACTION_URL", "http://actions.example/")
    for name in ("FOLKMOOT_DATABASE_URL", "FOLKMOOT_ENCODER_DIR"):
        monkeypatch.delenv(name, raising=False)
    boot.set_environment()
    import os

    assert os.environ["FOLKMOOT_ACTION_URL"] == "http://actions.example/"
    assert os.environ["FOLKMOOT_DATABASE_URL"] == "sqlite:////somewhere/folkmoot.db"
    assert os.environ["FOLKMOOT_ENCODER_DIR"] == "/somewhere/encoder"


def test_no_tensorflow_is_loaded_even_where_it_is_installed(tmp_path) -> None:
    (tmp_path / "tensorflow.py").write_text("raise SystemExit('the real one was imported')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from rasa_server import boot; boot.prepare()\n"
        "import rasa.__main__, rasa.core.policies.ted_policy, tensorflow as tf\n"
        "print(type(tf).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "AbsentModule", done.stderr


def test_a_component_that_needs_tensorflow_says_so() -> None:
    import tensorflow as tf
    from rasa.utils.tensorflow.models import RasaModel

    with pytest.raises(without_tensorflow.NeedsTensorFlow, match=r"config\.yml"):
        tf.random.set_seed(1)
    with pytest.raises(without_tensorflow.NeedsTensorFlow, match="RasaModel"):
        RasaModel()


def test_names_that_python_itself_asks_for_are_absent() -> None:
    import tensorflow as tf

    assert not hasattr(tf, "__wrapped__")
    assert not hasattr(tf.keras.Model, "__len__")
