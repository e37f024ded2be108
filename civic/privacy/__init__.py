"""A citizen's right to be forgotten: everything, everywhere, and shown to be done."""
