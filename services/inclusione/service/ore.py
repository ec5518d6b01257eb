"""Hours: registered, signed, validated (all in bulk, refused one by one), annulled; paid once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Refusal
from chassis.ids import uuid7
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.inclusione.models import Ora, Pip, PipServizio
from services.inclusione.queries import ore as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries.ore import OraLetta
from services.inclusione.rules.ore import (
    OraNonValida,
    OraSovrapposta,
    PipNonAttivo,
    StatoOra,
    intervallo,
    verifica_nel_piano,
    verifica_passo,
    verifica_residuo,
)
from services.inclusione.rules.pip import MetodoFirma, StatoPip
from services.inclusione.schemas.ore import EsitoOre, OraDiUnPip, RigaRifiutata


@dataclass(slots=True)
class Esiti:
    """What came of each row of a bulk request."""

    fatte: list[UUID]
    rifiutate: list[RigaRifiutata]

    def rifiuta(self, riga: int, ore_id: UUID | None, refusal: Refusal) -> None:
        """Adds a refused row."""
        self.rifiutate.append(
            RigaRifiutata(riga=riga, ore_id=ore_id, tipo=refusal.slug(), messaggio=refusal.detail[:2000])
        )

    def vista(self) -> EsitoOre:
        """The answer."""
        return EsitoOre(fatte=self.fatte, rifiutate=self.rifiutate)


async def _di_chi_chiama(session: AsyncSession, bloccati: dict[UUID, Pip], principal: Principal) -> dict[UUID, Pip]:
    """Of the plans whose locks are held, those the caller works on: the operator's own, or of the lead's projects."""
    capofila = await queries_pip.capofila_dei_progetti(session, {pip.progetto_id for pip in bloccati.values()})
    operatore = principal.has(Ruolo.OPERATORE_ACCREDITATO)
    funzionario = principal.has(Ruolo.FUNZIONARIO_COMUNE)
    return {
        pip_id: pip
        for pip_id, pip in bloccati.items()
        if principal.ente is not None
        and (
            (operatore and pip.ente == principal.ente)
            or (funzionario and capofila.get(pip.progetto_id) == principal.ente)
        )
    }


def _sconosciuto() -> NotFound:
    return NotFound("Il piano o l'ora non esiste fra quelli di chi chiama.")


async def registra_ore(
    session: AsyncSession, righe: Sequence[OraDiUnPip], *, principal: Principal, now: datetime
) -> EsitoOre:
    """Registers hours, each row on its own: none beyond the plan, outside its dates, or overlapping.

    Returns:
        The ids registered in order, and the refused rows with the type of the refusal.
    """
    piani, servizi, persone = await _prepara(session, {riga.pip_id for riga in righe}, principal)
    esiti = Esiti([], [])
    for posizione, riga in enumerate(righe):
        try:
            ora = await _registra(session, riga, piani, servizi, persone, principal=principal, now=now)
        except Refusal as refusal:
            esiti.rifiuta(posizione, None, refusal)
        else:
            esiti.fatte.append(ora.ore_id)
    await session.flush()
    return esiti.vista()


async def registra_ora(session: AsyncSession, riga: OraDiUnPip, *, principal: Principal, now: datetime) -> Ora:
    """Registers one hour.

    Raises:
        NotFound: no such plan among the caller's.
        PipNonAttivo, OraNonValida, OraFutura, OraFuoriPiano, OrePianoEsaurite: see the rules.
        OraSovrapposta: the person already has an hour in that interval.
    """
    piani, servizi, persone = await _prepara(session, {riga.pip_id}, principal)
    ora = await _registra(session, riga, piani, servizi, persone, principal=principal, now=now)
    await session.flush()
    return ora


Servizi = dict[tuple[UUID, str], PipServizio]


async def _prepara(
    session: AsyncSession, identita: set[UUID], principal: Principal
) -> tuple[dict[UUID, Pip], Servizi, dict[UUID, UUID]]:
    piani = await _di_chi_chiama(session, await queries_pip.blocca_piani(session, identita), principal)
    servizi = {(riga.pip_id, riga.servizio_codice): riga for riga in await queries_pip.servizi(session, piani.keys())}
    persone = {pip.persona_id: await queries_persone.persona_attuale(session, pip.persona_id) for pip in piani.values()}
    return piani, servizi, persone


async def _registra(
    session: AsyncSession,
    riga: OraDiUnPip,
    piani: dict[UUID, Pip],
    servizi: Servizi,
    persone: dict[UUID, UUID],
    *,
    principal: Principal,
    now: datetime,
) -> Ora:
    pip = piani.get(riga.pip_id)
    if pip is None:
        raise _sconosciuto()
    ora = _ora_nuova(pip, persone[pip.persona_id], riga, servizi, principal=principal, now=now)
    if not await queries.aggiungi_ora(session, ora):
        raise OraSovrapposta(
            "La persona ha gia' un'ora registrata in quell'intervallo.",
            field="inizio",
            remedy="Correggere l'intervallo, oppure annullare l'altra ora.",
        )
    if ora.servizio_codice is not None:
        servizi[pip.pip_id, ora.servizio_codice].registrati_minuti += ora.minuti
    return ora


def _ora_nuova(
    pip: Pip,
    persona_id: UUID,
    riga: OraDiUnPip,
    servizi: Servizi,
    *,
    principal: Principal,
    now: datetime,
) -> Ora:
    if (riga.servizio_codice is None) == (riga.categoria_indiretta is None):
        raise OraNonValida(
            "Un'ora e' di un servizio oppure di una categoria indiretta, non di entrambi.",
            field="servizio_codice",
            remedy="Indicare uno solo dei due campi.",
        )
    if pip.stato is not StatoPip.ATTIVO or pip.inizio is None or pip.fine is None:
        raise PipNonAttivo(
            f"Il piano e' {pip.stato.value}: le ore si registrano su un piano attivo.",
            field="pip_id",
            remedy="Firmare il piano e attendere il suo inizio.",
        )
    tempo = intervallo(riga.inizio, riga.fine, now=now)
    verifica_nel_piano(tempo, dal=pip.inizio, al=pip.fine)
    if riga.servizio_codice is not None:
        servizio = servizi.get((pip.pip_id, riga.servizio_codice))
        verifica_residuo(
            riga.servizio_codice,
            tempo.minuti,
            previsti=servizio.previsti_minuti if servizio and servizio.previsti_minuti else None,
            registrati=servizio.registrati_minuti if servizio else 0,
        )
    return Ora(
        ore_id=uuid7(),
        versione=1,
        pip_id=pip.pip_id,
        persona_id=persona_id,
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


async def per_riga(
    session: AsyncSession,
    identita: Sequence[UUID],
    principal: Principal,
    passo: Callable[[OraLetta, Pip], None],
    esiti: Esiti,
    *,
    bloccati: dict[UUID, Pip],
) -> None:
    """Runs a step on each hour of a bulk request; a refused one leaves the others alone.

    Args:
        bloccati: the plans of the hours, under their locks.
    """
    piani = await _di_chi_chiama(session, bloccati, principal)
    righe = await queries.ore_lette(session, identita)
    for posizione, ore_id in enumerate(identita):
        try:
            ora = righe.get(ore_id)
            pip = piani.get(ora.pip_id) if ora is not None else None
            if ora is None or pip is None:
                raise _sconosciuto()
            passo(ora, pip)
        except Refusal as refusal:
            esiti.rifiuta(posizione, ore_id, refusal)
            continue
        esiti.fatte.append(ore_id)


async def firma_ore(
    session: AsyncSession, identita: Sequence[UUID], metodo: MetodoFirma, *, principal: Principal, now: datetime
) -> EsitoOre:
    """Records the person's signature on registered hours."""
    esiti = Esiti([], [])
    firmate: set[UUID] = set()

    def passo(ora: OraLetta, pip: Pip) -> None:
        del pip
        stato = StatoOra.FIRMATA if ora.ore_id in firmate else ora.stato
        verifica_passo(stato, StatoOra.FIRMATA, diretta=ora.diretta)
        firmate.add(ora.ore_id)

    bloccati = await queries_pip.blocca_piani(session, await queries.piani_delle_ore(session, identita))
    await per_riga(session, identita, principal, passo, esiti, bloccati=bloccati)
    await queries.segna_firmate(session, esiti.fatte, metodo.value, now)
    return esiti.vista()


async def elenca_ore(
    session: AsyncSession, pip_id: UUID, *, dopo: tuple[str, UUID] | None, limit: int
) -> Sequence[Ora]:
    """The hours of a plan, in order of time."""
    return await queries.ore_del_pip(session, pip_id, dopo=dopo, limit=limit)
