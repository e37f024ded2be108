"""What can go wrong with the encoder, named by what to do about it."""


class EncoderError(Exception):
    """The encoder cannot be used; the message says why and what to do."""


class EncoderMissing(EncoderError):
    """There is no complete export at the given place: make one."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"No usable sentence encoder in {path}: {reason}. "
            f"Make one with: python -m civic.encoder.export --out {path}"
        )


class ExportRefused(EncoderError):
    """The model cannot be exported faithfully; an earlier export stays in place."""
