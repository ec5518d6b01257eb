"""Claims: an operator asks for the cost of validated hours, the lead's officer admits or cuts, each hour once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.italian import ROMA
from chassis.tokens import Principal
from services.inclusione.documents import rimborso as documents
from services.inclusione.models import DomandaRimborso, Linea, Pip
from services.inclusione.queries import misura as queries_misura
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import progetto as queries_progetto
from services.inclusione.queries import rimborso as queries
from services.inclusione.queries.rimborso import RigaLetta
from services.inclusione.rules import rimborso as regole_rimborso
from services.inclusione.rules.dote import Causale
from services.inclusione.rules.iscrizione import OperatoreNonPartner
from services.inclusione.rules.rimborso import RIGHE_MASSIME, StatoRimborso, Taglio, TaglioNonValido, TipoRigaRimborso
from services.inclusione.rules.stati import CHIUSI, StatoOra
from services.inclusione.schemas.rimborso import (
    IstruttoriaRimborso,
    Rendiconto,
    RendicontoOperatore,
    RimborsoIntero,
    RimborsoNuovo,
    RimborsoRigaVista,
    RimborsoVisto,
)
from services.inclusione.service.misura import regole_di
from services.inclusione.service.pip import libera_inutilizzato
from services.inclusione.service.progetto import e_partner, progetto_di


async def presenta_rimborso(
    session: AsyncSession, progetto_id: UUID, corpo: RimborsoNuovo, *, principal: Principal, now: datetime
) -> RimborsoVisto:
    """Claims the cost of the validated hours of a period that no living claim holds, and gives back what is due.

    What is given back makes room under the operator's ceiling only when it is admitted: a claim may be withdrawn.

    Raises:
        NotFound: no such project here, or no such measure.
        OperatoreNonPartner: the caller's organisation is not of the partnership.
        PeriodoNonValido, NienteDaRendicontare, DomandaTroppoGrande: see the rules.
        MassimaleOperatoreSuperato: the operator's ceiling in the measure would be passed.

    Source: DOMAIN part inclusione; issue of inclusione ("validated hours x unit cost of their date").
    """
    progetto = await progetto_di(session, progetto_id)
    if principal.ente is None or not e_partner(progetto, principal):
        raise OperatoreNonPartner(
            "L'ente di chi chiama non fa parte del partenariato del progetto.",
            remedy="Rendicontare i progetti di cui si e' partner.",
        )
    regole_rimborso.verifica_periodo(corpo.dal, corpo.al, oggi=now.astimezone(ROMA).date())
    misura = await queries_misura.misura(session, corpo.misura_codice)
    if misura is None:
        raise NotFound(f"La misura {corpo.misura_codice} non esiste.", field="misura_codice")
    ente, misura_id = principal.ente, misura.misura_id
    await queries_pip.blocca_piani(
        session, await queries.piani_da_chiedere(session, progetto_id, misura_id, ente, corpo.dal, corpo.al)
    )
    operatore = await queries.blocca_operatore(session, progetto_id, misura_id, ente)
    righe = await queries.righe_da_chiedere(
        session, progetto_id, misura_id, ente, corpo.dal, corpo.al, limit=RIGHE_MASSIME + 1
    )
    regole_rimborso.verifica_righe(len(righe))
    chiesto = sum(riga.chiesto_cent for riga in righe)
    per_ore = sum(riga.chiesto_cent for riga in righe if riga.tipo is TipoRigaRimborso.ORA)
    regole = await regole_di(session, misura_id, misura.numero)
    tetto = regole_rimborso.tetto_in_vigore(regole.massimale_operatore_cent, chiesto_cent=operatore.chiesto_cent)
    operatore.chiesto_cent = regole_rimborso.chiedi(operatore.chiesto_cent, per_ore, tetto_cent=tetto)
    operatore.tetto_cent = tetto
    operatore.domande += 1
    domanda = DomandaRimborso(
        domanda_id=uuid7(),
        versione=1,
        progetto_id=progetto_id,
        misura_id=misura_id,
        misura_codice=misura.codice,
        ente=ente,
        numero=operatore.domande,
        dal=corpo.dal,
        al=corpo.al,
        stato=StatoRimborso.PRESENTATA,
        righe=len(righe),
        chiesto_cent=chiesto,
        presentata_da=principal.subject,
        presentata_il=now,
    )
    session.add(domanda)
    await session.flush()
    await queries.aggiungi_righe(session, domanda.domanda_id, righe)
    return vista_del_rimborso(domanda)


async def istruisci_rimborso(
    session: AsyncSession, domanda_id: UUID, corpo: IstruttoriaRimborso, *, autore: str, now: datetime
) -> RimborsoVisto:
    """Admits a claim: each hour whole, or cut with its reason; an hour annulled meanwhile is cut by itself.

    What is cut costs the project nothing any more: a closed plan gives it back to the line at once. The plan, the
    operator and the line are written in this one transaction.

    Raises:
        NotFound: no such claim.
        StatoRimborsoNonAmmesso: it was examined or withdrawn.
        TaglioNonValido: a cut names an hour that is not there, or admits more than was asked.
        IstruttoriaFuoriOrdine: hours admitted and annulled on one of its plans must be given back first.
    """
    domanda, piani = await _blocca_domanda(session, domanda_id, StatoRimborso.ISTRUITA)
    operatore = await queries.blocca_operatore(session, domanda.progetto_id, domanda.misura_id, domanda.ente)
    righe = await queries.righe(session, domanda_id)
    tagli = {taglio.ore_id: Taglio(taglio.ammesso, taglio.motivo) for taglio in corpo.tagli}
    estranei = tagli.keys() - {letta.riga.ore_id for letta in righe if letta.riga.tipo is TipoRigaRimborso.ORA}
    if estranei or len(tagli) != len(corpo.tagli):
        raise TaglioNonValido(
            "Un taglio nomina un'ora che la domanda non contiene, oppure la nomina due volte.",
            field="tagli",
            remedy="Nominare una volta sola ore della domanda.",
        )
    for letta in righe:
        _istruisci(letta, piani[letta.riga.pip_id], tagli.get(letta.riga.ore_id))
    for pip in piani.values():
        regole_rimborso.verifica_rimborsato(pip.rimborsato_cent, pip.riservato_servizi_cent)
    per_ore = sum(letta.riga.chiesto_cent for letta in righe if letta.riga.tipo is TipoRigaRimborso.ORA)
    ammesso = sum(letta.riga.ammesso_cent or 0 for letta in righe)
    operatore.chiesto_cent -= per_ore - ammesso
    operatore.ammesso_cent += ammesso
    domanda.stato, domanda.ammesso_cent, domanda.atto = StatoRimborso.ISTRUITA, ammesso, corpo.atto
    domanda.istruita_da, domanda.istruita_il = autore, now
    domanda.versione += 1
    await _riporta(session, domanda.progetto_id, ammesso, list(piani.values()), now=now)
    return vista_del_rimborso(domanda)


async def _blocca_domanda(
    session: AsyncSession, domanda_id: UUID, passo: StatoRimborso
) -> tuple[DomandaRimborso, dict[UUID, Pip]]:
    """A claim that may take a step, under its lock and after those of its plans."""
    piani = await queries_pip.blocca_piani(session, await queries.piani_della_domanda(session, domanda_id))
    domanda = await queries.domanda(session, domanda_id, blocca=True)
    if domanda is None:
        raise _assente()
    regole_rimborso.verifica_passo_rimborso(domanda.stato, passo)
    return domanda, piani


def _istruisci(letta: RigaLetta, pip: Pip, taglio: Taglio | None) -> None:
    riga, ora = letta.riga, letta.ora
    if riga.tipo is TipoRigaRimborso.RECUPERO:
        riga.ammesso_cent = riga.chiesto_cent
        pip.rimborsato_cent += riga.chiesto_cent
        return
    valida = ora.stato is StatoOra.VALIDATA
    esito = regole_rimborso.ammetti(riga.chiesto_cent, ancora_valida=valida, taglio=taglio)
    riga.ammesso_cent, riga.motivo = esito.ammesso_cent, esito.motivo or None
    pip.rimborsato_cent += esito.ammesso_cent
    if valida:
        pip.costo_servizi_cent -= ora.costo_cent - esito.ammesso_cent
        ora.costo_cent = esito.ammesso_cent


async def _riporta(
    session: AsyncSession, progetto_id: UUID, ammesso: int, piani: Sequence[Pip], *, now: datetime
) -> None:
    """Brings what was admitted to the line, then lets closed plans give back what was cut; caps before the line."""
    chiusi = [pip for pip in piani if pip.stato in CHIUSI]
    regole = {
        (pip.misura_id, pip.misura_numero): await regole_di(session, pip.misura_id, pip.misura_numero) for pip in chiusi
    }
    await queries_pip.blocca_tetti(
        session,
        [
            (pip.persona_id, pip.misura_id, regole[pip.misura_id, pip.misura_numero].massimale_persona_cent)
            for pip in chiusi
        ],
    )
    linea = await _linea(session, progetto_id)
    linea.rimborsato_cent += ammesso
    linea.versione += 1
    await session.flush()
    for pip in chiusi:
        await libera_inutilizzato(session, pip, causale=Causale.RETTIFICA, now=now)
    await session.flush()


async def _linea(session: AsyncSession, progetto_id: UUID) -> Linea:
    linea = await queries_progetto.blocca_linea(session, progetto_id)
    assert linea is not None  # a claim is of a project with a line
    return linea


async def ritira_rimborso(session: AsyncSession, domanda_id: UUID, *, now: datetime) -> RimborsoVisto:
    """Withdraws a claim not yet examined: its hours may be claimed again.

    Raises:
        NotFound: no such claim.
        StatoRimborsoNonAmmesso: it was examined or withdrawn.
    """
    domanda, _ = await _blocca_domanda(session, domanda_id, StatoRimborso.RITIRATA)
    operatore = await queries.blocca_operatore(session, domanda.progetto_id, domanda.misura_id, domanda.ente)
    operatore.chiesto_cent -= await queries.chiesto_per_ore(session, domanda_id)
    domanda.stato, domanda.ritirata_il = StatoRimborso.RITIRATA, now
    domanda.versione += 1
    await queries.ritira_righe(session, domanda_id)
    await session.flush()
    return vista_del_rimborso(domanda)


async def leggi_rimborso(session: AsyncSession, domanda_id: UUID) -> RimborsoIntero:
    """A claim with its rows, and the indirect work of the same days.

    Raises:
        NotFound: no such claim.
    """
    domanda = await queries.domanda(session, domanda_id)
    if domanda is None:
        raise _assente()
    return RimborsoIntero(
        **vista_del_rimborso(domanda).model_dump(),
        minuti_indiretti=await queries.minuti_indiretti(
            session, domanda.progetto_id, domanda.misura_id, domanda.ente, domanda.dal, domanda.al
        ),
        voci=[
            RimborsoRigaVista(
                ore_id=letta.riga.ore_id,
                pip_id=letta.riga.pip_id,
                tipo=letta.riga.tipo,
                servizio_codice=letta.ora.servizio_codice or "",
                giorno=letta.ora.giorno,
                minuti=letta.ora.minuti,
                chiesto=letta.riga.chiesto_cent,
                ammesso=letta.riga.ammesso_cent,
                motivo=letta.riga.motivo,
            )
            for letta in await queries.righe(session, domanda_id)
        ],
    )


async def stampa_rimborso(session: AsyncSession, domanda_id: UUID) -> documents.Domanda:
    """A claim in the plain values its files are rendered from.

    Raises:
        NotFound: no such claim.
    """
    domanda = await leggi_rimborso(session, domanda_id)
    progetto = await progetto_di(session, domanda.progetto_id)
    return documents.Domanda(
        numero=domanda.numero,
        ente=domanda.ente,
        progetto=progetto.titolo,
        misura=domanda.misura_codice,
        dal=domanda.dal,
        al=domanda.al,
        stato=domanda.stato.value,
        chiesto_cent=domanda.chiesto,
        ammesso_cent=domanda.ammesso,
        atto=domanda.atto,
        presentata_il=domanda.presentata_il,
        istruita_il=domanda.istruita_il,
        minuti_indiretti=domanda.minuti_indiretti,
        voci=[
            documents.Voce(
                ora=str(voce.ore_id),
                piano=str(voce.pip_id),
                tipo=voce.tipo.value,
                servizio=voce.servizio_codice,
                giorno=voce.giorno,
                minuti=voce.minuti,
                chiesto_cent=voce.chiesto,
                ammesso_cent=voce.ammesso,
                motivo=voce.motivo,
            )
            for voce in domanda.voci
        ],
    )


async def elenca_rimborsi(
    session: AsyncSession,
    progetto_id: UUID,
    *,
    ente: str | None,
    stato: StatoRimborso | None,
    dopo: UUID | None,
    limit: int,
) -> list[RimborsoVisto]:
    """The claims on a line in order of arrival, of one operator if asked."""
    righe = await queries.domande(session, progetto_id, ente=ente, stato=stato, dopo=dopo, limit=limit)
    return [vista_del_rimborso(domanda) for domanda in righe]


async def leggi_rendiconto(session: AsyncSession, progetto_id: UUID, *, ente: str | None) -> Rendiconto:
    """What each operator's validated hours cost, what it claimed and what was admitted.

    Args:
        ente: only this operator; None for all.

    Raises:
        NotFound: no such project here.
    """
    await progetto_di(session, progetto_id)
    linea = await queries_progetto.linea(session, progetto_id)
    assert linea is not None
    validato = await queries.validato_per_operatore(session, progetto_id)
    conti = {(riga.misura_id, riga.ente): riga for riga in await queries.operatori(session, progetto_id)}
    codici = await queries_misura.codici(session, {chiave[0] for chiave in validato.keys() | conti.keys()})
    righe = []
    for misura_id, operatore in sorted(
        validato.keys() | conti.keys(), key=lambda chiave: (codici[chiave[0]], chiave[1])
    ):
        minuti, costo = validato.get((misura_id, operatore), (0, 0))
        conto = conti.get((misura_id, operatore))
        if ente is None or ente == operatore:
            righe.append(
                RendicontoOperatore(
                    misura_codice=codici[misura_id],
                    ente=operatore,
                    minuti_validati=minuti,
                    costo=costo,
                    massimale=conto.tetto_cent if conto else None,
                    chiesto=conto.chiesto_cent if conto else 0,
                    ammesso=conto.ammesso_cent if conto else 0,
                )
            )
    return Rendiconto(
        progetto_id=progetto_id,
        prenotato=linea.riservato_servizi_cent,
        ammesso=linea.rimborsato_cent,
        operatori=righe,
    )


def _assente() -> NotFound:
    return NotFound("La domanda di rimborso non esiste.", field="domanda_id")


def vista_del_rimborso(domanda: DomandaRimborso) -> RimborsoVisto:
    """A claim as it is shown, without its rows."""
    return RimborsoVisto(
        domanda_id=domanda.domanda_id,
        versione=domanda.versione,
        progetto_id=domanda.progetto_id,
        misura_codice=domanda.misura_codice,
        ente=domanda.ente,
        numero=domanda.numero,
        dal=domanda.dal,
        al=domanda.al,
        stato=domanda.stato,
        righe=domanda.righe,
        chiesto=domanda.chiesto_cent,
        ammesso=domanda.ammesso_cent,
        tagliato=None if domanda.ammesso_cent is None else domanda.chiesto_cent - domanda.ammesso_cent,
        presentata_il=domanda.presentata_il,
        atto=domanda.atto,
        istruita_il=domanda.istruita_il,
        ritirata_il=domanda.ritirata_il,
    )
