"""Encode sentences with an exported model, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from civic.encoder.errors import EncoderMissing
from civic.encoder.manifest import Manifest

Vectors = npt.NDArray[np.float32]

# Dynamic quantization takes its ranges from the whole batch, so a sentence's vector moves a little with its
# company: small batches of equal lengths keep that movement, and the padding, small.
BATCH_SIZE = 8


class SentenceEncoder:
    """Turns sentences into unit vectors; the same sentences in the same call give the same vectors."""

    def __init__(self, manifest: Manifest, session: Any, tokenizer: Tokenizer) -> None:
        self.manifest = manifest
        self._session = session
        self._tokenizer = tokenizer

    @property
    def dim(self) -> int:
        """How many numbers a vector has."""
        return self.manifest.dim

    @property
    def digest(self) -> str:
        """Changes whenever vectors may change: stored vectors of another digest must be made anew."""
        return self.manifest.digest

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is common enough to be one piece of the model's vocabulary."""
        return self._tokenizer.token_to_id(word) is not None

    @classmethod
    def load(cls, path: str | Path, threads: int = 1) -> SentenceEncoder:
        """Load the export in the folder `path`, or raise `EncoderMissing` saying how to make one."""
        folder = Path(path)
        manifest = Manifest.read(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Idle threads would otherwise spin and take the cores from the database and the other processes.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = onnxruntime.InferenceSession(
                str(folder / manifest.onnx_file), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(folder / manifest.tokenizer_file))
        except Exception as error:  # both libraries raise bare and private types for a damaged file
            raise EncoderMissing(str(folder), f"the files are damaged ({type(error).__name__})") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_length=manifest.max_length)
        return cls(manifest, session, tokenizer)

    def encode(self, sentences: Sequence[str], batch_size: int = BATCH_SIZE) -> Vectors:
        """Return one unit vector per sentence, in the order given, as float32 of shape (n, dim)."""
        vectors = np.zeros((len(sentences), self.dim), dtype=np.float32)
        if not sentences:
            return vectors
        encodings = self._tokenizer.encode_batch([self._prepare(sentence) for sentence in sentences])
        order = sorted(range(len(encodings)), key=lambda index: len(encodings[index].ids))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            vectors[chosen] = self._run([encodings[index] for index in chosen])
        return vectors

    def _prepare(self, sentence: str) -> str:
        # A lone surrogate cannot be turned into UTF-8, which the tokenizer needs.
        text = self.manifest.prompt + sentence.encode("utf-8", "replace").decode("utf-8")
        return text.lower() if self.manifest.lowercase else text

    def _run(self, encodings: list[Encoding]) -> Vectors:
        width = max(len(encoding.ids) for encoding in encodings)
        shape = (len(encodings), width)
        arrays = {name: np.zeros(shape, dtype=np.int64) for name in self.manifest.inputs}
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            arrays["input_ids"][row, :length] = encoding.ids
            arrays["attention_mask"][row, :length] = 1
            if "token_type_ids" in arrays:
                arrays["token_type_ids"][row, :length] = encoding.type_ids
        output: Vectors = self._session.run(None, arrays)[0]
        return output
