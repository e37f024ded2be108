"""Fits the sentence encoder to the municipality's own documents, and keeps it only where it finds more.

`pairs.py` makes questions out of the documents, `training.py` trains (the only file that needs torch),
`judging.py` compares before and after, `run.py` is the way from one to the other.
"""
