"""Hours registered one by one, for a session, or in bulk: each row is checked on its own, all are written together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from chassis.ids import uuid7
from chassis.tokens import Principal
from services.inclusione.models import Ora, Pip, PipServizio, Sessione
from services.inclusione.queries import ore as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import sessioni as queries_sessioni
from services.inclusione.queries import sospensioni as queries_sospensioni
from services.inclusione.rules.ore import (
    Intervallo,
    OraNonValida,
    OraSovrapposta,
    PipNonAttivo,
    intervallo,
    verifica_nel_piano,
    verifica_nella_sessione,
    verifica_residuo,
    verifica_sola_persona,
)
from services.inclusione.rules.sospensione import Sospensione, verifica_giorno
from services.inclusione.rules.stati import IN_CORSO, StatoOra
from services.inclusione.schemas.ore import EsitoOre, OraDiUnPip
from services.inclusione.service.ore import Esiti, di_chi_chiama, sconosciuto


@dataclass(slots=True)
class Contesto:
    """What rows are checked against: plans under their locks, services, who each person is now, days and sessions."""

    piani: dict[UUID, Pip]
    servizi: dict[tuple[UUID, str], PipServizio]
    persone: dict[UUID, UUID]
    sospensioni: dict[UUID, list[Sospensione]]
    sessioni: dict[str, Sessione]
    presenti: dict[str, set[UUID]]
    occupati: dict[UUID, list[tuple[datetime, datetime]]]
    nuove: list[Ora] = field(default_factory=list)

    def libero(self, persona_id: UUID, tempo: Intervallo) -> bool:
        """Whether a person has no other hour in an interval, before or in this request."""
        return all(tempo.fine <= inizio or fine <= tempo.inizio for inizio, fine in self.occupati.get(persona_id, ()))


async def registra_ore(
    session: AsyncSession, righe: Sequence[OraDiUnPip], *, principal: Principal, now: datetime
) -> EsitoOre:
    """Registers hours, each row on its own: none beyond the plan, outside its dates, or overlapping.

    Returns:
        The ids registered in order, and the refused rows with the type of the refusal.
    """
    contesto = await _contesto(session, righe, principal)
    esiti = Esiti([], [])
    poste: list[tuple[int, Ora]] = []
    for posizione, riga in enumerate(righe):
        try:
            poste.append((posizione, _prova(contesto, riga, principal=principal, now=now)))
        except Refusal as refusal:
            esiti.rifiuta(posizione, None, refusal)
    scritte = await queries.aggiungi_ore(session, [ora for _, ora in poste])
    for posizione, ora in poste:
        if ora.ore_id in scritte:
            esiti.fatte.append(ora.ore_id)
        else:  # meanwhile the person got another hour through a plan that is not in this request
            _conta(contesto, ora, -ora.minuti)
            esiti.rifiuta(posizione, None, _sovrapposta())
    await session.flush()
    esiti.rifiutate.sort(key=lambda rifiutata: rifiutata.riga)
    return esiti.vista()


async def registra_ora(session: AsyncSession, riga: OraDiUnPip, *, principal: Principal, now: datetime) -> Ora:
    """Registers one hour.

    Raises:
        NotFound: no such plan among the caller's.
        PipNonAttivo, OraNonValida, OraFutura, OraFuoriPiano, OraInSospensione, OrePianoEsaurite: see the rules.
        OraSovrapposta: the person already has an hour in that interval.
        SessioneNonValida: the hour does not belong to that session.
    """
    contesto = await _contesto(session, [riga], principal)
    ora = _prova(contesto, riga, principal=principal, now=now)
    if not await queries.aggiungi_ore(session, [ora]):
        raise _sovrapposta()
    await session.flush()
    return ora


async def _contesto(session: AsyncSession, righe: Sequence[OraDiUnPip], principal: Principal) -> Contesto:
    bloccati = await queries_pip.blocca_piani(session, {riga.pip_id for riga in righe})
    piani = await di_chi_chiama(session, bloccati, principal)
    persone = {pip.persona_id: await queries_persone.persona_attuale(session, pip.persona_id) for pip in piani.values()}
    sospesi = await queries_sospensioni.sospensioni(session, piani.keys())
    codici = {riga.sessione for riga in righe if riga.sessione is not None}
    sessioni = await queries_sessioni.blocca_sessioni(session, principal.ente or "", codici)
    tempi = [istante for riga in righe for istante in (riga.inizio, riga.fine)]
    return Contesto(
        piani=piani,
        servizi={(uno.pip_id, uno.servizio_codice): uno for uno in await queries_pip.servizi(session, piani.keys())},
        persone=persone,
        sospensioni={pip_id: [Sospensione(una.dal, una.al) for una in sue] for pip_id, sue in sospesi.items()},
        sessioni=sessioni,
        presenti=await queries_sessioni.presenti(session, principal.ente or "", codici),
        occupati=await queries.ore_occupate(session, set(persone.values()), min(tempi), max(tempi)),
    )


def _prova(contesto: Contesto, riga: OraDiUnPip, *, principal: Principal, now: datetime) -> Ora:
    pip = contesto.piani.get(riga.pip_id)
    if pip is None:
        raise sconosciuto()
    ora = _ora_nuova(contesto, pip, riga, principal=principal, now=now)
    tempo = Intervallo(ora.inizio, ora.fine, ora.minuti, ora.giorno)
    if ora.diretta:
        if not contesto.libero(ora.persona_id, tempo):
            raise _sovrapposta()
        contesto.occupati.setdefault(ora.persona_id, []).append((ora.inizio, ora.fine))
    if ora.sessione is not None:
        contesto.presenti.setdefault(ora.sessione, set()).add(pip.pip_id)
    _conta(contesto, ora, ora.minuti)
    return ora


def _conta(contesto: Contesto, ora: Ora, minuti: int) -> None:
    if ora.servizio_codice is not None:
        contesto.servizi[ora.pip_id, ora.servizio_codice].registrati_minuti += minuti


def _sovrapposta() -> OraSovrapposta:
    return OraSovrapposta(
        "La persona ha gia' un'ora registrata in quell'intervallo.",
        field="inizio",
        remedy="Correggere l'intervallo, oppure annullare l'altra ora.",
    )


def _ora_nuova(contesto: Contesto, pip: Pip, riga: OraDiUnPip, *, principal: Principal, now: datetime) -> Ora:
    if (riga.servizio_codice is None) == (riga.categoria_indiretta is None):
        raise OraNonValida(
            "Un'ora e' di un servizio oppure di una categoria indiretta, non di entrambi.",
            field="servizio_codice",
            remedy="Indicare uno solo dei due campi.",
        )
    if pip.stato not in IN_CORSO or pip.inizio is None or pip.fine is None:
        raise PipNonAttivo(
            f"Il piano e' {pip.stato.value}: le ore si registrano su un piano in corso.",
            field="pip_id",
            remedy="Firmare il piano e attendere il suo inizio.",
        )
    tempo = intervallo(riga.inizio, riga.fine, now=now)
    verifica_nel_piano(tempo, dal=pip.inizio, al=pip.fine)
    if riga.servizio_codice is not None:
        verifica_giorno(tempo.giorno, contesto.sospensioni.get(pip.pip_id, ()))
        servizio = contesto.servizi.get((pip.pip_id, riga.servizio_codice))
        verifica_residuo(
            riga.servizio_codice,
            tempo.minuti,
            previsti=servizio.previsti_minuti if servizio and servizio.previsti_minuti else None,
            registrati=servizio.registrati_minuti if servizio else 0,
        )
    if riga.sessione is not None:
        _nella_sessione(contesto, pip, riga, riga.sessione, tempo)
    return Ora(
        ore_id=uuid7(),
        versione=1,
        pip_id=pip.pip_id,
        persona_id=contesto.persone[pip.persona_id],
        ente=pip.ente,
        diretta=riga.servizio_codice is not None,
        servizio_codice=riga.servizio_codice,
        categoria_indiretta=riga.categoria_indiretta,
        sessione=riga.sessione,
        inizio=tempo.inizio,
        fine=tempo.fine,
        minuti=tempo.minuti,
        giorno=tempo.giorno,
        piano_dal=pip.inizio,
        piano_al=pip.fine,
        stato=StatoOra.REGISTRATA,
        registrata_da=principal.subject,
        registrata_il=now,
    )


def _nella_sessione(contesto: Contesto, pip: Pip, riga: OraDiUnPip, codice: str, tempo: Intervallo) -> None:
    pagina = contesto.sessioni.get(codice)
    verifica_nella_sessione(
        tempo,
        riga.servizio_codice,
        sessione=None if pagina is None else (pagina.inizio, pagina.fine),
        servizio_sessione=None if pagina is None or pagina.progetto_id != pip.progetto_id else pagina.servizio_codice,
        codice=codice,
    )
    assert pagina is not None
    verifica_sola_persona(pagina.tipo, codice, gia_altri=bool(contesto.presenti.get(codice, set()) - {pip.pip_id}))
