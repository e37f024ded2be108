"""A survey as files to save, for the pages and for the API."""

from __future__ import annotations

from fastapi.responses import Response

from civic.kit.services import Services
from civic.surveys.definition import SurveyDefinition
from civic.surveys.sharing import links, qr

# What somebody may upload; each kind of file has a smaller limit of its own.
LARGEST = 5_000_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(definition: SurveyDefinition, name: str) -> Response:
    """A survey as an XLSForm workbook."""
    from civic.surveys.xlsform import workbook  # spreadsheets take a second to load

    return Response(
        workbook(definition),
        media_type=WORKBOOK,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def qr_of(parts: Services, survey_id: str, title: str) -> Response:
    """The QR code of a survey's link as a picture."""
    return Response(
        qr(links(parts.settings.site, survey_id).link, title=title, inline=False),
        media_type="image/svg+xml",
        headers={"Content-Disposition": f'attachment; filename="{survey_id}-qr.svg"'},
    )
