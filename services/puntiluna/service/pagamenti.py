"""How a landlord is paid: names and accounts of the organisations, payment orders, the file for the bank."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.sepa import Account, Payment, check_iban, payment_file
from chassis.tokens import Principal
from services.puntiluna import documents
from services.puntiluna.models import ConfigurazioneEnte, Distinta, Pagamento
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import distinte as queries
from services.puntiluna.rules.distinte import (
    CoordinateMancanti,
    EnteNonConfigurato,
    ModoLiquidazione,
    PagamentoSconosciuto,
    StatoDistinta,
    controlla_file,
    controlla_pagamento,
)
from services.puntiluna.rules.tariffe import giorno_di
from services.puntiluna.service.distinte import blocca_distinta, leggi_distinta


async def leggi_ente(session: AsyncSession, ente: str) -> ConfigurazioneEnte:
    """Give the name and account of an organisation.

    Raises:
        EnteNonConfigurato: none is kept.
    """
    configurazione = await queries.configurazione(session, ente)
    if configurazione is None:
        raise EnteNonConfigurato(f"Per {ente} non ci sono nome e coordinate di pagamento.")
    return configurazione


async def elenca_enti(session: AsyncSession, *, dopo: str | None, limite: int) -> list[ConfigurazioneEnte]:
    """Give a page of the names and accounts that are kept, in order of code."""
    return await queries.configurazioni(session, dopo, limite)


async def versione_ente(session: AsyncSession, ente: str) -> int | None:
    """Lock the name and account of an organisation and give their version; None when there are none."""
    configurazione = await queries.configurazione(session, ente, blocca=True)
    return configurazione.versione if configurazione is not None else None


async def configura_ente(
    session: AsyncSession,
    ente: str,
    *,
    nome: str,
    iban: str | None,
    bic: str | None,
    termine_giorni: int | None,
    autore: str,
    now: datetime,
) -> ConfigurazioneEnte:
    """Keep the name, the account and, for a landlord, the term to answer of an organisation.

    Args:
        session: the transaction.
        ente: its code.
        nome: as its bank knows it.
        iban: its account; None where it is neither paid nor pays through a bank.
        bic: of its bank, if asked for.
        termine_giorni: days a landlord has to answer from now on, None to leave them as they are.
        autore: who writes it: whoever changes the account may neither approve nor order payments to it.
        now: the platform's instant.

    Returns:
        What is kept now.

    Raises:
        IbanNonValido: the account's check digits or length are wrong.

    Source: ADR 0081.
    """
    iban = check_iban(iban) if iban is not None else None
    configurazione = await queries.configurazione(session, ente, blocca=True)
    if configurazione is None:
        configurazione = ConfigurazioneEnte(ente=ente, versione=0, nome=nome, aggiornata_il=now, aggiornata_da=autore)
        session.add(configurazione)
    if (configurazione.iban, configurazione.bic) != (iban, bic):
        # Whoever changes the name alone does not take the account's author's place.
        configurazione.aggiornata_il, configurazione.aggiornata_da = now, autore
    configurazione.nome, configurazione.iban, configurazione.bic = nome, iban, bic
    configurazione.versione += 1
    if termine_giorni is not None:
        await queries_debiti.registra_proprietari(session, [ente])
        proprietario = await queries_debiti.blocca_proprietario(session, ente)
        assert proprietario is not None  # registered in this transaction
        proprietario.termine_giorni = termine_giorni
    await session.flush()
    return configurazione


async def disponi_pagamento(
    session: AsyncSession, distinta_id: UUID, *, esecuzione: date, principal: Principal, now: datetime
) -> Distinta:
    """Order the payment of an approved Distinta: accounts and amount are frozen, and with them the bank's file.

    Args:
        session: the transaction.
        distinta_id: the Distinta.
        esecuzione: the day on which the bank should pay.
        principal: who orders it.
        now: the platform's instant.

    Returns:
        The Distinta, `in_pagamento`.

    Raises:
        DistintaSconosciuta: there is none.
        DistintaNonPagabile: not approved, already ordered, or settled by an internal entry.
        CoordinateMancanti: who pays or who is paid has no account here.
        CoordinateAppenaCambiate: who orders or who approved wrote the landlord's account.
        DisponeChiHaComposto: the caller composed the Distinta.
        EsecuzionePassata: the day has passed.
        FuoriCompetenza: it is another organisation's.

    Source: DOMAIN, puntiluna, "Distinta"; ADR 0081.
    """
    distinta = await blocca_distinta(session, distinta_id, principal)
    creditore = await queries.configurazione(session, distinta.ente_proprietario)
    controlla_pagamento(
        StatoDistinta(distinta.stato),
        ModoLiquidazione(distinta.modo),
        esecuzione=esecuzione,
        oggi=giorno_di(now),
        cambiate_da=creditore.aggiornata_da if creditore is not None else "",
        composta_da=distinta.composta_da,
        approvata_da=distinta.approvata_da,
        dispone=principal.subject,
    )
    pagatore = await queries.configurazione(session, distinta.ente_pagatore or principal.ente or "")
    if pagatore is None or pagatore.iban is None or creditore is None or creditore.iban is None:
        raise CoordinateMancanti(
            "Manca l'IBAN di chi paga o del proprietario.",
            remedy="Registra nome e IBAN dei due enti con PUT /enti/{ente}, poi ripeti.",
        )
    pagamento = Pagamento(
        pagamento_id=uuid7(),
        distinta_id=distinta_id,
        importo_cent=distinta.totale_cent,
        esecuzione=esecuzione,
        pagatore_nome=pagatore.nome,
        pagatore_iban=pagatore.iban,
        pagatore_bic=pagatore.bic,
        creditore_nome=creditore.nome,
        creditore_iban=creditore.iban,
        causale=f"PuntiLuna, riduzioni di morosita {distinta.periodo}, distinta {distinta_id}",
        impronta="0" * 64,
        disposto_il=now,
        disposto_da=principal.subject,
    )
    pagamento.impronta = documents.impronta(file_di(pagamento))
    session.add(pagamento)
    distinta.stato = str(StatoDistinta.IN_PAGAMENTO)
    distinta.versione += 1
    await session.flush()
    return distinta


async def leggi_pagamento(session: AsyncSession, distinta_id: UUID, *, principal: Principal) -> Pagamento:
    """Give the payment order of a Distinta.

    Raises:
        DistintaSconosciuta: there is none.
        PagamentoSconosciuto: no payment was ordered.
        FuoriCompetenza: it is another organisation's.
    """
    await leggi_distinta(session, distinta_id, principal=principal)
    pagamento = await queries.pagamento(session, distinta_id)
    if pagamento is None:
        raise PagamentoSconosciuto(
            "Per questa distinta non è stato disposto alcun pagamento.",
            remedy="Approva la distinta e disponi il pagamento.",
        )
    return pagamento


async def file_del_pagamento(session: AsyncSession, distinta_id: UUID, *, principal: Principal) -> bytes:
    """Give the bank's file of a payment that stands.

    Raises:
        DistintaSconosciuta: there is none.
        PagamentoSconosciuto: no payment was ordered.
        PagamentoRitirato: the Distinta was cancelled.
        FuoriCompetenza: it is another organisation's.

    Source: ADR 0081.
    """
    distinta = await leggi_distinta(session, distinta_id, principal=principal)
    pagamento = await leggi_pagamento(session, distinta_id, principal=principal)
    controlla_file(StatoDistinta(distinta.stato))
    return file_di(pagamento)


def file_di(pagamento: Pagamento) -> bytes:
    """Render the bank's file of a payment order: the same order gives the same bytes (pain.001.001.09)."""
    return payment_file(
        message_id=pagamento.pagamento_id.hex,
        debtor=Account(pagamento.pagatore_nome, pagamento.pagatore_iban, pagamento.pagatore_bic),
        payments=[
            Payment(
                payment_id=pagamento.distinta_id.hex,
                name=pagamento.creditore_nome,
                iban=pagamento.creditore_iban,
                cents=pagamento.importo_cent,
                text=pagamento.causale,
            )
        ],
        execution=pagamento.esecuzione,
        now=pagamento.disposto_il,
    )
