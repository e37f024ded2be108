"""The talk in which a citizen reports a problem: a pure engine, its words, and its way into the tables."""
