"""The steps from a question to an answer, one small file each; `pipeline.py` puts them in order."""
