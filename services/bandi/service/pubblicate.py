"""Approved rankings as anybody reads them: rows, explanations, comparisons, verification."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.models import Graduatoria, RigaGraduatoria
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries_domande
from services.bandi.queries import graduatorie as queries
from services.bandi.rules import righe as rules
from services.bandi.rules.bando import Regole
from services.bandi.rules.righe import (
    Esito,
    GraduatoriaSconosciuta,
    documento,
    impronta,
    ingresso_da_valori,
    riga_come_valori,
    riga_da_valori,
)
from services.bandi.rules.spiegazione import Passo, spiega_cause, spiega_riga, spiega_schede
from services.bandi.schemas.graduatoria import (
    ConfrontoGraduatorie,
    DifferenzaRiga,
    EsitoVersione,
    GraduatoriaVista,
    PassoVista,
    RigaConfronto,
    RigaVista,
    Spiegazione,
    VerificaGraduatoria,
)
from services.bandi.service import bandi, domande, graduatorie, viste


async def elenco_graduatorie(session: AsyncSession, codice: str) -> list[GraduatoriaVista]:
    """Return the approved versions of a call's ranking, from the first.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    return [viste.graduatoria_vista(item, codice) for item in await queries.graduatorie(session, bando.bando_id)]


async def leggi_graduatoria(session: AsyncSession, codice: str, numero: int) -> GraduatoriaVista:
    """Return an approved version of a call's ranking.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    return viste.graduatoria_vista(await nota(session, codice, numero), codice)


async def elenco_righe(session: AsyncSession, codice: str, numero: int, *, dopo: int, quante: int) -> list[RigaVista]:
    """Return rows of an approved ranking, in order.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    graduatoria = await nota(session, codice, numero)
    found = await queries.righe(session, graduatoria.graduatoria_id, dopo=dopo, quante=quante)
    return [viste.riga_salvata(riga) for riga in found]


async def spiega_riga_pubblica(session: AsyncSession, codice: str, numero: int, protocollo: int) -> Spiegazione:
    """Explain a published row, rule by rule.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    graduatoria = await nota(session, codice, numero)
    return await _explain(session, graduatoria, codice, protocollo)


async def spiega_domanda(session: AsyncSession, domanda_id: UUID) -> Spiegazione:
    """Explain an application by the latest approved ranking of its call, with the reasons of its scores.

    Raises:
        DomandaSconosciuta, GraduatoriaSconosciuta.
    """
    domanda = await domande.nota(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    if domanda.protocollo is None:
        raise GraduatoriaSconosciuta("La domanda non e' stata presentata: non e' in alcuna graduatoria.")
    graduatoria = await queries.ultima_della_domanda(session, domanda_id)
    if graduatoria is None:
        raise GraduatoriaSconosciuta("La domanda non e' ancora in alcuna graduatoria approvata.")
    own = await _own_steps(session, domanda_id)
    return await _explain(session, graduatoria, bando.codice, domanda.protocollo, own)


async def _own_steps(session: AsyncSession, domanda_id: UUID) -> list[Passo]:
    """Return what the applicant alone is told: the scores each sheet gave, without names, and their reasons."""
    sheets = await queries_domande.schede(session, domanda_id)
    numbers = {sheet.scheda_id: number for number, sheet in enumerate(sheets, 1)}
    return spiega_schede(
        [
            (numbers[item.scheda_id], item.criterio, item.punti_cent, item.motivazione)
            for item in await queries_domande.punteggi(session, list(numbers))
        ]
    )


async def verifica_graduatoria(session: AsyncSession, codice: str, numero: int) -> VerificaGraduatoria:
    """Compute an approved ranking again from its kept inputs and compare it, byte by byte and row by row.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    return await _verify(session, await nota(session, codice, numero))


