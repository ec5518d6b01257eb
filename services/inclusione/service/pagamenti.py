"""Payment files: which payments of a batch go to the bank, made again at will, and what the bank sends back."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.italian import ROMA
from chassis.sepa import Account, Payment, check_iban
from chassis.vault import Keyring
from services.inclusione.documents.pagamento import FilePagamento
from services.inclusione.models import Flusso, FlussoRiga, IbanPersona, LottoLiquidazione
from services.inclusione.queries import indennita as queries_indennita
from services.inclusione.queries import pagamento as queries
from services.inclusione.rules import pagamento as regole_pagamento
from services.inclusione.rules.pagamento import EsitoPagamento, FlussoNonRicostruibile, PagamentoNonNelFlusso
from services.inclusione.schemas.pagamento import (
    EsitiBanca,
    Flussi,
    FlussoIntero,
    FlussoNuovo,
    FlussoVisto,
    PagamentoVisto,
)
from services.inclusione.service.iban import DELLA_PERSONA, cifra, decifra
from services.inclusione.service.progetto import progetto_di


async def crea_flusso(
    session: AsyncSession,
    progetto_id: UUID,
    lotto_id: UUID,
    corpo: FlussoNuovo,
    *,
    chiavi: Keyring,
    autore: str,
    now: datetime,
) -> FlussoIntero:
    """Puts into a payment file the payments of a batch that no file holds and whose person has an account.

    Raises:
        NotFound: no such batch in that project.
        IbanNonValido: the paying account is not one.
        EsecuzioneNonValida: the day is past or too far.
        NientePagabile: no payment may go; the refusal says how many lack what.
    """
    await queries_indennita.blocca_lotto(session, lotto_id)
    lotto = await _lotto(session, progetto_id, lotto_id)
    regole_pagamento.verifica_esecuzione(corpo.esecuzione, oggi=now.astimezone(ROMA).date())
    debitore = check_iban(corpo.iban)
    liquidazioni = await queries.da_inviare(session, lotto_id)
    conti, cancellate = await _conti(session, {(riga.persona_id, ente) for riga, ente in liquidazioni})
    pagabili = [(riga, conti[riga.persona_id, ente]) for riga, ente in liquidazioni if (riga.persona_id, ente) in conti]
    senza = sum(
        1 for riga, ente in liquidazioni if (riga.persona_id, ente) not in conti and riga.persona_id not in cancellate
    )
    regole_pagamento.verifica_pagabili(
        len(pagabili),
        {"senza IBAN": senza, "di persone cancellate": len(liquidazioni) - len(pagabili) - senza},
    )
    segreto = cifra(chiavi, debitore)
    session.add(segreto)
    await session.flush()
    flusso = Flusso(
        flusso_id=uuid7(),
        lotto_id=lotto.lotto_id,
        numero=len(await queries.flussi(session, lotto_id)) + 1,
        debitore=corpo.debitore,
        segreto_id=segreto.segreto_id,
        esecuzione=corpo.esecuzione,
        righe=len(pagabili),
        totale_cent=sum(riga.importo_cent - riga.quota_morosita_cent for riga, _ in pagabili),
        creato_da=autore,
        creato_il=now,
    )
    session.add(flusso)
    await session.flush()
    session.add_all(
        FlussoRiga(
            flusso_id=flusso.flusso_id,
            liquidazione_id=riga.liquidazione_id,
            persona_id=riga.persona_id,
            iban_persona_id=conto.persona_id,
            iban_versione=conto.versione,
            importo_cent=riga.importo_cent - riga.quota_morosita_cent,
            esito=EsitoPagamento.INVIATO,
        )
        for riga, conto in pagabili
    )
    await session.flush()
    return await _intero(session, flusso)


async def _conti(
    session: AsyncSession, pagate: set[tuple[UUID, str]]
) -> tuple[Mapping[tuple[UUID, str], IbanPersona], set[UUID]]:
    """The account of each person for what an operator followed, under any of their ids, and who was erased.

    Any operator may enrol anybody and write an account: only that of the person, or of the operator of what is paid,
    moves money. The last written of the two counts.
    """
    stesse = await queries.stesse_di(session, {persona for persona, _ in pagate})
    tutte = {identita for gruppo in stesse.values() for identita in gruppo}
    noti = await queries.conti_di(session, tutte)
    cancellate = await queries.cancellate(session, tutte)
    conti = {}
    for persona, ente in pagate:
        gruppo = stesse[persona]
        suoi = [conto for conto in noti if conto.persona_id in gruppo and conto.ente in (DELLA_PERSONA, ente)]
        if suoi and not gruppo & cancellate:
            conti[persona, ente] = max(suoi, key=lambda conto: (conto.registrato_il, conto.versione))
    return conti, {persona for persona, gruppo in stesse.items() if gruppo & cancellate}


async def _lotto(session: AsyncSession, progetto_id: UUID, lotto_id: UUID) -> LottoLiquidazione:
    lotto = await queries_indennita.lotto(session, lotto_id)
    if lotto is None or lotto.progetto_id != progetto_id:
        raise NotFound("Il lotto di liquidazione non esiste in questo progetto.")
    return lotto


async def _flusso(session: AsyncSession, progetto_id: UUID, lotto_id: UUID, flusso_id: UUID) -> Flusso:
    await _lotto(session, progetto_id, lotto_id)
    flusso = await queries.flusso(session, flusso_id)
    if flusso is None or flusso.lotto_id != lotto_id:
        raise NotFound("Il flusso di pagamento non esiste in questo lotto.")
    return flusso


async def elenca_flussi(session: AsyncSession, progetto_id: UUID, lotto_id: UUID) -> Flussi:
    """The payment files of a batch.

    Raises:
        NotFound: no such batch in that project.
    """
    await _lotto(session, progetto_id, lotto_id)
    righe = await queries.flussi(session, lotto_id)
    return Flussi(
        items=[
            FlussoVisto.model_validate((await _intero(session, flusso)).model_dump(exclude={"pagamenti"}))
            for flusso in righe
        ]
    )


async def leggi_flusso(session: AsyncSession, progetto_id: UUID, lotto_id: UUID, flusso_id: UUID) -> FlussoIntero:
    """A payment file with its payments, neither names nor accounts.

    Raises:
        NotFound: no such file in that batch.
    """
    return await _intero(session, await _flusso(session, progetto_id, lotto_id, flusso_id))


async def registra_esiti(
    session: AsyncSession, progetto_id: UUID, lotto_id: UUID, flusso_id: UUID, corpo: EsitiBanca
) -> FlussoIntero:
    """Writes down what the bank sent back: those payments may go into a later file.

    Raises:
        NotFound: no such file in that batch.
        PagamentoNonNelFlusso: a payment is not of this file, or was sent back already.
    """
    flusso = await _flusso(session, progetto_id, lotto_id, flusso_id)
    righe = await queries.righe_bloccate(session, flusso_id)
    for respinto in corpo.respinti:
        riga = righe.get(respinto.liquidazione_id)
        if riga is None or riga.esito is EsitoPagamento.RESPINTO:
            raise PagamentoNonNelFlusso(
                "Uno dei pagamenti non e' di questo flusso, oppure e' gia' stato respinto.",
                field="respinti",
                remedy="Nominare pagamenti inviati con questo flusso.",
            )
        riga.esito, riga.motivo = EsitoPagamento.RESPINTO, respinto.motivo
    await session.flush()
    return await _intero(session, flusso)


async def _intero(session: AsyncSession, flusso: Flusso) -> FlussoIntero:
    righe = await queries.righe_del_flusso(session, flusso.flusso_id)
    return FlussoIntero(
        flusso_id=flusso.flusso_id,
        lotto_id=flusso.lotto_id,
        numero=flusso.numero,
        debitore=flusso.debitore,
        esecuzione=flusso.esecuzione,
        righe=flusso.righe,
        totale=flusso.totale_cent,
        respinte=sum(letta.riga.esito is EsitoPagamento.RESPINTO for letta in righe),
        restano=len(await queries.da_inviare(session, flusso.lotto_id)),
        creato_il=flusso.creato_il,
        pagamenti=[
            PagamentoVisto(
                liquidazione_id=letta.riga.liquidazione_id,
                persona_id=letta.riga.persona_id,
                importo=letta.riga.importo_cent,
                esito=letta.riga.esito,
                motivo=letta.riga.motivo,
            )
            for letta in righe
        ],
    )


async def prepara_file(
    session: AsyncSession, progetto_id: UUID, lotto_id: UUID, flusso_id: UUID, *, chiavi: Keyring
) -> FilePagamento:
    """A payment file in the plain values it is rendered from, but the names; accounts as they were when it was made.

    Raises:
        NotFound: no such file in that batch.
        FlussoNonRicostruibile: an account in it was erased.
        VaultError: an account is under a key that is not in the environment.
    """
    flusso = await _flusso(session, progetto_id, lotto_id, flusso_id)
    lotto = await _lotto(session, progetto_id, lotto_id)
    progetto = await progetto_di(session, progetto_id)
    segreto = await queries.segreto(session, flusso.segreto_id)
    assert segreto is not None  # a foreign key
    pagamenti = []
    for letta in await queries.righe_del_flusso(session, flusso_id):
        if letta.segreto is None:
            raise FlussoNonRicostruibile(
                "Il conto di una persona del flusso e' stato cancellato.", remedy="Usare il file inviato a suo tempo."
            )
        pagamenti.append((letta.riga.persona_id, letta.riga, decifra(chiavi, letta.segreto)))
    testo = f"Indennita' {progetto.codice} lotto {lotto.numero}"[:140]
    return FilePagamento(
        message_id=f"Q{flusso.flusso_id.hex}",
        debtor=Account(flusso.debitore, decifra(chiavi, segreto)),
        execution=flusso.esecuzione,
        now=flusso.creato_il,
        payments=[
            (persona_id, Payment(riga.liquidazione_id.hex, "", iban, riga.importo_cent, testo))
            for persona_id, riga, iban in pagamenti
        ],
    )
