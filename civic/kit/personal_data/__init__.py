"""Finds personal data in what people write: e-mail addresses, phone, identity and card numbers, IBANs."""

from civic.kit.personal_data.find import Find, find, redact

__all__ = ["Find", "find", "redact"]
