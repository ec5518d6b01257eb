"""Expenses of a project: declared by its lead, examined by the office, read with the whole waterfall."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.italian import ROMA
from services.bandi.models import DichiarazioneSpesa, EsameSpesa, Progetto, VoceEsaminata, VoceSpesa
from services.bandi.queries import piani as queries_piani
from services.bandi.queries import progetti as queries_progetti
from services.bandi.queries import spese as queries
from services.bandi.rules.progetto import (
    Avanzamento,
    ProgettoNonAvviato,
    ProgettoNonImpegnato,
    StatoProgetto,
    controlla_in_corso,
)
from services.bandi.rules.spesa import (
    DichiarazioneGiaEsaminata,
    DichiarazioneSconosciuta,
    RendicontoPresentato,
    Spesa,
    controlla_dichiarazione,
    controlla_quote,
    esamina,
)
from services.bandi.schemas.piano import QuotaVista
from services.bandi.schemas.progetto import CascataVista
from services.bandi.schemas.spesa import (
    AvanzamentoProgetto,
    DichiarazioneNuova,
    DichiarazioneVista,
    DichiarazioneVoce,
    EsameNuovo,
    LineaDenaro,
    VoceVista,
)
from services.bandi.service.atti import denaro
from services.bandi.service.conti import limiti, quote_di_costo
from services.bandi.service.progetti import bloccato, noto, regole_del_progetto


async def dichiara_spese(
    session: AsyncSession, progetto_id: UUID, corpo: DichiarazioneNuova, *, autore: str, now: datetime
) -> DichiarazioneVista:
    """Declare expenses of a project that has been committed and started, line by line and partner by partner.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, ProgettoNonImpegnato, ProgettoNonAvviato, RendicontoPresentato,
        DichiarazioneNonValida.
    """
    progetto = await bloccato(session, progetto_id)
    days = _days(progetto)
    if await queries.rendiconto_aperto(session, progetto_id):
        raise RendicontoPresentato(
            "Il rendiconto finale e' gia' presentato: non si dichiarano altre spese.",
            remedy="Se l'ufficio lo rinvia, si possono dichiarare altre spese.",
        )
    budget = {(quota.linea, quota.ente): quota.costo_cent for quota in await quote_di_costo(session, progetto)}
    controlla_dichiarazione(
        [voce.to_rules() for voce in corpo.voci],
        quote=budget,
        giorni=days,
        oggi=now.astimezone(ROMA).date(),
        gia_dichiarati=await queries.documenti_dichiarati(session, progetto_id),
    )
    number = await queries.ultima_dichiarazione(session, progetto_id) + 1
    made = DichiarazioneSpesa(
        progetto_id=progetto_id,
        numero=number,
        nota=corpo.nota,
        dichiarato_cent=sum(voce.importo for voce in corpo.voci),
        dichiarata_da=autore,
        dichiarata_il=now,
    )
    voices = [
        VoceSpesa(
            progetto_id=progetto_id,
            dichiarazione=number,
            n=n,
            linea=voce.linea,
            ente=voce.ente,
            documento=voce.documento,
            descrizione=voce.descrizione,
            pagata_il=voce.pagata_il,
            in_natura=voce.in_natura,
            importo_cent=voce.importo,
        )
        for n, voce in enumerate(corpo.voci, 1)
    ]
    await queries.scrivi_dichiarazione(session, made.model_dump(), [voice.model_dump() for voice in voices])
    return _declaration(made, None, [(voice, None) for voice in voices])


async def esamina_spese(
    session: AsyncSession, progetto_id: UUID, numero: int, corpo: EsameNuovo, *, autore: str, now: datetime
) -> DichiarazioneVista:
    """Examine a declaration by an act: what is not cut is admitted; nobody gets more than its part of the budget.

    Raises:
        ProgettoSconosciuto, ProgettoNonInCorso, DichiarazioneSconosciuta, DichiarazioneGiaEsaminata, EsameNonValido,
        AmmessoOltreDichiarato, AmmessoOltreQuota.
    """
    progetto = await bloccato(session, progetto_id)
    controlla_in_corso(StatoProgetto(progetto.stato))
    made, examined = await _known(session, progetto_id, numero)
    if examined is not None:
        raise DichiarazioneGiaEsaminata(
            f"La dichiarazione {numero} e' gia' esaminata.",
            remedy="Una spesa tagliata per intero si puo' dichiarare di nuovo.",
        )
    voices = [voice for voice, _ in await queries.voci(session, progetto_id, numero)]
    cuts = [(cut.voce, cut.ammesso, cut.motivo) for cut in corpo.tagli]
    admitted = esamina({voice.n: voice.importo_cent for voice in voices}, cuts)
    reached = Counter(await queries.ammesso_per_quota(session, progetto_id))
    for voice in voices:
        reached[voice.linea, voice.ente] += admitted[voice.n][0]
    budget = {(quota.linea, quota.ente): quota.costo_cent for quota in await quote_di_costo(session, progetto)}
    controlla_quote({(voice.linea, voice.ente): reached[voice.linea, voice.ente] for voice in voices}, budget)
    row = EsameSpesa(
        progetto_id=progetto_id,
        numero=numero,
        atto=corpo.atto,
        ammesso_cent=sum(cents for cents, _ in admitted.values()),
        esaminata_da=autore,
        esaminata_il=now,
    )
    rows = [
        VoceEsaminata(
            progetto_id=progetto_id,
            dichiarazione=numero,
            n=voice.n,
            dichiarato_cent=voice.importo_cent,
            ammesso_cent=admitted[voice.n][0],
            motivo=admitted[voice.n][1],
        )
        for voice in voices
    ]
    await queries.scrivi_esame(session, row.model_dump(), [item.model_dump() for item in rows])
    return _declaration(made, row, list(zip(voices, rows, strict=True)))


async def elenco_spese(session: AsyncSession, progetto_id: UUID) -> list[DichiarazioneVoce]:
    """Return the declarations of a project, from the first.

    Raises:
        ProgettoSconosciuto.
    """
    await noto(session, progetto_id)
    found = await queries.dichiarazioni(session, progetto_id)
    return [DichiarazioneVoce(**_declaration_fields(made, examined)) for made, examined in found]


async def leggi_spese(session: AsyncSession, progetto_id: UUID, numero: int) -> DichiarazioneVista:
    """Return a declaration with its expenses.

    Raises:
        ProgettoSconosciuto, DichiarazioneSconosciuta.
    """
    await noto(session, progetto_id)
    made, examined = await _known(session, progetto_id, numero)
    return _declaration(made, examined, await queries.voci(session, progetto_id, numero))


async def avanzamento_progetto(session: AsyncSession, progetto_id: UUID) -> AvanzamentoProgetto:
    """Return the whole waterfall of a project: in all, by line down to the expenses, by partner.

    Raises:
        ProgettoSconosciuto.
    """
    progetto = await noto(session, progetto_id)
    linee = await denaro(session, progetto_id)
    spent = await queries.spese_per_linea(session, progetto_id)
    limits = await limiti(session, progetto, await regole_del_progetto(session, progetto), linee)
    shares = await queries_piani.quote_partner(session, progetto_id)
    lines = []
    for linea in linee:
        spesa, declared, waiting = spent.get(linea.linea, (Spesa(), 0, 0))
        lines.append(
            LineaDenaro(
                linea=linea.linea,
                azione=linea.azione,
                fondo=linea.fondo,
                programmato=linea.programmato_cent,
                ammesso=linea.ammesso_cent,
                impegnato=linea.impegnato_cent,
                erogato=linea.erogato_cent,
                pagabile=max(linea.erogato_cent, limits[linea.linea]),
                dichiarato=declared,
                spesa_ammessa=spesa.costo_cent,
                da_esaminare=waiting,
                da_recuperare=linea.da_recuperare_cent,
            )
        )
    return AvanzamentoProgetto(
        progetto_id=progetto_id,
        codice=progetto.codice,
        stato=StatoProgetto(progetto.stato),
        piano=progetto.piano,
        totale=CascataVista(
            programmato=sum(linea.programmato_cent for linea in linee),
            ammesso=sum(linea.ammesso_cent for linea in linee),
            impegnato=sum(linea.impegnato_cent for linea in linee),
            erogato=sum(linea.erogato_cent for linea in linee),
        ),
        linee=lines,
        quote=[
            _share(codice, ente, share)
            for codice, linea in queries_progetti.cascata(linee).items()
            for ente, share in (
                [(quota.ente, queries_piani.come_cascata(quota)) for quota in shares.get(codice, [])]
                or [(progetto.capofila, linea)]
            )
        ],
    )


def _share(linea: str, ente: str, share: Avanzamento) -> QuotaVista:
    return QuotaVista(
        linea=linea,
        ente=ente,
        programmato=share.programmato_cent,
        ammesso=share.ammesso_cent,
        impegnato=share.impegnato_cent,
        erogato=share.erogato_cent,
    )


def _days(progetto: Progetto) -> tuple[date, date]:
    stato = StatoProgetto(progetto.stato)
    controlla_in_corso(stato)
    if stato is not StatoProgetto.IMPEGNATO:
        raise ProgettoNonImpegnato(
            "Le spese si dichiarano dopo l'impegno.", remedy="Attendere l'impegno di spesa dell'ufficio."
        )
    if progetto.inizio is None or progetto.fine is None:
        raise ProgettoNonAvviato(
            "Il progetto non e' ancora avviato.", remedy="Registrare prima l'avvio con la sua data."
        )
    return progetto.inizio, progetto.fine


async def _known(session: AsyncSession, progetto_id: UUID, numero: int) -> tuple[DichiarazioneSpesa, EsameSpesa | None]:
    found = await queries.dichiarazione(session, progetto_id, numero)
    if found is None:
        raise DichiarazioneSconosciuta(f"Il progetto non ha una dichiarazione di spesa {numero}.")
    return found


def _declaration_fields(made: DichiarazioneSpesa, examined: EsameSpesa | None) -> dict[str, object]:
    return {
        "numero": made.numero,
        "dichiarato": made.dichiarato_cent,
        "ammesso": None if examined is None else examined.ammesso_cent,
        "tagliato": None if examined is None else made.dichiarato_cent - examined.ammesso_cent,
        "dichiarata_il": made.dichiarata_il,
        "esaminata_il": None if examined is None else examined.esaminata_il,
    }


def _declaration(
    made: DichiarazioneSpesa,
    examined: EsameSpesa | None,
    voices: Sequence[tuple[VoceSpesa, VoceEsaminata | None]],
) -> DichiarazioneVista:
    return DichiarazioneVista(
        **_declaration_fields(made, examined),
        nota=made.nota,
        atto=None if examined is None else examined.atto,
        voci=[
            VoceVista(
                n=voice.n,
                linea=voice.linea,
                ente=voice.ente,
                documento=voice.documento,
                descrizione=voice.descrizione,
                pagata_il=voice.pagata_il,
                in_natura=voice.in_natura,
                importo=voice.importo_cent,
                ammesso=None if outcome is None else outcome.ammesso_cent,
                motivo=None if outcome is None else outcome.motivo,
            )
            for voice, outcome in voices
        ],
    )
