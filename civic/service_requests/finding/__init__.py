"""Finds cases by their words, on SQLite and PostgreSQL alike."""
