"""Documents of an application: recognised by content, kept outside the database, frozen by the presentation."""

import hashlib
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from pypdf import PdfReader, PdfWriter
from sqlmodel import col

from chassis import tables
from chassis.pdf import Document
from services.bandi.models import Deposito
from services.bandi.rules.bando import DocumentoRichiesto, FormatoDocumento
from services.bandi.rules.documenti import Documento, difetti_documenti, documenti_mancanti
from services.bandi.service import documenti as service
from tests.bandi.esempi import DURANTE, Ufficio, problem
from tests.support.service import ServiceUnderTest

LEAD: dict[str, Any] = {"roles": ["proponente"], "ente": "COMUNE-A"}
CHIESTI = [
    {"codice": "RELAZIONE", "titolo": "Relazione tecnica", "formati": ["pdf_a", "odf"], "massimo_mib": 1},
    {"codice": "BILANCIO", "titolo": "Bilancio", "sanabile": True},
    {"codice": "FOTO", "titolo": "Fotografie", "obbligatorio": False, "formati": ["pdf"]},
]


def pdf_a(text: str = "Relazione") -> bytes:
    """A PDF/A, as the platform itself writes."""
    document = Document(title=text, issuer="Comune A", now=DURANTE)
    document.paragraph(text)
    return document.render()


def pdf(password: str | None = None) -> bytes:
    """A plain PDF of one page."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    if password is not None:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def odf(media_type: str = "application/vnd.oasis.opendocument.text", *entries: str, size: int = 4) -> bytes:
    """An OpenDocument package whose entries have so many bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(zipfile.ZipInfo("mimetype"), media_type)
        for name in entries or ("content.xml",):
            package.writestr(name, b" " * size)
    return out.getvalue()


class Bozza:
    """A draft of a call that asks documents."""

    def __init__(self, office: Ufficio, draft: dict[str, Any]) -> None:
        self.office, self.bandi, self.path = office, office.service, f"/v1/domande/{draft['domanda_id']}"

    async def annuncia(self, richiesto: str | None = None, nome: str = "documento.pdf") -> str:
        """Announce a document."""
        made = await self.office.ok("POST", f"{self.path}/documenti", {"nome": nome, "richiesto": richiesto}, **LEAD)
        return str(made["documento_id"])

    async def carica(self, content: bytes, richiesto: str | None = None) -> Any:
        """Announce a document and upload its file."""
        return await self.file(await self.annuncia(richiesto), content)

    async def file(self, documento: str, content: bytes) -> Any:
        """Upload a file."""
        return await self.bandi.put(f"{self.path}/documenti/{documento}/file", content=content, **LEAD)


async def draft_of(bandi: ServiceUnderTest, codice: str) -> Bozza:
    """A draft of a call with the example's documents."""
    office = await Ufficio(bandi, codice).pubblica(documenti=CHIESTI)
    return Bozza(office, await office.bozza("COMUNE-A"))


def test_what_can_be_asked_for_afterwards_keeps_nobody_out() -> None:
    chiesti = [
        DocumentoRichiesto("A", "Relazione"),
        DocumentoRichiesto("B", "Bilancio", sanabile=True),
        DocumentoRichiesto("C", "Foto", obbligatorio=False),
    ]
    assert [d.campo for d in difetti_documenti(chiesti, ())] == ["documenti.A"]
    here = [Documento("A", "a.pdf", caricato=False), Documento(None, "altro.pdf", caricato=False)]
    assert [d.campo for d in difetti_documenti(chiesti, here)] == ["documenti.A", "documenti.A", "documenti.altri"]
    assert list(difetti_documenti(chiesti, [Documento("A", "a.pdf", caricato=True)])) == []
    assert documenti_mancanti(chiesti, ["A", None]) == ("B",)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(pdf_a(), FormatoDocumento.PDF_A), (pdf(), FormatoDocumento.PDF), (odf(), FormatoDocumento.ODF)],
)
async def test_a_file_is_what_its_content_says(bandi: ServiceUnderTest, content: bytes, kind: str) -> None:
    bozza = await draft_of(bandi, f"CONTENUTO-{kind.upper().replace('_', '-')}")
    answer = await bozza.carica(content)
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert (seen["formato"], seen["dimensione"]) == (kind, len(content))
    assert seen["impronta"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("content", "status", "refusal"),
    [
        (b"", 400, "file-vuoto"),
        (b"%PDF-1.7 ma poi niente", 422, "file-non-leggibile"),
        (pdf("segreta"), 422, "file-non-leggibile"),
        (b"MZ\x90\x00" + b"\x00" * 200, 415, "formato-non-riconosciuto"),
        (b"Ciao", 415, "formato-non-riconosciuto"),
        (odf("application/zip"), 415, "formato-non-riconosciuto"),
        (odf("application/vnd.oasis.opendocument.text\r\nX-Altro: 1"), 415, "formato-non-riconosciuto"),
        (odf("application/vnd.oasis.opendocument.text-master"), 415, "formato-non-riconosciuto"),
        (odf("application/vnd.oasis.opendocument.text", "altro.xml"), 422, "file-non-leggibile"),
        (odf()[:40], 422, "file-non-leggibile"),
    ],
    ids=["empty", "damaged", "password", "program", "text", "zip", "odf-header", "odf-other", "no-content", "cut"],
)
async def test_what_is_not_a_document_is_refused_and_nothing_is_kept(
    bandi: ServiceUnderTest, content: bytes, status: int, refusal: str
) -> None:
    bozza = await draft_of(bandi, f"RIFIUTI-{uuid4().hex[:8].upper()}")
    refused = await bozza.carica(content)
    assert (refused.status_code, problem(refused)) == (status, refusal)
    (seen,) = (await bozza.office.ok("GET", f"{bozza.path}/documenti", **LEAD))["items"]
    assert (seen["formato"], seen["impronta"]) == (None, None)


