"""The Distinta: what a Comune pays of a landlord's reductions of a month, approved by a second person, settled."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from chassis.ruoli import Ruolo
from chassis.tokens import Principal
from services.puntiluna.events import DistintaLiquidata
from services.puntiluna.models import Distinta
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import distinte as queries
from services.puntiluna.queries.distinte import RigaDistinta
from services.puntiluna.rules.distinte import (
    DistintaSconosciuta,
    ModoLiquidazione,
    NienteDaLiquidare,
    StatoDistinta,
    controlla_annullamento,
    controlla_approvazione,
    controlla_liquidazione,
    controlla_pagatore,
    estremi_del_periodo,
    modo_di_liquidazione,
)
from services.puntiluna.rules.fondi import FuoriCompetenza
from services.puntiluna.rules.registro import Causa, Libro, TipoConto, sposta
from services.puntiluna.rules.riduzioni import OrigineRiduzione
from services.puntiluna.service.provenienza import attribuisci
from services.puntiluna.service.registro import componi_movimento, registra_tutti
from services.puntiluna.service.riduzioni import conto_ente


async def componi_distinta(
    session: AsyncSession,
    *,
    ente: str,
    periodo: str,
    progetto_id: UUID | None,
    principal: Principal,
    now: datetime,
) -> Distinta:
    """Group the confirmed reductions of a landlord in a month that are in no Distinta yet.

    Args:
        session: the transaction.
        ente: the landlord.
        periodo: the month of the landlord's answers in Italy, as `2020-11`.
        progetto_id: only what one project pays, None for what all those of the caller's organisation pay.
        principal: who composes it.
        now: the platform's instant.

    Returns:
        The Distinta.

    Raises:
        NienteDaLiquidare: no reduction is free.
        FuoriCompetenza: the project is another organisation's, or the caller has none.
        ProprietarioNonPaga: the caller's organisation is the landlord to be paid.

    A reduction is paid by the projects whose funds issued its points, wherever its household lives: what two of them
    paid enters two Distinte, if two Comuni answer for them (ADR 0080).

    Source: DOMAIN, puntiluna, "Distinta"; ADR 0080.
    """
    dal, al = estremi_del_periodo(periodo)
    if principal.ente is None:
        raise _fuori_competenza()
    modo = modo_di_liquidazione(ente, principal.ente)
    controlla_pagatore(principal.ente, pagatore=principal.ente, proprietario=ente, modo=modo)
    if progetto_id is not None:
        await _controlla_competenza(session, {progetto_id}, principal)
        progetti = [progetto_id]
    else:
        progetti = await queries.progetti_dell_ente(session, principal.ente)
    await queries_debiti.blocca_proprietario(session, ente)
    await attribuisci(session, await queries.senza_fonti(session, ente, dal, al))
    righe = await queries.blocca_da_liquidare(session, ente, dal, al, progetti)
    if not righe:
        raise NienteDaLiquidare(
            f"Nel periodo {periodo} non ci sono riduzioni confermate da {ente} libere nei progetti del tuo ente.",
            remedy="Controlla il periodo: conta il mese della risposta dell'ente.",
        )
    punti = sum(r.importo_cent for r in righe if r.origine == OrigineRiduzione.PUNTI)
    quote = sum(r.importo_cent for r in righe if r.origine == OrigineRiduzione.INDENNITA)
    distinta = Distinta(
        distinta_id=uuid7(),
        versione=1,
        ente_proprietario=ente,
        periodo=periodo,
        progetto_id=progetto_id,
        stato=str(StatoDistinta.COMPOSTA),
        modo=str(modo),
        righe=len(righe),
        totale_cent=punti + quote,
        punti_cent=punti,
        quote_cent=quote,
        ente_pagatore=principal.ente,
        composta_il=now,
        composta_da=principal.subject,
    )
    session.add(distinta)
    await session.flush()
    await queries.metti_in_distinta(session, distinta.distinta_id, righe)
    return distinta


async def approva_distinta(
    session: AsyncSession, distinta_id: UUID, *, principal: Principal, now: datetime
) -> Distinta:
    """Approve a Distinta that somebody else composed.

    Raises:
        DistintaSconosciuta: there is none.
        DistintaNonApprovabile: it is already approved or settled.
        ApprovatoreNonTerzo: the caller composed it.
        FuoriCompetenza: it is another organisation's.
    """
    distinta = await blocca_distinta(session, distinta_id, principal)
    controlla_approvazione(StatoDistinta(distinta.stato), composta_da=distinta.composta_da, approva=principal.subject)
    distinta.stato = str(StatoDistinta.APPROVATA)
    distinta.approvata_il, distinta.approvata_da = now, principal.subject
    distinta.versione += 1
    await session.flush()
    return distinta


async def liquida_distinta(
    session: AsyncSession, distinta_id: UUID, *, atto: str, principal: Principal, now: datetime
) -> Distinta:
    """Settle an approved Distinta: its points and its real money leave what the landlord had confirmed.

    Args:
        session: the transaction.
        distinta_id: the Distinta.
        atto: the payment order, or the internal entry where the Comune is the landlord.
        principal: who settles it.
        now: the platform's instant.

    Returns:
        The Distinta.

    Raises:
        DistintaSconosciuta: there is none.
        DistintaNonLiquidabile: it is not approved, or already settled.
        TotaleDiverso: total and lines differ.
        FuoriCompetenza: it is another organisation's.

    Source: DOMAIN, puntiluna, "Distinta" and "Landlords may be Comuni".
    """
    distinta = await blocca_distinta(session, distinta_id, principal)
    righe = await queries.righe_della_distinta(session, distinta_id, None, None)
    controlla_liquidazione(
        StatoDistinta(distinta.stato),
        totale_cent=distinta.totale_cent,
        righe_cent=sum(riga.importo_cent for riga in righe),
    )
    ente = distinta.ente_proprietario
    movimenti = [
        componi_movimento(
            libro=libro,
            causa=Causa.LIQUIDAZIONE,
            chiave=f"liquidazione:{distinta_id}:{libro}",
            righe=sposta(
                conto_ente(libro, TipoConto.CONFERMATO, ente), conto_ente(libro, TipoConto.LIQUIDATO, ente), importo
            ),
            accaduto_il=now,
            dettaglio={
                "distinta_id": str(distinta_id),
                "atto": atto,
                "modo": distinta.modo,
                "periodo": distinta.periodo,
            },
        )
        for libro, importo in ((Libro.PUNTI, distinta.punti_cent), (Libro.QUOTE, distinta.quote_cent))
        if importo
    ]
    await registra_tutti(session, movimenti, now=now)
    distinta.stato = str(StatoDistinta.LIQUIDATA)
    distinta.liquidata_il, distinta.liquidata_da, distinta.atto = now, principal.subject, atto
    distinta.versione += 1
    await session.flush()
    await queries.salda_riduzioni(session, distinta_id)
    await emit(
        session,
        DistintaLiquidata(
            versione=distinta.versione,
            distinta_id=distinta_id,
            ente_proprietario=ente,
            periodo=distinta.periodo,
            totale_cent=distinta.totale_cent,
            righe=distinta.righe,
            liquidata_il=now,
        ),
        now=now,
    )
    return distinta


async def annulla_distinta(
    session: AsyncSession,
    distinta_id: UUID,
    *,
    motivo: str,
    rifiuto: str | None = None,
    principal: Principal,
    now: datetime,
) -> Distinta:
    """Cancel a Distinta that is not settled: its lines are free for another one.

    Args:
        session: the transaction.
        distinta_id: the Distinta.
        motivo: why.
        rifiuto: the bank's reference of its refusal; it must be there once a payment was ordered.
        principal: who cancels it.
        now: the platform's instant.

    Raises:
        DistintaSconosciuta: there is none.
        DistintaNonAnnullabile: it is settled or already cancelled.
        AnnullaChiHaDisposto: its payment was ordered by the caller, or the caller is no treasurer.
        RifiutoMancante: its payment was ordered and no refusal of the bank is named.
        FuoriCompetenza: it is another organisation's.

    Source: ADR 0081.
    """
    distinta = await blocca_distinta(session, distinta_id, principal)
    pagamento = await queries.pagamento(session, distinta_id)
    controlla_annullamento(
        StatoDistinta(distinta.stato),
        annulla=principal.subject,
        tesoriere=principal.has(Ruolo.TESORIERE),
        disposto_da=pagamento.disposto_da if pagamento is not None else None,
        rifiuto=rifiuto,
    )
    await queries.libera_righe(session, distinta_id)
    distinta.stato = str(StatoDistinta.ANNULLATA)
    distinta.annullata_il, distinta.annullata_da, distinta.motivo = now, principal.subject, motivo
    distinta.atto = rifiuto
    distinta.versione += 1
    await session.flush()
    return distinta


async def leggi_distinta(session: AsyncSession, distinta_id: UUID, *, principal: Principal) -> Distinta:
    """Give a Distinta.

    Raises:
        DistintaSconosciuta: there is none.
        FuoriCompetenza: it is another organisation's.
    """
    distinta = await queries.distinta(session, distinta_id)
    if distinta is None:
        raise _sconosciuta(distinta_id)
    await _controlla_distinta(session, distinta, principal)
    return distinta


async def elenca_distinte(
    session: AsyncSession, *, principal: Principal, dopo: UUID | None, limite: int
) -> list[Distinta]:
    """Give a page of the Distinte that concern the caller's organisation, the latest first."""
    if principal.ente is None:
        return []
    progetti = await queries.progetti_dell_ente(session, principal.ente)
    return await queries.distinte(session, principal.ente, progetti, dopo, limite)


