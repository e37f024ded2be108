"""Answers from the municipality's own documents, with their source, or an honest "I do not know"."""
