"""Bodies of balances, carry-overs and simulations."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.types import Body, Conteggio, Istante, Punti, PuntiConSegno, TestoBreve, TestoMedio, View
from services.puntiluna.rules.accrediti import StatoAccredito
from services.puntiluna.rules.riporti import RIGHE_MASSIME, EsitoRiporto
from services.puntiluna.rules.tariffe import MINUTI_MASSIMI, AmbitoLimite, Fascia
from services.puntiluna.schemas.comuni import Parola, PuntiPositivi

Riferimento = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,63}$", max_length=64)]
"""The reference of a row, given once by its act."""


class SaldoVista(View):
    """What a household held at an instant."""

    nucleo_id: UUID
    al: Istante
    saldo: Punti = Field(description="punti del nucleo")
    saldo_donatore: Punti = Field(description="punti che il nucleo può solo donare")
    quote: Punti = Field(description="euro delle indennità destinati alla morosità e non ancora prenotati")


class RigaRiportoNuova(Body):
    """Points of a household to carry over."""

    riferimento: Riferimento = Field(description="una volta sola per atto: chi ripete la riga non accredita due volte")
    nucleo_id: UUID
    punti: PuntiPositivi


class RiportoNuovo(Body):
    """A carry-over: an act and its rows."""

    atto: TestoBreve = Field(description="estremi dell'atto che attesta i punti")
    righe: list[RigaRiportoNuova] = Field(min_length=1, max_length=RIGHE_MASSIME)


class RigaRiportoVista(View):
    """What became of a row."""

    riferimento: Riferimento
    esito: EsitoRiporto
    movimento_id: UUID | None = Field(description="il movimento, se i punti sono accreditati")


class RiportoVista(View):
    """What became of a carry-over, row by row."""

    registrate: Conteggio
    items: list[RigaRiportoVista] = Field(max_length=RIGHE_MASSIME)


class PresenzaIpotetica(Body):
    """An attendance as it might be."""

    inizio: Istante
    minuti: Annotated[int, Field(ge=1, le=MINUTI_MASSIMI)]
    fascia: Fascia = Fascia.BASE
    categoria_indiretta: Parola | None = Field(default=None, description="solo per un'attività indiretta")
    attivita_id: UUID | None = None
    nucleo_id: UUID | None = Field(default=None, description="per provare i limiti del nucleo nel mese")
    persona_id: UUID | None = Field(default=None, description="per provare i limiti della persona nel giorno")


class SimulazioneNuova(Body):
    """Attendances to evaluate together, in order, without registering anything."""

    progetto_id: UUID
    presenze: list[PresenzaIpotetica] = Field(min_length=1, max_length=100)


class LimiteProvato(View):
    """A limit tested with the others."""

    limite_id: UUID
    ambito: AmbitoLimite
    rigido: bool
    massimo: Punti
    consumati: Punti = Field(description="punti già contati prima di questa presenza")
    superato: bool


class PuntiSimulati(View):
    """What an attendance would give."""

    punti: Punti
    stato: StatoAccredito
    motivo: TestoMedio | None
    limiti: list[LimiteProvato] = Field(max_length=1000)


class SimulazioneVista(View):
    """What the attendances would give."""

    totale: PuntiConSegno
    items: list[PuntiSimulati] = Field(max_length=100)