async def verifica_graduatorie(session: AsyncSession, codice: str) -> AsyncIterator[VerificaGraduatoria]:
    """Verify every approved version of a call's ranking, from the first.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    for graduatoria in await queries.graduatorie(session, bando.bando_id):
        yield await _verify(session, graduatoria)


async def _verify(session: AsyncSession, graduatoria: Graduatoria) -> VerificaGraduatoria:
    regole = await bandi.regole_della_versione(session, graduatoria.bando_id, graduatoria.regole_versione)
    kept = await queries.ingresso(session, graduatoria.graduatoria_id)
    stored = await queries.righe(session, graduatoria.graduatoria_id, dopo=0, quante=None)
    again, content = await asyncio.to_thread(_compute_again, regole, kept)
    different = _first_difference(again, stored)
    computed = impronta(content)
    return VerificaGraduatoria(
        numero=graduatoria.numero,
        identica=different is None and computed == graduatoria.impronta,
        prima_differenza=different,
        impronta_approvata=graduatoria.impronta,
        impronta_ricalcolata=computed,
    )


def _compute_again(regole: Regole, kept: dict[str, Any]) -> tuple[rules.Graduatoria, bytes]:
    again = graduatorie.ricalcola(regole, ingresso_da_valori(kept))
    return again, documento(again)


def _first_difference(again: rules.Graduatoria, stored: Sequence[RigaGraduatoria]) -> DifferenzaRiga | None:
    """Compare the rows as they are stored, the columns of the lists included, with the rows computed again."""
    for order, (computed, row) in enumerate(zip_longest(again.righe, stored), 1):
        if computed is None or row is None:
            return DifferenzaRiga(ordine=order, protocollo=row and row.protocollo, campi=["riga"])
        values = riga_come_valori(computed)
        wrong = [name for name in values.keys() | row.contenuto.keys() if values.get(name) != row.contenuto.get(name)]
        columns = {
            "ordine": order,
            "posizione": computed.posizione,
            "protocollo": computed.protocollo,
            "totale_cent": computed.totale_cent,
            "esito": computed.esito,
            "motivo": computed.motivo,
            "cambiamento": computed.cambiamento,
            "ammesso_cent": computed.ammesso_cent,
        }
        wrong += [name for name, value in columns.items() if getattr(row, name) != value]
        if wrong:
            return DifferenzaRiga(ordine=order, protocollo=row.protocollo, campi=sorted(set(wrong)))
    return None


async def _explain(
    session: AsyncSession, graduatoria: Graduatoria, codice: str, protocollo: int, more: Sequence[Passo] = ()
) -> Spiegazione:
    stored = await queries.riga(session, graduatoria.graduatoria_id, protocollo)
    if stored is None:
        raise GraduatoriaSconosciuta(f"Il protocollo {protocollo} non e' nella graduatoria {graduatoria.numero}.")
    riga = riga_da_valori(stored.contenuto)
    regole = await bandi.regole_della_versione(session, graduatoria.bando_id, graduatoria.regole_versione)
    same_total = await queries.conta_pari_punti(session, graduatoria.graduatoria_id, riga.totale_cent)
    ties = max(same_total - 1, 0) if riga.posizione is not None else 0
    causes = [(item["tipo"], item["atto"]) for item in graduatoria.cause or []]
    return Spiegazione(
        bando=codice,
        graduatoria=graduatoria.numero,
        regole_versione=graduatoria.regole_versione,
        atto=graduatoria.atto,
        protocollo=protocollo,
        posizione=riga.posizione,
        esito=riga.esito,
        passi=[
            PassoVista(regola=passo.regola, testo=passo.testo[:2000])
            for passo in (*spiega_riga(riga, regole, a_pari_punti=ties), *spiega_cause(riga, causes), *more)
        ],
    )


async def nota(session: AsyncSession, codice: str, numero: int) -> Graduatoria:
    """Return an approved version of a call's ranking, without its inputs.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    found = await queries.graduatoria(session, bando.bando_id, numero)
    if found is None:
        raise GraduatoriaSconosciuta(
            f"Il bando {codice} non ha una graduatoria numero {numero}.",
            remedy=f"Le graduatorie approvate sono {bando.ultima_graduatoria}.",
        )
    return found


async def confronta_graduatorie(session: AsyncSession, codice: str, numero: int, *, con: int) -> ConfrontoGraduatorie:
    """Compare two approved versions of a call's ranking row by row.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    earlier, later = sorted((numero, con))
    before = await _outcomes(session, codice, earlier)
    after = await _outcomes(session, codice, later)
    items = []
    for protocollo in sorted(before.keys() | after.keys()):
        old, new = before.get(protocollo), after.get(protocollo)
        known = new or old
        items.append(
            RigaConfronto(
                protocollo=protocollo,
                capofila=known[0] if known else "",
                prima=old[1] if old else None,
                dopo=new[1] if new else None,
                cambiata=(old and old[1]) != (new and new[1]),
            )
        )
    return ConfrontoGraduatorie(prima=earlier, dopo=later, items=items)


async def _outcomes(session: AsyncSession, codice: str, numero: int) -> dict[int, tuple[str, EsitoVersione]]:
    graduatoria = await nota(session, codice, numero)
    return {
        riga.protocollo: (
            str(riga.contenuto["capofila"]),
            EsitoVersione(posizione=riga.posizione, esito=Esito(riga.esito), ammesso=riga.ammesso_cent),
        )
        for riga in await queries.righe(session, graduatoria.graduatoria_id, dopo=0, quante=None)
    }
