"""Attendances and paid hours: what an evaluation needs in one read, and how its outcome is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.puntiluna.models import Accredito, AvvisoLimite
from services.puntiluna.rules.accrediti import ContrattoNoto, Presenza, StatoAccredito
from services.puntiluna.rules.registro import Conto, Libro, TipoConto
from services.puntiluna.rules.tariffe import AmbitoLimite, Fascia, Limite, Tariffa, TipoTariffa, giorno_di, mese_di


@dataclass(frozen=True, slots=True)
class Contesto:
    """What is known around some attendances, read in one statement."""

    tariffe: tuple[Tariffa, ...]
    limiti: tuple[Limite, ...]
    versioni: dict[UUID, int]
    """The version last applied of the attendances already known."""
    contratti: dict[UUID, list[ContrattoNoto]]
    """Contracts of the households already told by laboratori."""
    contese: frozenset[UUID]
    """Persons whose hours are claimed by something else in the same time."""
    con_coda: frozenset[UUID]
    """Projects where points already wait for the fund."""
    unite: dict[UUID, UUID]
    """Absorbed persons among these, with the one that stays."""


@dataclass(slots=True)
class AccreditoLetto:
    """An attendance as stored, locked."""

    accredito_id: UUID
    versione: int
    presenza: Presenza
    stato: StatoAccredito
    motivo: str | None
    dovuto_cent: int
    concesso_cent: int
    conto: Conto | None
    fondo: Conto | None
    movimento_id: UUID | None


@dataclass(slots=True)
class AccreditoDaScrivere:
    """The new state of an attendance."""

    accredito_id: UUID
    versione: int
    presenza: Presenza
    stato: StatoAccredito
    motivo: str | None
    dovuto_cent: int
    concesso_cent: int
    conto_id: UUID | None
    fondo_id: UUID | None
    movimento_id: UUID | None


_CONTESTO = sa.text(
    """
    SELECT
      (SELECT coalesce(json_agg(t), '[]') FROM (SELECT tipo, voce, punti_ora_cent, dal, progetto_id FROM tariffa) t)
        AS tariffe,
      (SELECT coalesce(json_agg(l), '[]') FROM (SELECT limite_id, ambito, massimo_cent, rigido, dal, al, progetto_id,
              attivita_id FROM limite) l) AS limiti,
      (SELECT coalesce(json_object_agg(a.presenza_id, a.versione_presenza), '{}') FROM accredito a
        WHERE a.presenza_id = ANY (CAST(:presenze AS uuid[]))) AS versioni,
      (SELECT coalesce(json_agg(c), '[]') FROM (
         SELECT n.nucleo_id, c.contratto_codice, c.ente_proprietario, c.dal, c.al, d.importo_cent AS debito_cent
           FROM nucleo n LEFT JOIN contratto c USING (nucleo_id)
                LEFT JOIN debito d ON d.ente_proprietario = c.ente_proprietario
                                  AND d.contratto_codice = c.contratto_codice
          WHERE n.nucleo_id = ANY (CAST(:nuclei AS uuid[]))) c) AS contratti,
      (SELECT coalesce(json_agg(DISTINCT o.persona_id), '[]')
         FROM unnest(CAST(:persone AS uuid[]), CAST(:inizi AS timestamptz[]), CAST(:fini AS timestamptz[]))
              AS n (persona_id, inizio, fine)
         JOIN ora_pagata o ON o.persona_id = n.persona_id AND o.inizio < n.fine AND n.inizio < o.fine
        WHERE o.stato IN ('pagata', 'ceduta')
          AND NOT (o.fonte = 'presenza' AND o.fonte_id = ANY (CAST(:presenze AS uuid[])))) AS contese,
      (SELECT coalesce(json_agg(p.progetto_id), '[]') FROM unnest(CAST(:progetti AS uuid[])) AS p (progetto_id)
        WHERE EXISTS (SELECT FROM accredito a WHERE a.progetto_id = p.progetto_id AND a.stato = 'in_attesa_fondo'
                        AND a.presenza_id <> ALL (CAST(:presenze AS uuid[])))) AS con_coda,
      (SELECT coalesce(json_object_agg(u.assorbita_id, u.persona_id), '{}') FROM persona_unita u
        WHERE u.assorbita_id = ANY (CAST(:persone AS uuid[]))) AS unite
    """
)

_SCRIVI = sa.text(
    """
    INSERT INTO accredito SELECT * FROM json_populate_recordset(NULL::accredito, CAST(:righe AS json))
    ON CONFLICT (presenza_id) DO UPDATE SET
      versione = EXCLUDED.versione, versione_presenza = EXCLUDED.versione_presenza, annullata = EXCLUDED.annullata,
      progetto_id = EXCLUDED.progetto_id, attivita_id = EXCLUDED.attivita_id, persona_id = EXCLUDED.persona_id,
      nucleo_id = EXCLUDED.nucleo_id, inizio = EXCLUDED.inizio, fine = EXCLUDED.fine, minuti = EXCLUDED.minuti,
      fascia = EXCLUDED.fascia, diretta = EXCLUDED.diretta, categoria_indiretta = EXCLUDED.categoria_indiretta,
      confermata_il = EXCLUDED.confermata_il, giorno = EXCLUDED.giorno, mese = EXCLUDED.mese, stato = EXCLUDED.stato,
      motivo = EXCLUDED.motivo, dovuto_cent = EXCLUDED.dovuto_cent, concesso_cent = EXCLUDED.concesso_cent,
      conto_id = EXCLUDED.conto_id, fondo_id = EXCLUDED.fondo_id, movimento_id = EXCLUDED.movimento_id,
      aggiornato_il = EXCLUDED.aggiornato_il
    """
)


async def blocca_chiavi(session: AsyncSession, chiavi: Sequence[str]) -> None:
    """Take advisory locks until the end of the transaction, in one order for everybody."""
    if chiavi:
        await session.execute(
            sa.text(
                "SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT hashtextextended(t, 0) AS k "
                "FROM unnest(CAST(:chiavi AS text[])) AS t ORDER BY 1) AS ordinate"
            ),
            {"chiavi": list(chiavi)},
        )


async def leggi_contesto(session: AsyncSession, presenze: Sequence[Presenza]) -> Contesto:
    """Read in one statement all that the evaluation of these attendances needs."""
    riga = (
        await session.execute(
            _CONTESTO,
            {
                "presenze": [p.presenza_id for p in presenze],
                "nuclei": list({p.nucleo_id for p in presenze if p.nucleo_id is not None}),
                "persone": [p.persona_id for p in presenze],
                "inizi": [p.inizio for p in presenze],
                "fini": [p.fine for p in presenze],
                "progetti": list({p.progetto_id for p in presenze if p.progetto_id is not None}),
            },
        )
    ).one()
    contratti: dict[UUID, list[ContrattoNoto]] = {}
    for c in riga.contratti:
        noti = contratti.setdefault(UUID(c["nucleo_id"]), [])
        if c["contratto_codice"] is not None:
            noti.append(
                ContrattoNoto(
                    c["contratto_codice"],
                    c["ente_proprietario"],
                    date.fromisoformat(c["dal"]),
                    _giorno(c["al"]),
                    c["debito_cent"],
                )
            )
    return Contesto(
        tariffe=tuple(_tariffa(t) for t in riga.tariffe),
        limiti=tuple(_limite(voce) for voce in riga.limiti),
        versioni={UUID(presenza): versione for presenza, versione in riga.versioni.items()},
        contratti=contratti,
        contese=frozenset(UUID(persona) for persona in riga.contese),
        con_coda=frozenset(UUID(progetto) for progetto in riga.con_coda),
        unite={UUID(assorbita): UUID(persona) for assorbita, persona in riga.unite.items()},
    )


async def persone_delle_presenze(session: AsyncSession, presenze: Sequence[UUID]) -> list[UUID]:
    """The persons of some known attendances."""
    righe = await session.scalars(
        sa.select(col(Accredito.persona_id)).where(col(Accredito.presenza_id).in_(presenze)).distinct()
    )
    return list(righe)


async def blocca_accrediti(session: AsyncSession, presenze: Sequence[UUID]) -> dict[UUID, AccreditoLetto]:
    """Lock the stored attendances among these and read them."""
    if not presenze:
        return {}
    righe = await session.execute(
        sa.text(
            "SELECT a.*, c.tipo AS conto_tipo, c.titolare AS conto_titolare, c.progetto_id AS conto_progetto "
            "FROM accredito a LEFT JOIN conto c USING (conto_id) WHERE a.presenza_id = ANY (CAST(:presenze AS uuid[])) "
            "ORDER BY a.presenza_id FOR UPDATE OF a"
        ),
        {"presenze": list(presenze)},
    )
    return {riga.presenza_id: _letto(riga) for riga in righe}


_UNO = sa.text(
    "SELECT a.*, c.tipo AS conto_tipo, c.titolare AS conto_titolare, c.progetto_id AS conto_progetto "
    "FROM accredito a LEFT JOIN conto c USING (conto_id) WHERE a.presenza_id = :presenza"
)


async def accredito(session: AsyncSession, presenza_id: UUID) -> AccreditoLetto | None:
    """An attendance as stored."""
    riga = (await session.execute(_UNO, {"presenza": presenza_id})).first()
    return None if riga is None else _letto(riga)


async def blocca_in_attesa(session: AsyncSession, progetto_id: UUID, quanti: int) -> list[AccreditoLetto]:
    """The attendances of a project that wait for its fund, in order of confirmation; those under change are skipped."""
    righe = await session.execute(
        sa.text(
            "SELECT a.*, c.tipo AS conto_tipo, c.titolare AS conto_titolare, c.progetto_id AS conto_progetto "
            "FROM accredito a LEFT JOIN conto c USING (conto_id) "
            "WHERE a.progetto_id = :progetto AND a.stato = 'in_attesa_fondo' "
            "ORDER BY a.confermata_il, a.presenza_id LIMIT :quanti FOR UPDATE OF a SKIP LOCKED"
        ),
        {"progetto": progetto_id, "quanti": quanti},
    )
    return [_letto(riga) for riga in righe]


async def progetti_in_attesa(session: AsyncSession) -> list[UUID]:
    """Projects whose fund now holds enough for the first attendance that waits for it."""
    righe = await session.scalars(
        sa.text(
            "SELECT p.progetto_id FROM progetto p JOIN conto c ON c.conto_id = p.fondo_id, LATERAL ("
            "SELECT a.dovuto_cent - a.concesso_cent AS manca FROM accredito a WHERE a.progetto_id = p.progetto_id "
            "AND a.stato = 'in_attesa_fondo' ORDER BY a.confermata_il, a.presenza_id LIMIT 1) AS prima "
            "WHERE c.saldo_cent >= prima.manca ORDER BY 1"
        )
    )
    return list(righe)


async def senza_tariffa(session: AsyncSession, quanti: int) -> list[UUID]:
    """Attendances that wait for a tariff and now have one that may speak of them."""
    righe = await session.scalars(
        sa.text(
            "SELECT a.presenza_id FROM accredito a WHERE a.stato = 'senza_tariffa' AND EXISTS (SELECT FROM tariffa t "
            "WHERE t.dal <= a.giorno AND (t.progetto_id IS NULL OR t.progetto_id = a.progetto_id) "
            "AND ((t.tipo = 'fascia' AND t.voce = a.fascia) "
            "OR (t.tipo = 'indiretta' AND t.voce = a.categoria_indiretta))) "
            "ORDER BY a.confermata_il, a.presenza_id LIMIT :quanti"
        ),
        {"quanti": quanti},
    )
    return list(righe)


async def scrivi_accrediti(session: AsyncSession, accrediti: Sequence[AccreditoDaScrivere], *, now: datetime) -> None:
    """Write the new state of attendances in one statement."""
    if not accrediti:
        return
    righe = [
        {
            "accredito_id": a.accredito_id,
            "presenza_id": a.presenza.presenza_id,
            "versione": a.versione,
            "versione_presenza": a.presenza.versione,
            "annullata": a.presenza.annullata,
            "progetto_id": a.presenza.progetto_id,
            "attivita_id": a.presenza.attivita_id,
            "persona_id": a.presenza.persona_id,
            "nucleo_id": a.presenza.nucleo_id,
            "inizio": a.presenza.inizio,
            "fine": a.presenza.fine,
            "minuti": a.presenza.minuti,
            "fascia": str(a.presenza.fascia),
            "diretta": a.presenza.diretta,
            "categoria_indiretta": a.presenza.categoria_indiretta,
            "confermata_il": a.presenza.confermata_il,
            "giorno": giorno_di(a.presenza.inizio),
            "mese": mese_di(a.presenza.inizio),
            "stato": str(a.stato),
            "motivo": a.motivo,
            "dovuto_cent": a.dovuto_cent,
            "concesso_cent": a.concesso_cent,
            "conto_id": a.conto_id,
            "fondo_id": a.fondo_id,
            "movimento_id": a.movimento_id,
            "aggiornato_il": now,
        }
        for a in accrediti
    ]
    await session.execute(_SCRIVI, {"righe": orjson.dumps(righe, default=str).decode()})


async def scrivi_avvisi(session: AsyncSession, avvisi: Sequence[dict[str, Any]]) -> None:
    """Remember the limits that attendances went over."""
    if avvisi:
        await session.execute(insert(AvvisoLimite).on_conflict_do_nothing(), list(avvisi))


def _giorno(testo: str | None) -> date | None:
    return None if testo is None else date.fromisoformat(testo)


def _uuid(testo: str | None) -> UUID | None:
    return None if testo is None else UUID(testo)


def _tariffa(t: dict[str, Any]) -> Tariffa:
    return Tariffa(
        TipoTariffa(t["tipo"]), t["voce"], t["punti_ora_cent"], date.fromisoformat(t["dal"]), _uuid(t["progetto_id"])
    )


def _limite(voce: dict[str, Any]) -> Limite:
    return Limite(
        UUID(voce["limite_id"]),
        AmbitoLimite(voce["ambito"]),
        voce["massimo_cent"],
        voce["rigido"],
        date.fromisoformat(voce["dal"]),
        _giorno(voce["al"]),
        _uuid(voce["progetto_id"]),
        _uuid(voce["attivita_id"]),
    )


def _letto(r: Any) -> AccreditoLetto:
    conto = None
    if r.conto_id is not None and r.conto_tipo is not None:
        conto = Conto(Libro.PUNTI, TipoConto(r.conto_tipo), r.conto_titolare, r.conto_progetto)
    fondo = None
    if r.fondo_id is not None and r.progetto_id is not None:
        fondo = Conto(Libro.PUNTI, TipoConto.FONDO, str(r.progetto_id), r.progetto_id)
    presenza = Presenza(
        presenza_id=r.presenza_id,
        versione=r.versione_presenza,
        annullata=r.annullata,
        progetto_id=r.progetto_id,
        attivita_id=r.attivita_id,
        persona_id=r.persona_id,
        nucleo_id=r.nucleo_id,
        inizio=r.inizio,
        fine=r.fine,
        minuti=r.minuti,
        fascia=Fascia(r.fascia),
        diretta=r.diretta,
        categoria_indiretta=r.categoria_indiretta,
        confermata_il=r.confermata_il,
    )
    return AccreditoLetto(
        accredito_id=r.accredito_id,
        versione=r.versione,
        presenza=presenza,
        stato=StatoAccredito(r.stato),
        motivo=r.motivo,
        dovuto_cent=r.dovuto_cent,
        concesso_cent=r.concesso_cent,
        conto=conto,
        fondo=fondo,
        movimento_id=r.movimento_id,
    )
