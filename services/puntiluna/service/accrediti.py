"""Attendances become points: evaluated, tested against limits and other claims on the same hours, then aligned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Event
from chassis.ids import uuid7
from chassis.outbox import emit
from services.puntiluna.events import PuntiAccreditati, PuntiStornati
from services.puntiluna.models import Recupero
from services.puntiluna.queries import accrediti as queries
from services.puntiluna.queries import registro as queries_registro
from services.puntiluna.queries.accrediti import AccreditoDaScrivere, AccreditoLetto, Contesto
from services.puntiluna.rules.accrediti import (
    AccreditoNonRivalutabile,
    AccreditoSconosciuto,
    Presenza,
    Spettanza,
    StatoAccredito,
    allinea,
    beneficiario,
    valuta,
)
from services.puntiluna.rules.registro import Causa, Conto, EsitoRegistrazione, Libro, Movimento, TipoConto, sposta
from services.puntiluna.rules.tariffe import (
    AmbitoLimite,
    Limite,
    applica_limiti,
    giorno_di,
    limiti_applicabili,
    mese_di,
)
from services.puntiluna.service import ore
from services.puntiluna.service.registro import componi_movimento, registra

IN_ATTESA_PER_VOLTA = 500
RECUPERI_PER_VOLTA = 200
RIVALUTATE_PER_VOLTA = 200

Arrivo = tuple[Presenza, UUID | None]
"""An attendance and the event that told it."""


@dataclass(slots=True)
class Lavoro:
    """One attendance under evaluation."""

    presenza: Presenza
    evento: UUID | None
    precedente: AccreditoLetto | None
    spettanza: Spettanza

    @property
    def dovuto(self) -> bool:
        """Whether it is worth points."""
        return self.spettanza.punti_cent > 0


@dataclass(slots=True)
class _Mossa:
    """A movement of an attendance: credit (positive) or reversal (negative)."""

    scheda: "_Scheda"
    movimento: Movimento
    importo_cent: int
    conto: Conto


@dataclass(slots=True)
class _Scheda:
    """The new state of an attendance while it is being aligned."""

    lavoro: Lavoro
    accredito_id: UUID
    versione: int
    conto: Conto | None
    fondo: Conto | None
    concesso_cent: int
    movimento_id: UUID | None
    stornato_cent: int = 0
    da_accreditare_cent: int = 0
    senza_fondo: bool = False


async def applica_presenze(session: AsyncSession, arrivi: Sequence[Arrivo], *, now: datetime) -> None:
    """Apply attendances in any order: only what is newer than what is known counts, a cancellation is remembered.

    Args:
        session: the transaction.
        arrivi: attendances as told by their labs, with the event that told each.
        now: the platform's instant.

    Source: DOMAIN, puntiluna and decisions 3, 5, 6, 7; ADR 0044.
    """
    ultimi: dict[UUID, Arrivo] = {}
    for arrivo in arrivi:
        noto = ultimi.get(arrivo[0].presenza_id)
        if noto is None or noto[0].versione < arrivo[0].versione:
            ultimi[arrivo[0].presenza_id] = arrivo
    presenze = [presenza for presenza, _ in ultimi.values()]
    await queries.blocca_chiavi(session, [f"persona:{p.persona_id}" for p in presenze])
    contesto = await queries.leggi_contesto(session, presenze)
    note = [presenza_id for presenza_id in contesto.versioni]
    precedenti = await queries.blocca_accrediti(session, note)
    lavori = []
    for presenza, evento in ultimi.values():
        precedente = precedenti.get(presenza.presenza_id)
        if precedente is None or precedente.presenza.versione < presenza.versione:
            lavori.append(Lavoro(presenza, evento, precedente, valuta(presenza, contesto.tariffe)))
    await _porta_a_termine(session, lavori, contesto, now=now)


async def rivaluta(session: AsyncSession, presenze: Sequence[UUID], *, now: datetime) -> None:
    """Evaluate known attendances again: a tariff arrived, or a limit changed.

    Args:
        session: the transaction.
        presenze: their ids.
        now: the platform's instant.
    """
    persone = await queries.persone_delle_presenze(session, presenze)
    await queries.blocca_chiavi(session, [f"persona:{persona}" for persona in persone])
    letti = await queries.blocca_accrediti(session, presenze)
    contesto = await queries.leggi_contesto(session, [letto.presenza for letto in letti.values()])
    lavori = [Lavoro(letto.presenza, None, letto, valuta(letto.presenza, contesto.tariffe)) for letto in letti.values()]
    await _porta_a_termine(session, lavori, contesto, now=now)


async def rivaluta_accredito(session: AsyncSession, presenza_id: UUID, *, now: datetime) -> AccreditoLetto:
    """Evaluate one attendance again at an officer's request.

    Args:
        session: the transaction.
        presenza_id: the attendance.
        now: the platform's instant.

    Returns:
        The attendance after the evaluation.

    Raises:
        AccreditoSconosciuto: it never arrived here.
        AccreditoNonRivalutabile: it neither lacks a tariff nor was over a limit.
    """
    persone = await queries.persone_delle_presenze(session, [presenza_id])
    await queries.blocca_chiavi(session, [f"persona:{persona}" for persona in persone])
    letto = (await queries.blocca_accrediti(session, [presenza_id])).get(presenza_id)
    if letto is None:
        raise AccreditoSconosciuto(f"Nessuna presenza {presenza_id} è arrivata al registro dei punti.")
    if letto.stato not in {StatoAccredito.OLTRE_LIMITE, StatoAccredito.SENZA_TARIFFA}:
        raise AccreditoNonRivalutabile(
            f"La presenza è {letto.stato}: si rivaluta solo ciò che manca di tariffa o supera un limite.",
        )
    await rivaluta(session, [presenza_id], now=now)
    return (await queries.blocca_accrediti(session, [presenza_id]))[presenza_id]


async def leggi_accredito(session: AsyncSession, presenza_id: UUID) -> AccreditoLetto:
    """Give an attendance with the points it gave.

    Raises:
        AccreditoSconosciuto: it never arrived here.
    """
    letto = await queries.accredito(session, presenza_id)
    if letto is None:
        raise AccreditoSconosciuto(f"Nessuna presenza {presenza_id} è arrivata al registro dei punti.")
    return letto


async def rivaluta_senza_tariffa(session: AsyncSession, *, now: datetime) -> int:
    """Evaluate the attendances whose tariff has arrived; returns how many were looked at."""
    presenze = await queries.senza_tariffa(session, RIVALUTATE_PER_VOLTA)
    if presenze:
        await rivaluta(session, presenze, now=now)
    return len(presenze)


async def applica_ore(session: AsyncSession, validate: ore.OreValidate, *, now: datetime) -> None:
    """Apply validated training hours: they take their person-hours, give way, or free them.

    Args:
        session: the transaction.
        validate: the hours as told by inclusione.
        now: the platform's instant.

    Source: DOMAIN, decision 3.
    """
    await queries.blocca_chiavi(session, [f"persona:{validate.persona_id}"])
    riassegnate = await ore.riserva_ore(session, validate, now=now)
    contesto = await queries.leggi_contesto(session, [])
    lavori, contesto = await _lavori_riassegnati(session, riassegnate, [], contesto)
    await _allinea(session, lavori, contesto, now=now)


async def prepara_attese(session: AsyncSession, progetto_id: UUID, altri: Sequence[Conto], *, now: datetime) -> None:
    """Lock the points that wait for a fund with their accounts and some others, before the fund moves.

    Args:
        session: the transaction.
        progetto_id: the project.
        altri: the accounts that the coming movement touches.
        now: the platform's instant.
    """
    letti = await queries.blocca_in_attesa(session, progetto_id, IN_ATTESA_PER_VOLTA)
    await queries.apri_conti(session, altri, now=now)
    conti = {letto.conto.conto_id for letto in letti if letto.conto is not None} | {c.conto_id for c in altri}
    await queries_registro.blocca_saldi(session, list(conti))


async def avanza_attese(session: AsyncSession, progetto_id: UUID, *, now: datetime) -> int:
    """Post the points that wait for a project's fund, in order of confirmation, as far as the fund reaches.

    Args:
        session: the transaction.
        progetto_id: the project.
        now: the platform's instant.

    Returns:
        How many attendances were credited.
    """
    fatti = 0
    while True:
        letti = await queries.blocca_in_attesa(session, progetto_id, IN_ATTESA_PER_VOLTA)
        fondo = Conto(Libro.PUNTI, TipoConto.FONDO, str(progetto_id), progetto_id)
        conti = [letto.conto for letto in letti if letto.conto is not None]
        if not conti:
            return fatti
        saldi = await queries_registro.blocca_saldi(session, [fondo.conto_id, *{c.conto_id for c in conti}])
        resta = saldi.get(fondo.conto_id, 0)
        schede = []
        for letto in letti:
            manca = letto.dovuto_cent - letto.concesso_cent
            if manca > resta:
                break
            resta -= manca
            spettanza = Spettanza(letto.dovuto_cent, StatoAccredito.ACCREDITATO)
            scheda = _scheda(Lavoro(letto.presenza, None, letto, spettanza))
            scheda.conto, scheda.fondo, scheda.da_accreditare_cent = letto.conto, letto.fondo, manca
            schede.append(scheda)
        await _registra_e_scrivi(session, schede, [], con_coda=frozenset(), now=now)
        fatti += len(schede)
        if len(schede) < len(letti) or len(letti) < IN_ATTESA_PER_VOLTA:
            return fatti


async def avanza_tutte_le_attese(session: AsyncSession, *, now: datetime) -> int:
    """Post what waits in every project whose fund holds something; returns how many attendances were credited."""
    return sum([await avanza_attese(session, p, now=now) for p in await queries.progetti_in_attesa(session)])


async def recupera_punti(session: AsyncSession, *, now: datetime) -> int:
    """Take back, from accounts that hold something again, points that had been reversed after they were spent.

    Args:
        session: the transaction.
        now: the platform's instant.

    Returns:
        How many recoveries advanced.
    """
    recuperi = await queries.blocca_recuperi_possibili(session, RECUPERI_PER_VOLTA)
    conti = await queries.conti_per_id(session, list({i for r in recuperi for i in (r.conto_id, r.fondo_id)}))
    saldi = await queries_registro.blocca_saldi(session, list({r.conto_id for r in recuperi}))
    movimenti = []
    for recupero in recuperi:
        importo = min(recupero.residuo_cent, saldi[recupero.conto_id])
        if importo <= 0:
            continue
        saldi[recupero.conto_id] -= importo
        recupero.residuo_cent -= importo
        recupero.movimenti += 1
        movimenti.append(
            componi_movimento(
                libro=Libro.PUNTI,
                causa=Causa.RECUPERO,
                chiave=f"recupero:{recupero.recupero_id}:{recupero.movimenti}",
                righe=sposta(conti[recupero.conto_id], conti[recupero.fondo_id], importo),
                accaduto_il=now,
                dettaglio={"presenza_id": str(recupero.presenza_id)},
            )
        )
    await session.flush()
    await registra(session, movimenti, now=now)
    return len(movimenti)


async def _porta_a_termine(session: AsyncSession, lavori: list[Lavoro], contesto: Contesto, *, now: datetime) -> None:
    if not lavori:
        return
    if contesto.limiti:
        await _applica_limiti(session, lavori, contesto.limiti, now=now)
    riassegnate = await ore.assegna_presenze(
        session,
        [ore.Richiesta(l.presenza, l.dovuto, l.precedente is not None) for l in lavori],
        contese=contesto.contese,
        now=now,
    )
    lavori, contesto = await _lavori_riassegnati(session, riassegnate, lavori, contesto)
    await _allinea(session, lavori, contesto, now=now)


async def _lavori_riassegnati(
    session: AsyncSession, riassegnate: dict[UUID, bool], lavori: list[Lavoro], contesto: Contesto
) -> tuple[list[Lavoro], Contesto]:
    """Fold the outcome of the arbitration in: who lost its hours is due nothing, who got them back is due again."""
    per_presenza = {lavoro.presenza.presenza_id: lavoro for lavoro in lavori}
    altre = [presenza_id for presenza_id in riassegnate if presenza_id not in per_presenza]
    letti = await queries.blocca_accrediti(session, altre)
    if letti:
        intorno = await queries.leggi_contesto(session, [letto.presenza for letto in letti.values()])
        contesto = replace(
            contesto,
            contratti=contesto.contratti | intorno.contratti,
            con_coda=contesto.con_coda | intorno.con_coda,
        )
    for presenza_id, letto in letti.items():
        per_presenza[presenza_id] = Lavoro(letto.presenza, None, letto, valuta(letto.presenza, contesto.tariffe))
    for presenza_id, ha_le_ore in riassegnate.items():
        lavoro = per_presenza.get(presenza_id)
        if lavoro is not None and not ha_le_ore and lavoro.dovuto:
            lavoro.spettanza = Spettanza(0, StatoAccredito.ORA_GIA_PAGATA, "le stesse ore sono già pagate altrove")
    return list(per_presenza.values()), contesto


async def _applica_limiti(
    session: AsyncSession, lavori: Sequence[Lavoro], limiti: Iterable[Limite], *, now: datetime
) -> None:
    interessati: list[tuple[Lavoro, list[Limite]]] = []
    for lavoro in sorted(lavori, key=lambda l: (l.presenza.confermata_il, str(l.presenza.presenza_id))):
        p = lavoro.presenza
        scelti = limiti_applicabili(
            limiti,
            progetto_id=p.progetto_id,
            attivita_id=p.attivita_id,
            nucleo_id=p.nucleo_id,
            giorno=giorno_di(p.inizio),
        )
        if lavoro.dovuto and scelti:
            interessati.append((lavoro, scelti))
    await queries.blocca_chiavi(
        session, [_chiave(limite, l.presenza) for l, scelti in interessati for limite in scelti]
    )
    escluse = [lavoro.presenza.presenza_id for lavoro in lavori]
    consumi: dict[str, int] = {}
    avvisi = []
    for lavoro, scelti in interessati:
        for limite in scelti:
            chiave = _chiave(limite, lavoro.presenza)
            if chiave not in consumi:
                consumi[chiave] = await queries.consumo_limite(session, limite, lavoro.presenza, escluse)
        punti = lavoro.spettanza.punti_cent
        esito = applica_limiti(punti, [(limite, consumi[_chiave(limite, lavoro.presenza)]) for limite in scelti])
        for limite in (*esito.rifiutano, *esito.avvisano):
            avvisi.append(
                {
                    "avviso_id": uuid7(),
                    "limite_id": limite.limite_id,
                    "presenza_id": lavoro.presenza.presenza_id,
                    "versione_presenza": lavoro.presenza.versione,
                    "rigido": limite.rigido,
                    "punti_cent": punti,
                    "avvisato_il": now,
                }
            )
        if esito.rifiutano:
            ambiti = ", ".join(str(limite.ambito) for limite in esito.rifiutano)
            lavoro.spettanza = Spettanza(0, StatoAccredito.OLTRE_LIMITE, f"oltre il limite: {ambiti}")
        else:
            for limite in scelti:
                consumi[_chiave(limite, lavoro.presenza)] += punti
    await queries.scrivi_avvisi(session, avvisi)


def _chiave(limite: Limite, presenza: Presenza) -> str:
    """What a limit adds up, for this attendance: the key of its lock and of its running total."""
    soggetto: object = presenza.progetto_id
    if limite.ambito is AmbitoLimite.ATTIVITA:
        soggetto = presenza.attivita_id
    elif limite.ambito is AmbitoLimite.NUCLEO_MESE:
        soggetto = f"{presenza.nucleo_id}:{mese_di(presenza.inizio)}"
    elif limite.ambito is AmbitoLimite.PERSONA_GIORNO:
        soggetto = f"{presenza.persona_id}:{giorno_di(presenza.inizio)}"
    return f"limite:{limite.limite_id}:{soggetto}"


def _scheda(lavoro: Lavoro) -> _Scheda:
    precedente = lavoro.precedente
    if precedente is None:
        return _Scheda(lavoro, uuid7(), 0, None, None, 0, None)
    return _Scheda(
        lavoro,
        precedente.accredito_id,
        precedente.versione,
        precedente.conto,
        precedente.fondo,
        precedente.concesso_cent,
        precedente.movimento_id,
    )


def _destinazione(lavoro: Lavoro, contesto: Contesto) -> tuple[Conto, Conto] | tuple[None, None]:
    """Account that earns and fund that pays; the account chosen once stays, unless person or household changed."""
    presenza, precedente = lavoro.presenza, lavoro.precedente
    if not lavoro.dovuto or presenza.progetto_id is None:
        return None, None
    fondo = Conto(Libro.PUNTI, TipoConto.FONDO, str(presenza.progetto_id), presenza.progetto_id)
    if precedente is not None and precedente.conto is not None:
        prima = precedente.presenza
        if (prima.nucleo_id, prima.persona_id) == (presenza.nucleo_id, presenza.persona_id):
            return precedente.conto, fondo
    noti = None if presenza.nucleo_id is None else contesto.contratti.get(presenza.nucleo_id)
    conto = beneficiario(
        nucleo_id=presenza.nucleo_id, persona_id=presenza.persona_id, contratti=noti, giorno=giorno_di(presenza.inizio)
    )
    return conto, fondo


async def _allinea(session: AsyncSession, lavori: Sequence[Lavoro], contesto: Contesto, *, now: datetime) -> None:
    """Bring what each attendance granted to what it is due."""
    schede: list[_Scheda] = []
    storni: list[_Mossa] = []
    da_correggere = []
    for lavoro in lavori:
        scheda = _scheda(lavoro)
        schede.append(scheda)
        if lavoro.precedente is not None and lavoro.precedente.movimento_id is not None:
            da_correggere.append(scheda)
        else:
            scheda.conto, scheda.fondo = _destinazione(lavoro, contesto)
            scheda.da_accreditare_cent = lavoro.spettanza.punti_cent
    if da_correggere:
        storni = await _correggi(session, da_correggere, contesto, now=now)
    await _registra_e_scrivi(session, schede, storni, con_coda=contesto.con_coda, now=now)


async def _correggi(
    session: AsyncSession, schede: Sequence[_Scheda], contesto: Contesto, *, now: datetime
) -> list[_Mossa]:
    """Prepare the reversals of attendances that already gave points: as much as the account holds, the rest is recovered."""
    nuovi = {id(scheda): _destinazione(scheda.lavoro, contesto) for scheda in schede}
    tutti = [conto for scheda in schede for conto in (scheda.conto, nuovi[id(scheda)][0]) if conto is not None]
    await queries.apri_conti(session, tutti, now=now)
    recuperi = {
        (r.presenza_id, r.conto_id, r.fondo_id): r
        for r in await queries.blocca_recuperi(session, [s.lavoro.presenza.presenza_id for s in schede])
    }
    saldi = await queries_registro.blocca_saldi(session, list({conto.conto_id for conto in tutti}))
    storni: list[_Mossa] = []
    for scheda in schede:
        conto, fondo = nuovi[id(scheda)]
        if conto is not None and (conto, fondo) != (scheda.conto, scheda.fondo):
            _verso(session, scheda, 0, saldi, recuperi, storni, now=now)
            scheda.conto, scheda.fondo, scheda.concesso_cent = conto, fondo, 0
        _verso(session, scheda, scheda.lavoro.spettanza.punti_cent, saldi, recuperi, storni, now=now)
    await session.flush()
    return storni


def _verso(
    session: AsyncSession,
    scheda: _Scheda,
    dovuto_cent: int,
    saldi: dict[UUID, int],
    recuperi: dict[tuple[UUID, UUID, UUID], Recupero],
    storni: list[_Mossa],
    *,
    now: datetime,
) -> None:
    """Move one attendance towards what is due on its present account and fund."""
    if scheda.conto is None or scheda.fondo is None:
        return
    presenza_id, conto_id = scheda.lavoro.presenza.presenza_id, scheda.conto.conto_id
    chiave = (presenza_id, conto_id, scheda.fondo.conto_id)
    recupero = recuperi.get(chiave)
    passo = allinea(
        dovuto_cent=dovuto_cent,
        concesso_cent=scheda.concesso_cent,
        in_recupero_cent=recupero.residuo_cent if recupero else 0,
        disponibile_cent=saldi.get(conto_id, 0),
    )
    scheda.concesso_cent += passo.condona_cent - passo.storna_cent - passo.recupera_cent
    scheda.da_accreditare_cent = passo.accredita_cent
    scheda.stornato_cent += passo.storna_cent + passo.recupera_cent
    if recupero is None and passo.recupera_cent:
        recupero = Recupero(
            recupero_id=uuid7(),
            presenza_id=presenza_id,
            conto_id=conto_id,
            fondo_id=scheda.fondo.conto_id,
            residuo_cent=0,
            aperto_il=now,
        )
        session.add(recupero)
        recuperi[chiave] = recupero
    if recupero is not None:
        recupero.residuo_cent += passo.recupera_cent - passo.condona_cent
    if passo.storna_cent:
        saldi[conto_id] -= passo.storna_cent
        movimento = componi_movimento(
            libro=Libro.PUNTI,
            causa=Causa.STORNO,
            chiave=f"storno:{presenza_id}:{scheda.versione + 1}:{len(storni)}",
            righe=sposta(scheda.conto, scheda.fondo, passo.storna_cent),
            accaduto_il=scheda.lavoro.presenza.inizio,
            evento_origine=scheda.lavoro.evento,
            storna=scheda.movimento_id,
            dettaglio=_dettaglio(scheda.lavoro),
        )
        storni.append(_Mossa(scheda, movimento, -passo.storna_cent, scheda.conto))


async def _registra_e_scrivi(
    session: AsyncSession,
    schede: Sequence[_Scheda],
    storni: Sequence[_Mossa],
    *,
    con_coda: frozenset[UUID],
    now: datetime,
) -> None:
    """Post reversals and credits in one call, then write the new states and tell them."""
    mosse = list(storni)
    in_ordine = sorted(schede, key=lambda s: (s.lavoro.presenza.confermata_il, str(s.lavoro.presenza.presenza_id)))
    for scheda in in_ordine:
        if scheda.da_accreditare_cent and scheda.conto is not None and scheda.fondo is not None:
            if scheda.fondo.progetto_id in con_coda:
                scheda.senza_fondo = True
                continue
            presenza = scheda.lavoro.presenza
            movimento = componi_movimento(
                libro=Libro.PUNTI,
                causa=Causa.ACCREDITO,
                chiave=f"accredito:{presenza.presenza_id}:{scheda.versione + 1}",
                righe=sposta(scheda.fondo, scheda.conto, scheda.da_accreditare_cent),
                accaduto_il=presenza.inizio,
                evento_origine=scheda.lavoro.evento,
                dettaglio=_dettaglio(scheda.lavoro),
            )
            mosse.append(_Mossa(scheda, movimento, scheda.da_accreditare_cent, scheda.conto))
    senza_conto = [s for s in schede if s.senza_fondo and s.conto is not None and s.fondo is not None]
    if senza_conto:
        await queries.apri_conti(
            session, [c for s in senza_conto for c in (s.conto, s.fondo) if c is not None], now=now
        )
    esiti = await registra(session, [mossa.movimento for mossa in mosse], now=now)
    for mossa, esito in zip(mosse, esiti, strict=True):
        scheda = mossa.scheda
        if esito.esito is EsitoRegistrazione.SALDO_INSUFFICIENTE:
            scheda.senza_fondo = True
        elif mossa.importo_cent > 0:
            scheda.concesso_cent += mossa.importo_cent
            scheda.movimento_id = scheda.movimento_id or esito.movimento_id
    eventi: list[Event] = []
    righe = []
    for scheda in schede:
        eventi += _racconta(scheda, now)
        righe.append(_riga(scheda))
    await queries.scrivi_accrediti(session, righe, now=now)
    await emit(session, *eventi, now=now)


def _racconta(scheda: _Scheda, now: datetime) -> list[Event]:
    """Draw the new version of the attendance's credit, and tell what changed."""
    presenza = scheda.lavoro.presenza
    eventi: list[Event] = []
    if scheda.stornato_cent:
        scheda.versione += 1
        eventi.append(
            PuntiStornati(
                versione=scheda.versione,
                accredito_id=scheda.accredito_id,
                presenza_id=presenza.presenza_id,
                nucleo_id=presenza.nucleo_id,
                punti_cent=scheda.stornato_cent,
                stornati_il=now,
            )
        )
    if scheda.da_accreditare_cent and presenza.progetto_id is not None:
        scheda.versione += 1
        eventi.append(
            PuntiAccreditati(
                versione=scheda.versione,
                accredito_id=scheda.accredito_id,
                presenza_id=presenza.presenza_id,
                progetto_id=presenza.progetto_id,
                nucleo_id=presenza.nucleo_id,
                punti_cent=scheda.lavoro.spettanza.punti_cent,
                stato=StatoAccredito.IN_ATTESA_FONDO if scheda.senza_fondo else StatoAccredito.ACCREDITATO,
                accreditati_il=now,
            )
        )
    if not eventi:
        scheda.versione += 1
    return eventi


