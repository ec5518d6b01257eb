"""The landlord's side of reductions: frozen batches pulled, answered line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.signing import signing_of
from services.puntiluna.models import Lotto, Riduzione, RispostaRiga
from services.puntiluna.queries import debiti as queries_debiti
from services.puntiluna.queries import riduzioni as queries
from services.puntiluna.rules.riduzioni import (
    RIGHE_DEL_LOTTO,
    TIPO_LOTTO,
    EsitoRiga,
    LottoSconosciuto,
    RiduzioneInAttesa,
    RigaLotto,
    RigaRisposta,
    RispostaRipetuta,
    StatoLotto,
    StatoRiduzione,
    Verdetto,
    contenuto_lotto,
    controlla_impronta,
    giudica_risposta,
    impronta_lotto,
)
from services.puntiluna.service.riduzioni import risolvi


@dataclass(frozen=True, slots=True)
class RispostaRicevuta:
    """One line of a landlord's answer, with what only the register keeps."""

    riga: RigaRisposta
    nota: str | None = None
    riferimento: str | None = None


@dataclass(frozen=True, slots=True)
class EsitoRisposta:
    """What became of one line of an answer."""

    protocollo: int
    esito: EsitoRiga


async def preleva_lotto(session: AsyncSession, ente: str, *, now: datetime) -> tuple[Lotto, list[Riduzione]] | None:
    """Give a landlord its frozen batch: the same one until each line has its answer, then the next.

    Args:
        session: the transaction.
        ente: the landlord.
        now: the platform's instant.

    Returns:
        The batch with its lines, or None when nothing waits.

    Raises:
        Unavailable: the service has no key to sign with.

    Source: DOMAIN, puntiluna, "Landlord protocol"; ADR 0045.
    """
    proprietario = await queries_debiti.blocca_proprietario(session, ente)
    if proprietario is None:
        return None
    lotto = await queries.lotto_aperto(session, ente)
    if lotto is not None:
        righe = await queries.righe_del_lotto(session, lotto.lotto_id)
        if any(riga.stato == StatoRiduzione.PRENOTATA for riga in righe):
            return lotto, righe
        _chiudi(lotto, now)
        await session.flush()
    righe = await queries.blocca_da_inviare(session, ente, RIGHE_DEL_LOTTO, now)
    if not righe:
        return None
    proprietario.ultimo_lotto += 1
    lotto_id, numero = uuid7(), proprietario.ultimo_lotto
    congelate = [RigaLotto(r.protocollo, r.contratto_codice, r.importo_cent) for r in righe]
    contenuto = contenuto_lotto(ente, lotto_id, numero, now, congelate)
    lotto = Lotto(
        lotto_id=lotto_id,
        ente_proprietario=ente,
        numero=numero,
        stato=str(StatoLotto.APERTO),
        righe=len(righe),
        totale_cent=sum(riga.importo_cent for riga in righe),
        impronta=impronta_lotto(ente, numero, congelate),
        firma=signing_of(session).key.sign(contenuto, typ=TIPO_LOTTO),
        creato_il=now,
    )
    session.add(lotto)
    await session.flush()
    for riga in righe:
        riga.lotto_id = lotto.lotto_id
    await session.flush()
    return lotto, righe


async def leggi_lotto(session: AsyncSession, ente: str, lotto_id: UUID) -> tuple[Lotto, list[Riduzione]]:
    """Give a batch of a landlord with its lines.

    Raises:
        LottoSconosciuto: the landlord has no such batch.
    """
    lotto = await queries.lotto(session, ente, lotto_id)
    if lotto is None:
        raise LottoSconosciuto(f"Nessun lotto {lotto_id} per questo ente.")
    return lotto, await queries.righe_del_lotto(session, lotto_id)


async def controlla_lotto(session: AsyncSession, ente: str, lotto_id: UUID) -> None:
    """Refuse a batch that is not the landlord's.

    Raises:
        LottoSconosciuto: the landlord has no such batch.
    """
    if await queries.lotto(session, ente, lotto_id) is None:
        raise LottoSconosciuto(f"Nessun lotto {lotto_id} per questo ente.")


