"""Surveys in preparation: a file that was uploaded, what is wrong with it, and how it becomes a version."""
