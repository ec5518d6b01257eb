"""The allowance paid in batches, and the pacts that give a share of it to the arrears."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.outbox import emit
from services.inclusione.events import IndennitaLiquidata, IndennitaQuotaMorosita
from services.inclusione.models import Liquidazione, LiquidazioneVoce, LottoLiquidazione, Patto, Pip
from services.inclusione.queries import indennita as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries import progetto as queries_progetto
from services.inclusione.rules import indennita as regole_indennita
from services.inclusione.rules.indennita import NienteDaLiquidare, NucleoSconosciuto, PattoGiaAttivo, StatoPatto
from services.inclusione.rules.misura import Quota
from services.inclusione.rules.ore import ROMA
from services.inclusione.schemas.indennita import (
    Certificazione,
    IndennitaVista,
    LiquidazioneVista,
    LottoNuovo,
    LottoVisto,
    PattoNuovo,
    PattoVisto,
    VoceVista,
)
from services.inclusione.schemas.misura import leggi_quota
from services.inclusione.service.misura import regole_di
from services.inclusione.service.progetto import progetto_di
from services.inclusione.service.viste import pip_di


async def leggi_indennita(session: AsyncSession, pip_id: UUID) -> IndennitaVista:
    """The statement of a plan's allowance: what accrued, what was paid, what is owed either way.

    Raises:
        NotFound: no such plan.
    """
    pip = await pip_di(session, pip_id)
    versate = await queries.quota_versata(session, [pip_id])
    return IndennitaVista(
        pip_id=pip_id,
        maturato=pip.maturato_cent,
        liquidato=pip.liquidato_cent,
        saldo=pip.maturato_cent - pip.liquidato_cent,
        quota_morosita=versate.get(pip_id, 0),
        voci=[
            VoceVista(
                ore_id=voce.ore_id,
                tipo=voce.tipo,
                importo=voce.importo_cent,
                giorno=voce.giorno,
                motivo=voce.motivo,
                creata_il=voce.creata_il,
                liquidata=liquidata,
            )
            for voce, liquidata in await queries.voci(session, pip_id)
        ],
    )


@dataclass(slots=True)
class _Pagamento:
    """One payment being made: its plan, its items, its pact."""

    pip: Pip
    voci: list[UUID]
    riga: Liquidazione
    patto: Patto | None


async def liquida_lotto(
    session: AsyncSession, progetto_id: UUID, corpo: LottoNuovo, *, autore: str, now: datetime
) -> LottoVisto:
    """Pays in one batch the allowance a project's plans have accrued up to a day, the day itself included.

    A plan whose items sum to nothing or less waits: the compensating items are taken from its next payment. Under an
    active pact the share goes to the arrears (certified as blameless, where the measure asks for it).

    Raises:
        NotFound: no such project here.
        NienteDaLiquidare: nobody has an allowance to be paid up to that day.

    Source: DOMAIN part inclusione (Indennita: liquidation in batches; DO UT DES).
    """
    await progetto_di(session, progetto_id)
    piani = await queries_pip.blocca_piani(
        session, await queries.piani_da_liquidare(session, progetto_id, corpo.fino_al)
    )
    voci = await queries.voci_da_liquidare(session, piani.keys(), corpo.fino_al)
    patti = await queries.blocca_patti(session, progetto_id, {pip.persona_id for pip in piani.values()})
    lotto_id = uuid7()
    pagamenti = []
    for pip_id, righe in sorted(voci.items()):
        importo = sum(cent for _, cent in righe)
        if importo > 0:
            patto = await _patto_utile(session, piani[pip_id], patti)
            pagamenti.append(_paga(lotto_id, piani[pip_id], [voce_id for voce_id, _ in righe], importo, patto))
    if not pagamenti:
        raise NienteDaLiquidare(
            f"Nessuna indennita' da liquidare fino al {corpo.fino_al.isoformat()}.",
            field="fino_al",
            remedy="Validare prima le ore, oppure indicare un giorno seguente.",
        )
    linea = await queries_progetto.blocca_linea(session, progetto_id)
    assert linea is not None
    lotto = LottoLiquidazione(
        lotto_id=lotto_id,
        progetto_id=progetto_id,
        numero=await queries.prossimo_lotto(session, progetto_id),
        fino_al=corpo.fino_al,
        atto=corpo.atto,
        autore=autore,
        totale_cent=sum(pagamento.riga.importo_cent for pagamento in pagamenti),
        quota_morosita_cent=sum(pagamento.riga.quota_morosita_cent for pagamento in pagamenti),
        righe=len(pagamenti),
        liquidato_il=now,
    )
    linea.liquidato_cent += lotto.totale_cent
    linea.versione += 1
    await _scrivi(session, lotto, pagamenti, now=now)
    return _lotto(lotto, [pagamento.riga for pagamento in pagamenti])


async def _patto_utile(session: AsyncSession, pip: Pip, patti: dict[UUID, Patto]) -> Patto | None:
    patto = patti.get(pip.persona_id)
    if patto is None:
        return None
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    return None if regole.patto_solo_incolpevole and patto.incolpevole_certificata_il is None else patto


def _paga(lotto_id: UUID, pip: Pip, voci: list[UUID], importo: int, patto: Patto | None) -> _Pagamento:
    quota = 0
    if patto is not None:
        patto.lordo_cent += importo
        quota = regole_indennita.quota_morosita(
            patto.lordo_cent,
            Quota(patto.quota_numeratore, patto.quota_denominatore),
            gia_versata_cent=patto.versato_cent,
        )
        patto.versato_cent += quota
        patto.versione += 1
    pip.liquidato_cent += importo
    riga = Liquidazione(
        liquidazione_id=uuid7(),
        lotto_id=lotto_id,
        pip_id=pip.pip_id,
        persona_id=pip.persona_id,
        patto_id=patto.patto_id if patto else None,
        quota_id=uuid7() if quota else None,
        importo_cent=importo,
        quota_morosita_cent=quota,
    )
    return _Pagamento(pip, voci, riga, patto)


async def _scrivi(
    session: AsyncSession, lotto: LottoLiquidazione, pagamenti: Sequence[_Pagamento], *, now: datetime
) -> None:
    session.add(lotto)
    await session.flush()
    session.add_all(pagamento.riga for pagamento in pagamenti)
    await session.flush()
    for pagamento in pagamenti:
        riga = pagamento.riga
        session.add_all(
            LiquidazioneVoce(voce_id=voce_id, liquidazione_id=riga.liquidazione_id) for voce_id in pagamento.voci
        )
        await emit(
            session,
            IndennitaLiquidata(
                liquidazione_id=riga.liquidazione_id,
                versione=1,
                pip_id=riga.pip_id,
                persona_id=riga.persona_id,
                progetto_id=lotto.progetto_id,
                importo_cent=riga.importo_cent,
                quota_morosita_cent=riga.quota_morosita_cent,
                liquidata_il=now,
            ),
            now=now,
        )
        if riga.quota_id is not None and pagamento.patto is not None:
            await emit(
                session,
                IndennitaQuotaMorosita(
                    quota_id=riga.quota_id,
                    versione=1,
                    persona_id=riga.persona_id,
                    nucleo_id=pagamento.patto.nucleo_id,
                    progetto_id=lotto.progetto_id,
                    importo_cent=riga.quota_morosita_cent,
                    patto_id=pagamento.patto.patto_id,
                    liquidata_il=now,
                ),
                now=now,
            )
    await session.flush()


async def leggi_lotto(session: AsyncSession, progetto_id: UUID, lotto_id: UUID) -> LottoVisto:
    """A batch with its payments.

    Raises:
        NotFound: no such batch in that project.
    """
    lotto = await queries.lotto(session, lotto_id)
    if lotto is None or lotto.progetto_id != progetto_id:
        raise NotFound("Il lotto di liquidazione non esiste in questo progetto.")
    return _lotto(lotto, await queries.liquidazioni(session, lotto_id))


async def elenca_lotti(session: AsyncSession, progetto_id: UUID, *, dopo: int, limit: int) -> list[LottoVisto]:
    """The batches of a project, from the first, without their rows."""
    return [_lotto(lotto, []) for lotto in await queries.lotti(session, progetto_id, dopo=dopo, limit=limit)]


def _lotto(lotto: LottoLiquidazione, righe: Sequence[Liquidazione]) -> LottoVisto:
    return LottoVisto(
        lotto_id=lotto.lotto_id,
        progetto_id=lotto.progetto_id,
        numero=lotto.numero,
        fino_al=lotto.fino_al,
        atto=lotto.atto,
        totale=lotto.totale_cent,
        quota_morosita=lotto.quota_morosita_cent,
        righe=lotto.righe,
        liquidato_il=lotto.liquidato_il,
        liquidazioni=[
            LiquidazioneVista(
                liquidazione_id=riga.liquidazione_id,
                pip_id=riga.pip_id,
                persona_id=riga.persona_id,
                patto_id=riga.patto_id,
                importo=riga.importo_cent,
                quota_morosita=riga.quota_morosita_cent,
                netto=riga.importo_cent - riga.quota_morosita_cent,
            )
            for riga in righe
        ],
    )


async def firma_patto(session: AsyncSession, corpo: PattoNuovo, *, autore: str, now: datetime) -> PattoVisto:
    """Signs a pact for the person of a plan: from now on a share of the allowance goes to the household's arrears.

    Raises:
        NotFound: no such plan.
        PattoNonValido: the share is not between nothing and everything, or the certification is of a future day.
        NucleoSconosciuto: no household of the person is known today.
        PattoGiaAttivo: the person has an active pact in the project.

    Source: DOMAIN part inclusione (Patti; "only to arrears certified as incolpevole, by whom, when").
    """
    pip = await pip_di(session, corpo.pip_id)
    regole = await regole_di(session, pip.misura_id, pip.misura_numero)
    quota = leggi_quota(corpo.quota) if corpo.quota else regole.quota_patto
    regole_indennita.verifica_quota(quota)
    oggi = now.astimezone(ROMA).date()
    _verifica_certificazione(corpo.incolpevole, oggi)
    attuale = await queries_persone.persona_attuale(session, pip.persona_id)
    nucleo_id = await queries_persone.nucleo_del(session, await queries_persone.stesse_persone(session, attuale), oggi)
    if nucleo_id is None:
        raise NucleoSconosciuto(
            "Il nucleo della persona non e' ancora noto: il patto riguarda la morosita' del nucleo.",
            remedy="Registrare il nucleo presso il laboratorio e riprovare fra poco.",
        )
    patto = Patto(
        patto_id=uuid7(),
        versione=1,
        persona_id=pip.persona_id,
        nucleo_id=nucleo_id,
        progetto_id=pip.progetto_id,
        ente=pip.ente,
        quota_numeratore=quota.numeratore,
        quota_denominatore=quota.denominatore,
        metodo=corpo.metodo,
        stato=StatoPatto.ATTIVO,
        incolpevole_certificata_da=corpo.incolpevole.da if corpo.incolpevole else None,
        incolpevole_certificata_il=corpo.incolpevole.il if corpo.incolpevole else None,
        firmato_da=autore,
        firmato_il=now,
    )
    if not await queries.aggiungi_patto(session, patto):
        raise PattoGiaAttivo(
            "La persona ha gia' un patto attivo in questo progetto.", remedy="Far cessare prima quel patto."
        )
    return vista_del_patto(patto)


def _verifica_certificazione(certificazione: Certificazione | None, oggi: date) -> None:
    if certificazione is not None and certificazione.il > oggi:
        raise regole_indennita.PattoNonValido(
            "La certificazione porta una data futura.", field="incolpevole", remedy="Correggere la data."
        )


async def cessa_patto(session: AsyncSession, patto_id: UUID, *, now: datetime) -> PattoVisto:
    """Ends a pact: later payments go whole to the person; twice is once.

    Raises:
        NotFound: no such pact.
    """
    patto = await queries.patto(session, patto_id, blocca=True)
    if patto is None:
        raise NotFound("Il patto non esiste.", field="patto_id")
    if patto.stato is StatoPatto.ATTIVO:
        patto.stato, patto.cessato_il = StatoPatto.CESSATO, now
        patto.versione += 1
        await session.flush()
    return vista_del_patto(patto)


async def leggi_patto(session: AsyncSession, patto_id: UUID) -> PattoVisto:
    """A pact and what it gave so far.

    Raises:
        NotFound: no such pact.
    """
    patto = await queries.patto(session, patto_id)
    if patto is None:
        raise NotFound("Il patto non esiste.", field="patto_id")
    return vista_del_patto(patto)


def vista_del_patto(patto: Patto) -> PattoVisto:
    """A pact as it is shown."""
    certificata = patto.incolpevole_certificata_da is not None and patto.incolpevole_certificata_il is not None
    return PattoVisto(
        patto_id=patto.patto_id,
        versione=patto.versione,
        persona_id=patto.persona_id,
        nucleo_id=patto.nucleo_id,
        progetto_id=patto.progetto_id,
        ente=patto.ente,
        quota=str(Quota(patto.quota_numeratore, patto.quota_denominatore)),
        stato=patto.stato,
        incolpevole=Certificazione.model_validate(
            {"da": patto.incolpevole_certificata_da, "il": patto.incolpevole_certificata_il}
        )
        if certificata
        else None,
        lordo=patto.lordo_cent,
        versato=patto.versato_cent,
        firmato_il=patto.firmato_il,
        cessato_il=patto.cessato_il,
    )
