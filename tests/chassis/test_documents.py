"""Documents for people and payment files for banks."""

import asyncio
import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from chassis.italian import amount_text, instant_text
from chassis.pdf import Document, render
from chassis.sepa import Account, IbanNonValido, Payment, check_iban, payment_file

NOW = datetime(2020, 11, 30, 17, 5, tzinfo=UTC)
IBAN = "IT60X0542811101000000123456"


def receipt() -> Document:
    document = Document(title="Ricevuta di presentazione", issuer="Comune di Mantova", now=NOW)
    document.heading("Domanda")
    document.fields([("Protocollo", "12"), ("Capofila", "Željko Ćosić, perché no?")])
    document.paragraph("Presentata nei termini.")
    document.table(
        headers=("Riga", "Importo"), rows=[(f"riga {n}", amount_text(n * 100)) for n in range(90)], align="LR"
    )
    document.code("https://quartieri.example/attestati/AB12")
    document.fingerprint("Impronta SHA-256", "ab" * 32)
    return document


async def test_the_same_values_give_the_same_pdf_bytes() -> None:
    first = await render(receipt())
    await asyncio.sleep(1.1)
    assert receipt().render() == first, "a second later on the wall clock"
    assert b"<" + b"0" * 32 + b">" not in first, "the file's identifier is drawn from its bytes"


def test_a_pdf_keeps_its_text_and_says_that_it_is_pdf_a() -> None:
    reader = PdfReader(io.BytesIO(receipt().render()))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Željko Ćosić, perché no?" in text
    assert "emesso il 30/11/2020 18:05" in text
    assert len(reader.pages) > 1
    assert text.count("Riga") == len(reader.pages), "the table's headers stand on every page it reaches"
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert metadata.dc_title == {"x-default": "Ricevuta di presentazione"}
    assert b"<pdfaid:part>2</pdfaid:part>" in receipt().render()


def transfers(*payments: Payment) -> bytes:
    return payment_file(
        message_id="DISTINTA-7",
        debtor=Account("Comune di Mantova", IBAN),
        payments=payments,
        execution=date(2020, 12, 1),
        now=NOW,
    )


def test_a_payment_file_adds_up_to_the_cent_and_can_be_written_again() -> None:
    payments = (
        Payment("r1", "ALER", IBAN, 123450, "Distinta 7"),
        Payment("r2", "Però", "DE89 3704 0044 0532 0130 00", 5, "x"),
    )
    data = transfers(*payments)
    assert data == transfers(*payments)
    assert b"<CtrlSum>1234.55</CtrlSum>" in data
    assert b"<MsgId>DISTINTA-7</MsgId><CreDtTm>2020-11-30T18:05:00</CreDtTm>" in data
    assert b"<IBAN>DE89370400440532013000</IBAN>" in data


@pytest.mark.parametrize(
    "payments",
    [(), (Payment("r1", "ALER", IBAN, 0, "x"),), (Payment("r" * 36, "ALER", IBAN, 1, "x"),)],
    ids=["none", "zero", "long identifier"],
)
def test_a_payment_file_that_a_bank_would_refuse_is_not_written(payments: tuple[Payment, ...]) -> None:
    with pytest.raises(ValueError, match=r"payment|amounts|identifiers"):
        transfers(*payments)


def test_an_iban_is_compacted_and_its_check_digits_are_checked() -> None:
    assert check_iban("it60 X054 2811 1010 0000 0123 456") == IBAN
    with pytest.raises(IbanNonValido) as refused:
        check_iban("IT61X0542811101000000123456")
    assert "IT61" not in str(refused.value.problem())


def test_italian_readers_see_the_hour_of_rome_and_their_separators() -> None:
    assert instant_text(datetime(2020, 7, 1, 22, 30, tzinfo=UTC)) == "02/07/2020 00:30"
    assert amount_text(782705151) == "7.827.051,51"
    assert amount_text(-5) == "-0,05"
