"""Payment files a treasury hands to its bank: SEPA credit transfers, ISO 20022 pain.001.001.09 (ADR 0046)."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from stdnum import iban
from stdnum.exceptions import ValidationError

from chassis.errors import Invalid
from chassis.italian import ROMA

SCHEMA = "pain.001.001.09"
_NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
_NAME_MAX = 70
_ID_MAX = 35


class IbanNonValido(Invalid):
    """The bank coordinate has a wrong length, country structure or check digits."""

    title = "IBAN non valido"


@dataclass(frozen=True)
class Account:
    """Who pays: name and bank coordinate."""

    name: str
    iban: str
    bic: str | None = None


@dataclass(frozen=True)
class Payment:
    """One transfer.

    Args:
        payment_id: at most 35 characters, comes back in the bank's statement; no personal data.
        name: the receiver.
        iban: the receiver's bank coordinate.
        cents: the amount, above zero.
        text: what the receiver reads, at most 140 characters.
    """

    payment_id: str
    name: str
    iban: str
    cents: int
    text: str


def check_iban(text: str) -> str:
    """Check a bank coordinate and write it without spaces, in capitals.

    Args:
        text: as a person typed it; spaces allowed.

    Returns:
        The compact form.

    Raises:
        IbanNonValido: wrong length, structure or check digits; the refused text is not repeated.

    Source: ISO 13616.
    """
    try:
        return str(iban.validate(text))
    except ValidationError as error:
        raise IbanNonValido(
            "L'IBAN non e' valido: lunghezza, struttura del paese o cifre di controllo non tornano.",
            field="iban",
            remedy="Ricopiare l'IBAN dall'estratto conto: quello italiano ha 27 caratteri e comincia con IT.",
        ) from error


def payment_file(
    *, message_id: str, debtor: Account, payments: Sequence[Payment], execution: date, now: datetime
) -> bytes:
    """Render the transfers as one booking, checked against the schema of ISO 20022.

    Args:
        message_id: at most 35 characters; the bank refuses a second file with the same one.
        debtor: who pays.
        payments: at least one, every amount above zero.
        execution: the day on which the bank is asked to pay.
        now: the instant written into the file; the same inputs give the same bytes.

    Returns:
        The XML file.

    Raises:
        ValueError: no payment, an amount not above zero, or an identifier too long.
        IbanNonValido: an account is not valid.
        sepaxml.validation.ValidationError: the file would not follow the schema.
    """
    from sepaxml import SepaTransfer
    from sepaxml.validation import try_valid_xml

    if not payments:
        raise ValueError("a payment file holds at least one payment")
    if any(payment.cents <= 0 for payment in payments):
        raise ValueError("amounts are above zero")
    if any(len(text) > _ID_MAX for text in (message_id, *(payment.payment_id for payment in payments))):
        raise ValueError(f"identifiers have at most {_ID_MAX} characters")
    config = {"name": debtor.name[:_NAME_MAX], "IBAN": check_iban(debtor.iban), "currency": "EUR", "batch": True}
    if debtor.bic is not None:
        config["BIC"] = debtor.bic
    transfer = SepaTransfer(config, schema=SCHEMA, clean=True)
    for payment in payments:
        transfer.add_payment(
            {
                "name": payment.name,
                "IBAN": check_iban(payment.iban),
                "amount": payment.cents,
                "execution_date": execution,
                "description": payment.text,
                "endtoend_id": payment.payment_id,
            }
        )
    data = _with_own_marks(transfer.export(validate=False, pretty_print=False), message_id, now)
    try_valid_xml(data, SCHEMA)
    return data


def _with_own_marks(data: bytes, message_id: str, now: datetime) -> bytes:
    """Put our identifiers and instant where the library draws its own, so that the file can be rendered again."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.fromstring(data)  # noqa: S314 - written by the library a moment ago
    marks = {
        "MsgId": message_id,
        "PmtInfId": message_id,
        "CreDtTm": now.astimezone(ROMA).replace(microsecond=0, tzinfo=None).isoformat(),
    }
    for name, text in marks.items():
        for element in root.iter(f"{{{_NAMESPACE}}}{name}"):
            element.text = text
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))