def _riga(scheda: _Scheda) -> AccreditoDaScrivere:
    spettanza = scheda.lavoro.spettanza
    stato, motivo = spettanza.stato, spettanza.motivo
    if stato is StatoAccredito.ACCREDITATO and scheda.senza_fondo:
        stato, motivo = StatoAccredito.IN_ATTESA_FONDO, "il fondo del progetto è esaurito"
    return AccreditoDaScrivere(
        accredito_id=scheda.accredito_id,
        versione=scheda.versione,
        presenza=scheda.lavoro.presenza,
        stato=stato,
        motivo=motivo,
        dovuto_cent=spettanza.punti_cent,
        concesso_cent=scheda.concesso_cent,
        conto_id=scheda.conto.conto_id if scheda.conto else None,
        fondo_id=scheda.fondo.conto_id if scheda.fondo else None,
        movimento_id=scheda.movimento_id,
    )


def _dettaglio(lavoro: Lavoro) -> dict[str, str | int | None]:
    presenza = lavoro.presenza
    return {
        "presenza_id": str(presenza.presenza_id),
        "attivita_id": str(presenza.attivita_id),
        "minuti": presenza.minuti,
        "voce": str(presenza.fascia) if presenza.diretta else presenza.categoria_indiretta,
        "nucleo_id": None if presenza.nucleo_id is None else str(presenza.nucleo_id),
    }
