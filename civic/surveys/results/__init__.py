"""What was answered: counted, compared, protected, drawn, published and handed on."""

from civic.surveys.results.tables import QuestionCounts, cell, columns, counts, csv_text

__all__ = ["QuestionCounts", "cell", "columns", "counts", "csv_text"]
