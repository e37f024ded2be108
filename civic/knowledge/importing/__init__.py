"""Files become documents: one parser a format, each a pure function from bytes to titled blocks of text."""

from civic.knowledge.importing.formats import FORMATS, find_files, parse
from civic.knowledge.importing.types import Block, FileContent, ImportedDocument

__all__ = ["FORMATS", "Block", "FileContent", "ImportedDocument", "find_files", "parse"]
