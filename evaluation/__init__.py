"""Quality on real data: how well we find, answer and refuse."""
