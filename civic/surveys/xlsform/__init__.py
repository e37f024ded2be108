"""XLSForm, the spreadsheet in which KoboToolbox and ODK write surveys: read into rows, and written."""

from civic.surveys.xlsform.read import rows_of
from civic.surveys.xlsform.write import workbook

__all__ = ["rows_of", "workbook"]
