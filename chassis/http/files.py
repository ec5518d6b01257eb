"""Answers that are files: how a route declares them and how it gives them."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import Response

from chassis.http.context import Context

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


async def public_file(
    ctx: Context,
    name: str,
    version: str,
    render: Callable[[], Awaitable[bytes]],
    *,
    media_type: str,
    filename: str,
    licence_url: str,
) -> Response:
    """Answers with public data, rendered once for each version: who has them already is told so (304).

    Args:
        ctx: the request.
        name: the file's own name in this process.
        version: what changes whenever its bytes do.
        render: makes the bytes, when nobody has asked for this version yet.
        media_type: of the bytes.
        filename: the name a browser saves them under.
        licence_url: where the licence of the data stands.
    """
    mark = hashlib.sha256(f"{name} {version}".encode()).hexdigest()[:32]
    etag = f'"{mark}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache", "Link": f'<{licence_url}>; rel="license"'}
    known = {part.strip().removeprefix("W/") for part in ctx.request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    data = ctx.runtime.rendered.get(name, version)
    if data is None:
        data = await render()
        ctx.runtime.rendered.put(name, version, data)
    answer = file_response(data, filename, media_type)
    answer.headers.update(headers)
    return answer