async def test_the_call_says_which_documents_in_which_format_and_size(bandi: ServiceUnderTest) -> None:
    bozza = await draft_of(bandi, "ELENCO")
    unknown = await bandi.post(f"{bozza.path}/documenti", json={"nome": "x", "richiesto": "MAI"}, **LEAD)
    assert (unknown.status_code, problem(unknown)) == (422, "documento-non-previsto")
    plain = await bozza.carica(pdf(), "RELAZIONE")
    assert (plain.status_code, problem(plain)) == (415, "formato-non-ammesso")
    assert "PDF/A" in plain.json()["detail"]
    large = await bozza.carica(odf(size=2**20), "RELAZIONE")
    assert (large.status_code, problem(large)) == (413, "documento-troppo-grande")
    assert (await bozza.carica(pdf_a(), "FOTO")).status_code == 200, "a PDF/A is a PDF"
    path = f"{bozza.path}/documenti/{await bozza.annuncia()}/file"
    huge = await bandi.put(path, content=b"%PDF-", headers={"Content-Length": str(26 * 2**20)}, **LEAD)
    assert (huge.status_code, problem(huge)) == (413, "file-troppo-grande"), "its declared length is enough"

    async def pieces() -> Any:
        for _ in range(26):
            yield b"\0" * 2**20

    streamed = await bandi.put(path, content=pieces(), **LEAD)
    assert (streamed.status_code, problem(streamed)) == (413, "file-troppo-grande"), "and so are its bytes"


async def test_the_dry_run_asks_for_the_missing_documents_and_the_presentation_freezes_those_that_came(
    bandi: ServiceUnderTest,
) -> None:
    bozza = await draft_of(bandi, "CONGELA")
    office, path = bozza.office, bozza.path
    announced = await bozza.annuncia("RELAZIONE")
    check = await office.ok("GET", f"{path}/verifica", **LEAD)
    assert [d["campo"] for d in check["difetti"]] == ["documenti.RELAZIONE", "documenti.RELAZIONE"]
    assert problem(await bandi.post(f"{path}/presentazione", **LEAD)) == "domanda-incompleta"
    await bozza.file(announced, pdf_a("prima"))
    content = pdf_a("seconda")
    again = (await bozza.file(announced, content)).json()
    removed = (await bozza.carica(pdf())).json()["documento_id"]
    gone = await bandi.delete(f"{path}/documenti/{removed}", **LEAD)
    assert (gone.status_code, gone.content) == (204, b"")
    missing = await bandi.delete(f"{path}/documenti/{removed}", **LEAD)
    assert (missing.status_code, problem(missing)) == (404, "documento-sconosciuto")

    receipt = await office.ok("POST", f"{path}/presentazione", **LEAD)
    text = (await bandi.get(f"{path}/presentata", **LEAD)).content
    assert hashlib.sha256(text).hexdigest() == receipt["impronta"]
    assert again["impronta"].encode() in text, "the receipt vouches for the files too"
    pdf_receipt = (await bandi.get(f"{path}/ricevuta/pdf", **LEAD)).content
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_receipt)).pages)
    assert again["impronta"][:16] in printed.replace("\n", "")
    for refused in (
        await bozza.file(announced, pdf_a("terza")),
        await bandi.delete(f"{path}/documenti/{announced}", **LEAD),
        await bandi.post(f"{path}/documenti", json={"nome": "tardi.pdf"}, **LEAD),
    ):
        assert (refused.status_code, problem(refused)) == (409, "documenti-chiusi")

    file = f"{path}/documenti/{announced}/file"
    got = await bandi.get(file, roles=["funzionario_bandi"], ente="REGIONE-LOMBARDIA", sub="ufficio.esame")
    assert (got.content, got.headers["content-type"]) == (content, "application/pdf")
    assert "documento.pdf" in got.headers["content-disposition"]
    async with bandi.transaction() as session:
        seen = tables.access_register
        lines = await session.scalars(sa.select(seen.c.oggetto_id).where(seen.c.soggetto == "ufficio.esame"))
        assert list(lines) == [announced], "who examines leaves a line"
    stranger = await bandi.get(file, roles=["proponente"], ente="COMUNE-Z")
    assert (stranger.status_code, problem(stranger)) == (403, "domanda-di-altri")
    assert (await bandi.get(file, roles=["operatore_accreditato"], ente="SOLCO")).content == content

    copy = await office.ok("POST", f"{path}/sostituzione", **LEAD)
    (kept,) = (await office.ok("GET", f"/v1/domande/{copy['domanda_id']}/documenti", **LEAD))["items"]
    assert (kept["impronta"], kept["presentato"]) == (again["impronta"], False), "a replacement begins with its files"
    assert kept["documento_id"] != announced


