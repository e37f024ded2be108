"""Sentences become vectors whose dot product says how alike they mean.

The runtime needs numpy, onnxruntime and tokenizers only, so that the Rasa environment can use it too. The
exporter (`python -m civic.encoder.export`) needs sentence-transformers and torch and is never imported
here.
"""

from civic.encoder.errors import EncoderError, EncoderMissing, ExportRefused
from civic.encoder.manifest import Manifest
from civic.encoder.runtime import SentenceEncoder

__all__ = ["EncoderError", "EncoderMissing", "ExportRefused", "Manifest", "SentenceEncoder"]
