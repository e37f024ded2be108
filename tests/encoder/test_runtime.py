"""Sentences become unit vectors that say how alike they mean, without torch and on Python 3.10."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from civic.encoder import EncoderMissing, SentenceEncoder
from tests.encoder.conftest import ROOT

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MIXED = [
    "bins?",
    "When is the recycling collected in the week after Christmas?",
    "x",
    "word " * 900,
    "",
    "👍",
]


def test_vectors_are_float32_of_unit_length_in_the_order_given(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(MIXED)
    assert vectors.shape == (len(MIXED), encoder.dim) == (len(MIXED), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for row, sentence in zip(vectors, MIXED, strict=True):
        assert row @ encoder.encode([sentence])[0] > 0.96


def test_no_sentence_gives_no_vector(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_the_same_call_gives_the_same_vectors(encoder: SentenceEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode(MIXED), encoder.encode(MIXED))


def test_what_means_the_same_is_near(encoder: SentenceEncoder) -> None:
    asked, same, other = encoder.encode(
        [
            "When is my rubbish picked up?",
            "What day do you collect the bins?",
            "I want to marry in the town hall",
        ]
    )
    assert asked @ same > asked @ other + 0.3


def test_a_long_text_is_cut_and_not_refused(encoder: SentenceEncoder) -> None:
    beginning = "the council decided " * 300
    one, two = encoder.encode([beginning + "yes"])[0], encoder.encode([beginning + "no"])[0]
    np.testing.assert_array_equal(one, two)


def test_half_a_character_is_encoded_all_the_same(encoder: SentenceEncoder) -> None:
    assert np.linalg.norm(encoder.encode(["broken \ud83d emoji"])[0]) == pytest.approx(1, abs=1e-5)


def test_the_rasa_environment_gives_the_same_vectors(encoder: SentenceEncoder, encoder_folder: Path) -> None:
    code = (
        "import json, sys\nfrom civic.encoder import SentenceEncoder\n"
        f"print(json.dumps(SentenceEncoder.load({str(encoder_folder)!r}).encode({MIXED!r}).tolist()))"
    )
    if not RASA_PYTHON.exists():
        pytest.fail("the Rasa environment is missing: run `make setup`")
    done = subprocess.run(
        [str(RASA_PYTHON), "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    theirs = np.array(json.loads(done.stdout))
    # Another release of the runtime rounds a little otherwise.
    assert np.sum(theirs * encoder.encode(MIXED), axis=1).min() > 0.97


def test_the_runtime_loads_three_libraries_and_nothing_else_of_ours(encoder_folder: Path) -> None:
    code = (
        "import sys\nfrom civic.encoder import SentenceEncoder\n"
        f"SentenceEncoder.load({str(encoder_folder)!r}).encode(['hi'])\n"
        "print(*sorted(n for n in sys.modules if n.startswith('civic.')))\n"
        "print(*({'torch', 'transformers', 'sentence_transformers', 'onnx', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    ours, strangers = done.stdout.splitlines()
    assert {name.split(".")[1] for name in ours.split()} == {"encoder"}
    assert strangers == ""


@pytest.mark.parametrize("missing", ["manifest.json", "model", "tokenizer"])
def test_an_incomplete_export_says_what_is_missing_and_how_to_make_it(
    encoder_folder: Path, tmp_path: Path, missing: str
) -> None:
    copy = tmp_path / "encoder"
    shutil.copytree(encoder_folder, copy)
    next(copy.glob(f"{missing}*")).unlink()
    with pytest.raises(
        EncoderMissing, match=r"is not there\. Make one with: python -m civic\.encoder\.export"
    ):
        SentenceEncoder.load(copy)


@pytest.mark.parametrize("damaged", ["manifest.json", "model", "tokenizer"])
def test_a_damaged_export_says_so(encoder_folder: Path, tmp_path: Path, damaged: str) -> None:
    copy = tmp_path / "encoder"
    shutil.copytree(encoder_folder, copy)
    next(copy.glob(f"{damaged}*")).write_bytes(b"\x00 not what it was")
    with pytest.raises(EncoderMissing, match=r"not readable|damaged"):
        SentenceEncoder.load(copy)
