"""Eight bits for the matrices of a traced model, but for those that would not survive it."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Feed = Mapping[str, npt.NDArray[np.int64]]


def quantize(source: Path, target: Path, leave: Sequence[str] = ()) -> None:
    """Writes `target` with eight bits a weight, per channel; the nodes named in `leave` stay in floats."""
    logging.getLogger().addFilter(lambda record: "pre-processing" not in record.getMessage())
    quantization = importlib.import_module("onnxruntime.quantization")
    quantization.quantize_dynamic(
        str(source),
        str(target),
        per_channel=True,
        weight_type=quantization.QuantType.QInt8,
        nodes_to_exclude=list(leave),
    )


def noisiest_first(source: Path, feed: Feed) -> list[str]:
    """The names of the products with a weight matrix, those first whose inputs lose most in eight bits.

    The inputs of a product are cut into 255 steps over their whole range, so that a few large numbers cost
    all others their precision. The noise of a step s is s**2 / 12 (uniform quantization; Bennett 1948), here
    over the mean square of the inputs. `feed` are the model's inputs for some sentences, each batch x length.
    """
    onnx, runtime = importlib.import_module("onnx"), importlib.import_module("onnxruntime")
    model = onnx.load(str(source))
    products = list(_products(model.graph))
    tapped = list(dict.fromkeys(values for _, values in products))
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in tapped)
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = dict(zip(tapped, session.run(tapped, dict(feed)), strict=True))
    noise = {name: _noise(found[values]) for name, values in products}
    return sorted(noise, key=noise.__getitem__, reverse=True)


def _products(graph: Any) -> Iterator[tuple[str, str]]:
    """Name and input of each node that multiplies with a stored matrix."""
    stored = {one.name for one in graph.initializer}
    for node in graph.node:
        if node.op_type in ("MatMul", "Gemm") and node.input[1] in stored:
            yield node.name, node.input[0]


def _noise(values: npt.NDArray[np.float32]) -> float:
    step = (max(float(values.max()), 0.0) - min(float(values.min()), 0.0)) / 255
    return step**2 / 12 / max(float(np.mean(np.square(values))), 1e-12)