async def righe_della_distinta(
    session: AsyncSession, distinta_id: UUID, *, principal: Principal, dopo: tuple[int, UUID] | None, limite: int | None
) -> Sequence[RigaDistinta]:
    """Give a page of the lines of a Distinta (all of them without a limit), by protocol number.

    Raises:
        DistintaSconosciuta: there is none.
        FuoriCompetenza: it is another organisation's.
    """
    await leggi_distinta(session, distinta_id, principal=principal)
    return await queries.righe_della_distinta(session, distinta_id, dopo, limite)


async def blocca_distinta(session: AsyncSession, distinta_id: UUID, principal: Principal) -> Distinta:
    """Lock a Distinta for a change by the organisation that pays it.

    Raises:
        DistintaSconosciuta: there is none.
        FuoriCompetenza: it is another organisation's, or another one pays it.
        ProprietarioNonPaga: the caller's organisation is the landlord to be paid.
    """
    distinta = await queries.distinta(session, distinta_id, blocca=True)
    if distinta is None:
        raise _sconosciuta(distinta_id)
    await _controlla_distinta(session, distinta, principal)
    controlla_pagatore(
        principal.ente,
        pagatore=distinta.ente_pagatore,
        proprietario=distinta.ente_proprietario,
        modo=ModoLiquidazione(distinta.modo),
    )
    return distinta


async def _controlla_distinta(session: AsyncSession, distinta: Distinta, principal: Principal) -> None:
    """Refuse a Distinta of other organisations; a cancelled one, that has no lines left, is of who composed it."""
    progetti = set(await queries.progetti_della_distinta(session, distinta.distinta_id))
    if not progetti and distinta.ente_pagatore is not None and distinta.ente_pagatore == principal.ente:
        return
    await _controlla_competenza(session, progetti, principal)


async def _controlla_competenza(session: AsyncSession, progetti: set[UUID], principal: Principal) -> None:
    """Refuse who takes no part in each of these projects; with no project at all, everybody."""
    propri = await queries.progetti_dell_ente(session, principal.ente, sorted(progetti)) if principal.ente else []
    if not progetti or set(propri) != progetti:
        raise _fuori_competenza()


def _fuori_competenza() -> FuoriCompetenza:
    return FuoriCompetenza(
        "La distinta comprende riduzioni pagate da un progetto a cui il tuo ente non partecipa.",
        remedy="Componi la distinta di un progetto del tuo ente.",
    )


def _sconosciuta(distinta_id: UUID) -> DistintaSconosciuta:
    return DistintaSconosciuta(f"Nessuna distinta {distinta_id}.")