async def elenca_lotti(session: AsyncSession, ente: str, *, dopo: int | None, limite: int) -> list[Lotto]:
    """Give a page of a landlord's batches, the latest first."""
    return await queries.lotti(session, ente, dopo, limite)


async def rispondi_lotto(
    session: AsyncSession,
    ente: str,
    lotto_id: UUID,
    risposte: Sequence[RispostaRicevuta],
    *,
    impronta: str | None = None,
    autore: str,
    now: datetime,
) -> tuple[Lotto, list[EsitoRisposta]]:
    """Take a landlord's answers line by line: the first one of each line moves points, the others are kept apart.

    Args:
        session: the transaction.
        ente: the landlord.
        lotto_id: its batch.
        risposte: the answers, each protocol number once.
        impronta: the digest of the batch as the landlord received it, if it says it.
        autore: who answers.
        now: the platform's instant.

    Returns:
        The batch and what became of each line, in the order of the answers.

    Raises:
        LottoSconosciuto: the landlord has no such batch.
        LottoAlterato: the digest is not the batch's.
        RispostaRipetuta: a protocol number appears twice.

    Source: DOMAIN, puntiluna, "Landlord protocol"; decision 6; ADR 0045.
    """
    if len({r.riga.protocollo for r in risposte}) != len(risposte):
        raise RispostaRipetuta("Lo stesso numero di protocollo compare due volte nella risposta.", field="righe")
    await queries_debiti.blocca_proprietario(session, ente)
    lotto = await queries.lotto(session, ente, lotto_id, blocca=True)
    if lotto is None:
        raise LottoSconosciuto(f"Nessun lotto {lotto_id} per questo ente.")
    controlla_impronta(impronta, lotto.impronta)
    righe = await queries.righe_del_lotto(session, lotto_id, blocca=True)
    per_protocollo = {riga.protocollo: riga for riga in righe}
    verdetti: list[Verdetto] = []
    accolte: list[tuple[Riduzione, Verdetto]] = []
    for risposta in risposte:
        riduzione = per_protocollo.get(risposta.riga.protocollo)
        attesa = (
            RiduzioneInAttesa(
                StatoRiduzione(riduzione.stato), riduzione.importo_cent, riduzione.confermato_cent, riduzione.scade_il
            )
            if riduzione is not None
            else None
        )
        verdetto = giudica_risposta(risposta.riga, attesa, now=now)
        verdetti.append(verdetto)
        if verdetto.esito is EsitoRiga.REGISTRATA and riduzione is not None:
            riduzione.riferimento = risposta.riferimento
            riduzione.motivo = str(risposta.riga.motivo) if risposta.riga.motivo else None
            accolte.append((riduzione, verdetto))
    await risolvi(session, accolte, stato_se_zero=StatoRiduzione.RESPINTA, now=now)
    await queries.scrivi_risposte(
        session,
        [_risposta(lotto_id, r, v.esito, autore, now) for r, v in zip(risposte, verdetti, strict=True)],
    )
    if lotto.stato == StatoLotto.APERTO and all(riga.stato != StatoRiduzione.PRENOTATA for riga in righe):
        _chiudi(lotto, now)
    await session.flush()
    return lotto, [EsitoRisposta(r.riga.protocollo, v.esito) for r, v in zip(risposte, verdetti, strict=True)]


def _risposta(lotto_id: UUID, ricevuta: RispostaRicevuta, esito: EsitoRiga, autore: str, now: datetime) -> RispostaRiga:
    return RispostaRiga(
        risposta_id=uuid7(),
        lotto_id=lotto_id,
        protocollo=ricevuta.riga.protocollo,
        esito_dichiarato=str(ricevuta.riga.esito),
        importo_cent=ricevuta.riga.importo_cent,
        motivo=str(ricevuta.riga.motivo) if ricevuta.riga.motivo else None,
        nota=ricevuta.nota,
        riferimento=ricevuta.riferimento,
        esito=str(esito),
        autore=autore,
        ricevuta_il=now,
    )


def _chiudi(lotto: Lotto, now: datetime) -> None:
    lotto.stato = str(StatoLotto.CHIUSO)
    lotto.chiuso_il = now
