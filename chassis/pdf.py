"""PDF documents for people: plain values in, PDF/A-2u bytes out; the same values give the same bytes (ADR 0046)."""

import asyncio
import hashlib
import io
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.italian import instant_text

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT = "DejaVu"
_MARGIN_MM = 18.0
_LINE_MM = 5.5
_LABEL_MM = 62.0
_GREY = 110
_HEADER_FILL = (232, 232, 232)
_CODE_MM = 30.0
_NO_ID = "0" * 32
_WALL_CLOCK = re.compile(rb'(xmp:(?:ModifyDate|MetadataDate)=")[^"]+"')


@cache
def _font_folder() -> Path:
    """The DejaVu fonts that come with matplotlib, found without importing it."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise RuntimeError("matplotlib, whose fonts the documents use, is not installed")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


class Document:
    """One document, written from top to bottom; nothing is drawn before `render`.

    Args:
        title: shown on the first page and in the file's properties.
        issuer: the body that issues it, above the title.
        now: the instant printed as the date of issue.
    """

    def __init__(self, *, title: str, issuer: str, now: datetime) -> None:
        self._title = title
        self._issuer = issuer
        self._now = now
        self._steps: list[Callable[[FPDF], None]] = []

    def heading(self, text: str) -> None:
        """Begins a section."""
        self._steps.append(partial(_heading, text=text))

    def paragraph(self, text: str) -> None:
        """Adds a paragraph."""
        self._steps.append(partial(_paragraph, text=text))

    def fields(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Adds labelled values, one a line."""
        self._steps.append(partial(_fields, pairs=pairs))

    def table(
        self,
        *,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int] | None = None,
        align: str | None = None,
    ) -> None:
        """Adds a table; its headers are repeated on every page it reaches.

        Args:
            headers: one for each column.
            rows: the cells, as text.
            widths: relative widths of the columns; equal when not given.
            align: one letter for each column, L, C or R; all left when not given.
        """
        letters = align or "L" * len(headers)
        self._steps.append(partial(_table, cells=[headers, *rows], widths=widths, letters=letters))

    def figure(self, png: bytes, caption: str) -> None:
        """Adds a picture as wide as the page; the caption is also what a screen reader says."""
        self._steps.append(partial(_figure, png=png, caption=caption))

    def code(self, data: str) -> None:
        """Adds a QR code (ISO/IEC 18004) with its data written below."""
        self._steps.append(partial(_code, data=data))

    def fingerprint(self, label: str, digest: str) -> None:
        """Adds a digest, in groups of eight that a person can compare."""
        groups = [digest[start : start + 8] for start in range(0, len(digest), 8)]
        self.fields([(label, " ".join(groups))])

    def render(self) -> bytes:
        """Draws the pages and gives the file: tenths of a second of computing, see `render` below."""
        pdf = _new_pages(self._title, self._issuer, self._now)
        for step in self._steps:
            step(pdf)
        return _with_own_marks(bytes(pdf.output()), self._now)


async def render(document: Document) -> bytes:
    """Renders a document in a thread, so that the requests beside it go on."""
    return await asyncio.to_thread(document.render)


def _new_pages(title: str, issuer: str, now: datetime) -> "FPDF":
    from fpdf import FPDF

    footer = f"{issuer} - {title} - emesso il {instant_text(now)}"

    class Pages(FPDF):
        def file_id(self) -> str:
            return f"<{_NO_ID}><{_NO_ID}>"

        def footer(self) -> None:
            self.set_y(-_MARGIN_MM)
            self.set_font(_FONT, size=7)
            self.set_text_color(_GREY)
            self.cell(0, _LINE_MM, f"{footer} - pagina {self.page_no()}")
            self.set_text_color(0)

    pdf = Pages(format="A4", enforce_compliance="PDF/A-2U")
    pdf.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    pdf.set_auto_page_break(True, margin=_MARGIN_MM + _LINE_MM)
    pdf.add_font(_FONT, fname=_font_folder() / "DejaVuSans.ttf")
    pdf.add_font(_FONT, style="B", fname=_font_folder() / "DejaVuSans-Bold.ttf")
    pdf.set_lang("it-IT")
    pdf.set_title(title)
    pdf.set_author(issuer)
    pdf.set_creation_date(now)
    pdf.add_page()
    _write(pdf, issuer, size=9, grey=True)
    _write(pdf, title, size=16, bold=True)
    _gap(pdf)
    return pdf


def _with_own_marks(data: bytes, now: datetime) -> bytes:
    """Puts the instant of issue where the library writes the wall clock, and an identifier made from the bytes."""
    issued = now.astimezone(UTC).isoformat(timespec="seconds").encode()
    data = _WALL_CLOCK.sub(lambda match: match.group(1) + issued + b'"', data)
    return data.replace(_NO_ID.encode(), hashlib.sha256(data).hexdigest()[: len(_NO_ID)].upper().encode())


def _heading(pdf: "FPDF", text: str) -> None:
    _gap(pdf)
    _write(pdf, text, size=12, bold=True)


def _paragraph(pdf: "FPDF", text: str) -> None:
    _write(pdf, text, size=10)
    _gap(pdf, 0.5)


def _fields(pdf: "FPDF", pairs: Sequence[tuple[str, str]]) -> None:
    for label, value in pairs:
        pdf.set_font(_FONT, size=9)
        pdf.set_text_color(_GREY)
        top = pdf.get_y()
        pdf.cell(_LABEL_MM, _LINE_MM, label)
        pdf.set_text_color(0)
        pdf.set_xy(_MARGIN_MM + _LABEL_MM, top)
        pdf.multi_cell(0, _LINE_MM, value or "-", align="L", new_x="LMARGIN", new_y="NEXT")
    _gap(pdf, 0.5)


def _table(pdf: "FPDF", cells: Sequence[Sequence[str]], widths: Sequence[int] | None, letters: str) -> None:
    from fpdf.enums import Align, TableBordersLayout
    from fpdf.fonts import FontFace

    pdf.set_font(_FONT, size=8)
    with pdf.table(
        col_widths=tuple(widths) if widths else None,
        text_align=tuple(Align.coerce(letter) for letter in letters),
        headings_style=FontFace(emphasis="BOLD", fill_color=_HEADER_FILL),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        line_height=_LINE_MM,
        padding=0.6,
    ) as table:
        for row in cells:
            table.row(row)
    _gap(pdf)


def _figure(pdf: "FPDF", png: bytes, caption: str) -> None:
    pdf.image(io.BytesIO(png), w=pdf.epw, alt_text=caption)
    _write(pdf, caption, size=8, grey=True)
    _gap(pdf)


def _code(pdf: "FPDF", data: str) -> None:
    import segno

    picture = io.BytesIO()
    segno.make(data, error="m", micro=False).save(picture, kind="png", scale=8)
    pdf.image(picture, w=_CODE_MM, h=_CODE_MM, alt_text=data)
    _write(pdf, data, size=7, grey=True)
    _gap(pdf)


def _write(pdf: "FPDF", text: str, *, size: int, bold: bool = False, grey: bool = False) -> None:
    pdf.set_font(_FONT, style="B" if bold else "", size=size)
    pdf.set_text_color(_GREY if grey else 0)
    pdf.multi_cell(0, size * 0.55, text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)


def _gap(pdf: "FPDF", lines: float = 1.0) -> None:
    pdf.ln(_LINE_MM * lines / 2)
