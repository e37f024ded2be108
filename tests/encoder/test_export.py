"""The exporter takes any sentence-transformers model it can honour, and refuses the others by name."""

from __future__ import annotations

import socket
import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from civic.encoder import ExportRefused, Manifest, SentenceEncoder
from civic.encoder.export import MINIMUM_COSINE, export, main
from civic.encoder.sample import SENTENCES


def library() -> Any:
    """What people train encoders with. It takes seconds to load: only the tests of this file wait for it."""
    return pytest.importorskip("sentence_transformers")


def models() -> Any:
    return pytest.importorskip("sentence_transformers.sentence_transformer.modules")


def silent(line: str) -> None:
    """Progress nobody watches."""


def small_transformer(folder: Path) -> Any:
    """A transformer of two small random layers with a tokenizer of letters."""
    import torch
    import transformers

    torch.manual_seed(7)
    folder.mkdir()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces += [*string.ascii_lowercase, *string.digits, *("##" + letter for letter in string.ascii_lowercase)]
    (folder / "vocab.txt").write_text("\n".join(pieces))
    config = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
    )
    transformers.BertModel(config).save_pretrained(folder)
    transformers.BertTokenizer(vocab={p: i for i, p in enumerate(pieces)}).save_pretrained(folder)
    return models().Transformer(str(folder), max_seq_length=48)


def saved(folder: Path, *modules: Any, **options: Any) -> str:
    library().SentenceTransformer(modules=list(modules), device="cpu", **options).save(str(folder))
    return str(folder)


def agree(model: str, out: Path, **options: Any) -> None:
    """The export's vectors are those of the original."""
    original = library().SentenceTransformer(model, device="cpu", **options)
    theirs = original.encode(list(SENTENCES), normalize_embeddings=True)
    ours = SentenceEncoder.load(out).encode(SENTENCES)
    assert ours.shape == theirs.shape
    assert float(np.mean(np.sum(ours * theirs, axis=1))) >= MINIMUM_COSINE


@pytest.mark.parametrize("pooling", ["cls", "max", "lasttoken", ("mean", "weightedmean")])
def test_every_way_of_pooling_is_honoured(tmp_path: Path, pooling: Any) -> None:

    words = small_transformer(tmp_path / "words")
    model = saved(tmp_path / "model", words, models().Pooling(64, pooling_mode=pooling))
    manifest = export(tmp_path / "out", model, progress=silent)
    assert manifest.dim == (128 if isinstance(pooling, tuple) else 64)
    assert manifest.max_length == 48
    agree(model, tmp_path / "out")


def test_dense_layers_a_prompt_and_a_shortened_vector_are_honoured(tmp_path: Path) -> None:

    words = small_transformer(tmp_path / "words")
    model = saved(
        tmp_path / "model",
        words,
        models().Pooling(64, pooling_mode="mean"),
        models().Dense(in_features=64, out_features=32),
        models().Normalize(),
        prompts={"query": "ask "},
        default_prompt_name="query",
        truncate_dim=24,
    )
    manifest = export(tmp_path / "out", model, progress=silent)
    assert manifest.prompt == "ask "
    assert SentenceEncoder.load(tmp_path / "out").dim == manifest.dim
    agree(model, tmp_path / "out")


def test_a_model_that_is_not_a_transformer_is_refused_by_its_parts(tmp_path: Path) -> None:

    model = saved(tmp_path / "model", models().BoW(["bin", "road", "tree"]))
    with pytest.raises(ExportRefused, match="BoW"):
        export(tmp_path / "out", model, progress=silent)


def test_a_name_that_is_not_on_this_machine_is_refused_without_a_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: asked.append(arguments) or [])
    with pytest.raises(ExportRefused, match="nothing is downloaded"):
        export(tmp_path / "out", "nobody/no-such-model", progress=silent)
    assert asked == []


def test_an_export_that_strays_is_refused_and_the_earlier_one_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    words = small_transformer(tmp_path / "words")
    model = saved(tmp_path / "model", words, models().Pooling(64, pooling_mode="mean"))
    out = tmp_path / "out"
    export(out, model, progress=silent)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(ExportRefused, match=r"mean cosine [01]\.\d+ .* at least 1\.5 is needed"):
        export(out, model, minimum_cosine=1.5, progress=silent)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    SentenceEncoder.load(out)


def test_matrices_that_do_not_survive_eight_bits_stay_in_floats(tmp_path: Path) -> None:
    """One number much larger than the others takes all steps from them, as in some large models."""
    import torch

    words = small_transformer(tmp_path / "words")
    layer = words.auto_model.encoder.layer[1]
    with torch.no_grad():
        layer.intermediate.dense.bias[0] = 300.0
        layer.output.dense.weight[:, 0] = 0.0
        layer.output.dense.weight *= 30  # so that what is lost would be missed
    model = saved(tmp_path / "model", words, models().Pooling(64, pooling_mode="mean"))
    told: list[str] = []
    manifest = export(tmp_path / "out", model, progress=told.append)
    assert manifest.cosine >= MINIMUM_COSINE
    agree(model, tmp_path / "out")
    assert [line for line in told if line.startswith("3/4")] == [
        "3/4 Quantizing to eight bits per channel",
        "3/4 Quantizing to eight bits per channel; 2 of 12 matrices stay in floats",
    ]


def test_a_new_export_takes_the_place_of_the_old(tmp_path: Path) -> None:

    words, out = small_transformer(tmp_path / "words"), tmp_path / "out"
    first = export(
        out, saved(tmp_path / "a", words, models().Pooling(64, pooling_mode="mean")), progress=silent
    )
    second = export(
        out, saved(tmp_path / "b", words, models().Pooling(64, pooling_mode="cls")), progress=silent
    )
    assert first.digest != second.digest
    assert Manifest.read(out) == second
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["manifest.json", second.onnx_file, second.tokenizer_file]
    )


def test_the_command_shows_its_steps_and_says_why_it_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    model = saved(
        tmp_path / "m", small_transformer(tmp_path / "words"), models().Pooling(64, pooling_mode="mean")
    )
    assert main(["--out", str(tmp_path / "out"), "--model", model]) == 0
    said = capsys.readouterr().out
    assert [line[:3] for line in said.splitlines()[:4]] == ["1/4", "2/4", "3/4", "4/4"]
    assert "Encoder ready" in said
    assert main(["--out", str(tmp_path / "out"), "--model", str(tmp_path / "nothing-here")]) == 1
    assert "cannot be loaded" in capsys.readouterr().err


def test_the_packaged_model_keeps_its_meaning_in_a_quarter_of_the_size(
    encoder: SentenceEncoder, encoder_folder: Path
) -> None:
    manifest = encoder.manifest
    assert manifest.model.startswith("all-MiniLM-L6-v2")
    assert manifest.cosine >= MINIMUM_COSINE
    assert manifest.dim == 384
    assert set(manifest.versions) >= {"sentence-transformers", "torch", "onnxruntime"}
    assert (encoder_folder / manifest.onnx_file).stat().st_size < 25_000_000
