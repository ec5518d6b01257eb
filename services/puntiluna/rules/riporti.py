"""Points earned before the platform, carried over by an act: out of the fund like any others."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from chassis.errors import Invalid
from services.puntiluna.rules.registro import EsitoRegistrazione

RIGHE_MASSIME = 1000


class EsitoRiporto(StrEnum):
    """What became of a row of a carry-over."""

    REGISTRATO = "registrato"
    SALDO_INSUFFICIENTE = "saldo_insufficiente"
    RIFERIMENTO_RIUSATO = "riferimento_riusato"
    NUCLEO_SCONOSCIUTO = "nucleo_sconosciuto"


class RiferimentoDoppio(Invalid):
    """Two rows of the same carry-over have the same reference."""

    title = "Riferimento doppio"


@dataclass(frozen=True, slots=True)
class RigaRiporto:
    """Points of a household, under a reference that the act gives once."""

    riferimento: str
    nucleo_id: UUID
    punti_cent: int


def controlla_riferimenti(righe: tuple[RigaRiporto, ...]) -> None:
    """Refuse a carry-over that names a reference twice.

    Args:
        righe: its rows.

    Raises:
        RiferimentoDoppio: two rows have the same reference.
    """
    visti: set[str] = set()
    for riga in righe:
        if riga.riferimento in visti:
            raise RiferimentoDoppio(
                f"Il riferimento «{riga.riferimento}» compare due volte.",
                field="righe",
                remedy="Dai a ogni riga dell'atto un riferimento suo: chi lo ripete non accredita due volte.",
            )
        visti.add(riga.riferimento)


def chiave_riporto(progetto_id: UUID, atto: str, riferimento: str) -> str:
    """Give the key under which a row is posted once, however often it is sent."""
    return f"riporto:{progetto_id}:{riferimento}:{atto}"


def esito_riporto(esito: EsitoRegistrazione) -> EsitoRiporto:
    """Say what the ledger's answer means to who sent the row: a repetition is told as the first time."""
    return {
        EsitoRegistrazione.REGISTRATO: EsitoRiporto.REGISTRATO,
        EsitoRegistrazione.GIA_REGISTRATO: EsitoRiporto.REGISTRATO,
        EsitoRegistrazione.SALDO_INSUFFICIENTE: EsitoRiporto.SALDO_INSUFFICIENTE,
        EsitoRegistrazione.CHIAVE_RIUSATA: EsitoRiporto.RIFERIMENTO_RIUSATO,
    }[esito]
