"""Answers that are files: how a route declares them and how it gives them."""

from typing import Any
from urllib.parse import quote

from fastapi import Response

PDF_MEDIA_TYPE = "application/pdf"
CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
XML_MEDIA_TYPE = "application/xml"


def file_responses(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    """What a route that answers with a file passes as `responses`."""
    content = {media_type.split(";", maxsplit=1)[0]: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": description, "content": content}}


def file_response(data: bytes, filename: str, media_type: str) -> Response:
    """Answers with a file that a browser saves under the given name (RFC 6266)."""
    disposition = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
    return Response(data, media_type=media_type, headers={"content-disposition": disposition})


def pdf_response(data: bytes, filename: str) -> Response:
    """Answers with a PDF document."""
    return file_response(data, filename, PDF_MEDIA_TYPE)


def csv_response(data: bytes, filename: str) -> Response:
    """Answers with a CSV file in UTF-8."""
    return file_response(data, filename, CSV_MEDIA_TYPE)
