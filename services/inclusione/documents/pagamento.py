"""A payment file (pain.001): names of people come in at the last moment and stay in the file alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from chassis.sepa import Account, Payment, payment_file


@dataclass(frozen=True, slots=True)
class FilePagamento:
    """What a payment file is made from, but the names; never shown nor logged: it holds account numbers."""

    message_id: str
    debtor: Account
    execution: date
    now: datetime
    payments: Sequence[tuple[UUID, Payment]]

    def __repr__(self) -> str:
        return f"FilePagamento({self.message_id})"

    @property
    def persone(self) -> list[UUID]:
        """Whose names it needs."""
        return sorted({persona_id for persona_id, _ in self.payments})


def xml_pagamento(file: FilePagamento, nomi: Mapping[UUID, str]) -> bytes:
    """The file for the bank; the same values and names give the same bytes.

    Args:
        nomi: first name and surname by person, as laboratori tells them at this moment.
    """
    return payment_file(
        message_id=file.message_id,
        debtor=file.debtor,
        payments=[replace(payment, name=nomi[persona_id]) for persona_id, payment in file.payments],
        execution=file.execution,
        now=file.now,
    )