async def test_a_file_that_was_changed_in_the_store_is_not_given(bandi: ServiceUnderTest) -> None:
    bozza = await draft_of(bandi, "ALTERATO")
    documento = (await bozza.carica(pdf())).json()["documento_id"]
    empty = await bandi.get(f"{bozza.path}/documenti/{await bozza.annuncia()}/file", **LEAD)
    assert (empty.status_code, problem(empty)) == (404, "file-non-caricato")
    folder = Path(str(bandi.settings.store_url).removeprefix("file://"))
    (file,) = (folder / "domande" / bozza.path.rsplit("/", 1)[-1]).iterdir()
    file.write_bytes(b"altro")
    changed = await bandi.get(f"{bozza.path}/documenti/{documento}/file", **LEAD)
    assert (changed.status_code, problem(changed)) == (500, "documento-alterato")
    file.unlink()
    lost = await bandi.get(f"{bozza.path}/documenti/{documento}/file", **LEAD)
    assert problem(lost) == "documento-alterato"


async def test_files_that_nothing_names_any_more_are_removed_and_the_others_stay(
    bandi: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bozza = await draft_of(bandi, "ORFANI")
    documento = await bozza.annuncia()
    for text in ("prima", "seconda"):
        assert (await bozza.file(documento, pdf_a(text))).status_code == 200
    folder = Path(str(bandi.settings.store_url).removeprefix("file://")) / "domande" / bozza.path.rsplit("/", 1)[-1]
    assert len(list(folder.iterdir())) == 2
    await bandi.run_job(service.rimuovi_file_orfani)
    assert len(list(folder.iterdir())) == 2, "an upload may be on its way"
    monkeypatch.setattr(service, "ORFANI_DOPO", timedelta(0))
    await bandi.run_job(service.rimuovi_file_orfani)
    assert len(list(folder.iterdir())) == 1
    got = await bandi.get(f"{bozza.path}/documenti/{documento}/file", **LEAD)
    assert got.content == pdf_a("seconda")
    async with bandi.transaction() as session:
        keys = list(await session.scalars(sa.select(col(Deposito.chiave))))
    assert sum(str(UUID(bozza.path.rsplit("/", 1)[-1])) in key for key in keys) == 1


async def test_an_application_has_room_for_a_hundred_documents(
    bandi: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bozza = await draft_of(bandi, "TROPPI")
    monkeypatch.setattr("services.bandi.rules.documenti.DOCUMENTI_MASSIMI", 2)
    for _ in range(2):
        await bozza.annuncia()
    refused = await bandi.post(f"{bozza.path}/documenti", json={"nome": "terzo.pdf"}, **LEAD)
    assert (refused.status_code, problem(refused)) == (409, "troppi-documenti")
    wrong = await bandi.post(f"{bozza.path}/documenti", json={"nome": "../../etc/passwd"}, **LEAD)
    assert wrong.status_code == 422
