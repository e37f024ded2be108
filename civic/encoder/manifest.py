"""The manifest of an export says what is in the folder, and its presence makes the export complete."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from civic.encoder.errors import EncoderMissing

FILE_NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """Everything the runtime must know to encode as the original model does."""

    model: str
    dim: int
    max_length: int
    onnx_file: str
    tokenizer_file: str
    digest: str
    cosine: float
    inputs: list[str]
    prompt: str = ""
    lowercase: bool = False
    versions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a complete export, or raise `EncoderMissing` saying what is wrong."""
        try:
            values = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
            manifest = cls(**{f.name: values[f.name] for f in fields(cls)})
        except FileNotFoundError:
            raise EncoderMissing(str(folder), f"{FILE_NAME} is not there") from None
        except (ValueError, KeyError, TypeError) as error:
            raise EncoderMissing(str(folder), f"{FILE_NAME} is not readable ({error!r})") from None
        for name in (manifest.onnx_file, manifest.tokenizer_file):
            if not (folder / name).is_file():
                raise EncoderMissing(str(folder), f"{name} is not there")
        return manifest

    def write(self, folder: Path) -> None:
        """Write in one step, so that a reader sees the earlier export or this one, never half of one."""
        draft = folder / (FILE_NAME + ".draft")
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        draft.replace(folder / FILE_NAME)
