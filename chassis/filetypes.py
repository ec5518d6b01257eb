"""What a file is, told by its content: PDF, PDF/A, OpenDocument. Names and declared types are not looked at."""

import asyncio
import io
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from chassis.errors import Invalid, UnsupportedMediaType

_HEAD_BYTES = 4096
_ODF = frozenset(
    f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation", "graphics")
)
"""What people write: the media type is answered to who downloads, so it is one of these and no other text."""
_ODF_ENTRIES = 10_000


class FileKind(StrEnum):
    """The kinds of file that are recognised."""

    PDF_A = "pdf_a"
    PDF = "pdf"
    ODF = "odf"


@dataclass(frozen=True, slots=True)
class FileType:
    """What a file is, and the media type it is served with."""

    kind: FileKind
    media_type: str


class FormatoNonRiconosciuto(UnsupportedMediaType):
    """The content of the file is none of the kinds the platform takes."""

    title = "Formato del file non riconosciuto"


class FileNonLeggibile(Invalid):
    """The file begins like one of the kinds the platform takes, but cannot be read."""

    title = "File non leggibile"


async def recognise(file: IO[bytes]) -> FileType:
    """Tells what a file is, in a thread: a large PDF takes tenths of a second.

    Args:
        file: open for reading; it is read from its beginning and left anywhere.

    Raises:
        FormatoNonRiconosciuto: neither PDF nor OpenDocument.
        FileNonLeggibile: damaged, or protected by a password.
    """
    return await asyncio.to_thread(_recognise, file)


def _recognise(file: IO[bytes]) -> FileType:
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _opendocument(file)
    raise _unknown(_looks_like(head))


def _pdf(file: IO[bytes]) -> FileType:
    """A PDF that opens without a password; PDF/A is what its XMP metadata claim (ISO 19005, `pdfaid:part`)."""
    from pypdf import PdfReader

    file.seek(0)
    try:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted:
            raise FileNonLeggibile(
                "Il PDF e' protetto da una password.", remedy="Caricare il documento senza protezione."
            )
        pages = reader.root_object["/Pages"].get_object().get("/Count")  # type: ignore[union-attr]  # or it is damaged
        metadata = reader.xmp_metadata
        part = metadata.pdfaid_part if metadata is not None else None
    except FileNonLeggibile:
        raise
    except Exception as error:  # whatever a parser says of a hostile file, the file is not readable
        raise FileNonLeggibile("Il PDF e' danneggiato: non si apre.", remedy="Produrre di nuovo il file.") from error
    if not isinstance(pages, int) or pages < 1:
        raise FileNonLeggibile("Il PDF non ha pagine.", remedy="Produrre di nuovo il file.")
    return FileType(FileKind.PDF_A if part in {"1", "2", "3", "4"} else FileKind.PDF, "application/pdf")


def _opendocument(file: IO[bytes]) -> FileType:
    """An OpenDocument package: its first entry is `mimetype`, not compressed (OASIS ODF 1.3, part 2, 3.3)."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            first = entries[0] if entries else None
            if first is None or first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
                raise _unknown("archivio ZIP o documento di un altro formato")
            if len(entries) > _ODF_ENTRIES or first.file_size > 200:
                raise FileNonLeggibile("Il documento ODF non e' ben formato.", remedy="Salvare di nuovo il documento.")
            media_type = package.read(first).decode("ascii")
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise FileNonLeggibile("Il documento e' danneggiato: non si apre.", remedy="Salvare di nuovo.") from error
    if media_type not in _ODF:
        raise _unknown(media_type[:80])
    if "content.xml" not in names:
        raise FileNonLeggibile("Il documento ODF non ha contenuto.", remedy="Salvare di nuovo il documento.")
    return FileType(FileKind.ODF, media_type)


def _looks_like(head: bytes) -> str:
    """A word on what an unknown file seems to be, for the person who chose the wrong one."""
    import puremagic

    try:
        found = puremagic.magic_stream(io.BytesIO(head))
    except (puremagic.PureError, ValueError):
        return "contenuto sconosciuto"
    return found[0].name or found[0].mime_type or "contenuto sconosciuto"


def _unknown(seems: str) -> FormatoNonRiconosciuto:
    return FormatoNonRiconosciuto(
        f"Il contenuto non e' PDF ne' OpenDocument (sembra: {seems}).",
        remedy="Caricare un PDF/A, un PDF o un documento ODF; conta il contenuto del file, non il nome.",
    )
