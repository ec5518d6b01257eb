"""From an attendance to points: what is due, to whom, and how to reach it from what was already posted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from chassis.errors import Conflict, NotFound
from services.puntiluna.rules.registro import Conto, Libro, TipoConto
from services.puntiluna.rules.tariffe import (
    MINUTI_MASSIMI,
    Fascia,
    Tariffa,
    TipoTariffa,
    giorno_di,
    punti_per,
    tariffa_in_vigore,
)


class StatoAccredito(StrEnum):
    """Where the points of an attendance are."""

    ACCREDITATO = "accreditato"
    IN_ATTESA_FONDO = "in_attesa_fondo"
    SENZA_TARIFFA = "senza_tariffa"
    NON_DOVUTO = "non_dovuto"
    OLTRE_LIMITE = "oltre_limite"
    ORA_GIA_PAGATA = "ora_gia_pagata"
    ANNULLATO = "annullato"


class AccreditoSconosciuto(NotFound):
    """No attendance with that id ever arrived here."""

    title = "Accredito sconosciuto"


class AccreditoNonRivalutabile(Conflict):
    """Only what waits for a tariff or was over a limit can be evaluated again."""

    title = "Accredito non rivalutabile"


@dataclass(frozen=True, slots=True)
class Presenza:
    """An attendance as last told by its lab."""

    presenza_id: UUID
    versione: int
    annullata: bool
    progetto_id: UUID | None
    attivita_id: UUID
    persona_id: UUID
    nucleo_id: UUID | None
    inizio: datetime
    fine: datetime
    minuti: int
    fascia: Fascia
    diretta: bool
    categoria_indiretta: str | None
    confermata_il: datetime


@dataclass(frozen=True, slots=True)
class Spettanza:
    """What an attendance is worth: points, or the reason why none."""

    punti_cent: int
    stato: StatoAccredito
    motivo: str | None = None


@dataclass(frozen=True, slots=True)
class ContrattoNoto:
    """A tenancy contract of a household with the debt last told by its landlord (None: never told)."""

    contratto_codice: str
    ente_proprietario: str
    dal: date
    al: date | None
    debito_cent: int | None


@dataclass(frozen=True, slots=True)
class Allineamento:
    """How to go from what is granted to what is due, all in hundredths."""

    accredita_cent: int
    storna_cent: int
    condona_cent: int
    """Part of an open recovery that is no longer wanted."""
    recupera_cent: int
    """Part that cannot be taken back now: it is recovered from the next points."""


def valuta(presenza: Presenza, tariffe: Iterable[Tariffa]) -> Spettanza:
    """Say what an attendance is worth by the tariffs of its day, before limits and other claims on its hours.

    Args:
        presenza: the attendance.
        tariffe: all the tariffs known.

    Returns:
        The points, or zero with the reason.

    Source: PRESS2019; DOMAIN, puntiluna, "Tariff by date".
    """
    if presenza.annullata:
        return Spettanza(0, StatoAccredito.ANNULLATO, "presenza annullata")
    if presenza.progetto_id is None:
        return Spettanza(0, StatoAccredito.NON_DOVUTO, "il laboratorio non appartiene a un progetto con un fondo punti")
    if presenza.minuti <= 0 or presenza.minuti > MINUTI_MASSIMI:
        return Spettanza(0, StatoAccredito.NON_DOVUTO, "durata fuori dalla giornata")
    if presenza.diretta or presenza.categoria_indiretta is None:
        if presenza.fascia is Fascia.NESSUNA:
            return Spettanza(0, StatoAccredito.NON_DOVUTO, "l'attività non dà punti")
        tipo, voce = TipoTariffa.FASCIA, str(presenza.fascia)
    else:
        tipo, voce = TipoTariffa.INDIRETTA, presenza.categoria_indiretta
    tariffa = tariffa_in_vigore(
        tariffe, progetto_id=presenza.progetto_id, tipo=tipo, voce=voce, giorno=giorno_di(presenza.inizio)
    )
    if tariffa is None:
        return Spettanza(0, StatoAccredito.SENZA_TARIFFA, f"manca la tariffa «{voce}» alla data della presenza")
    punti = punti_per(presenza.minuti, tariffa.punti_ora_cent)
    if punti == 0:
        return Spettanza(0, StatoAccredito.NON_DOVUTO, "la tariffa non dà punti per questa durata")
    return Spettanza(punti, StatoAccredito.ACCREDITATO)


def beneficiario(
    *, nucleo_id: UUID | None, persona_id: UUID, contratti: Sequence[ContrattoNoto] | None, giorno: date
) -> Conto:
    """Choose the account that earns: the household's, or a donor's for who has no contract or no arrears.

    Args:
        nucleo_id: household at the date of the attendance, None for a person without one.
        persona_id: the person.
        contratti: the household's contracts as last told; None when nothing is known of the household yet.
        giorno: day of the attendance in Italy.

    Returns:
        A `nucleo` account, or a `donatore` account that can only give. A debt never told is not a zero debt.

    Source: DOMAIN, decisions 5, 6 and 7.
    """
    if nucleo_id is None:
        return Conto(Libro.PUNTI, TipoConto.DONATORE, str(persona_id))
    if contratti is None:
        return Conto(Libro.PUNTI, TipoConto.NUCLEO, str(nucleo_id))
    aperti = [
        c for c in contratti if (c.dal <= giorno and (c.al is None or giorno <= c.al)) or (c.debito_cent or 0) > 0
    ]
    con_arretrati_possibili = any(c.debito_cent is None or c.debito_cent > 0 for c in aperti)
    tipo = TipoConto.NUCLEO if con_arretrati_possibili else TipoConto.DONATORE
    return Conto(Libro.PUNTI, tipo, str(nucleo_id))


def allinea(*, dovuto_cent: int, concesso_cent: int, in_recupero_cent: int, disponibile_cent: int) -> Allineamento:
    """Compute the movements that bring what an attendance granted to what it is due.

    Args:
        dovuto_cent: what is due now.
        concesso_cent: what the household holds by right of this attendance today (posted less what is being recovered).
        in_recupero_cent: what is still being recovered of this attendance.
        disponibile_cent: what the beneficiary's account holds now.

    Returns:
        The parts to credit, to reverse at once, to stop recovering, and to recover later: no account goes below zero.

    Source: ADR 0044.
    """
    differenza = dovuto_cent - concesso_cent
    if differenza >= 0:
        condona = min(in_recupero_cent, differenza)
        return Allineamento(differenza - condona, 0, condona, 0)
    storna = min(-differenza, max(disponibile_cent, 0))
    return Allineamento(0, storna, 0, -differenza - storna)
