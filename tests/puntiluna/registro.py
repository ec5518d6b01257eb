"""Accounts and movements for the tests of the ledger, and a superuser's hand on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from chassis.ids import uuid7
from services.puntiluna.queries.registro import Registrazione
from services.puntiluna.rules.registro import Causa, Conto, Libro, Movimento, TipoConto, sposta
from services.puntiluna.service.registro import componi_movimento, registra
from tests.puntiluna.fatti import ADESSO
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest


def conto(tipo: TipoConto = TipoConto.NUCLEO, libro: Libro = Libro.PUNTI) -> Conto:
    return Conto(libro, tipo, str(uuid7()))


def movimento(da: Conto, a: Conto, importo: int, chiave: str | None = None) -> Movimento:
    return componi_movimento(
        libro=da.libro,
        causa=Causa.ACCREDITO,
        chiave=chiave or str(uuid7()),
        righe=sposta(da, a, importo),
        accaduto_il=ADESSO,
    )


async def registra_in(servizio: ServiceUnderTest, *movimenti: Movimento) -> list[Registrazione]:
    async with servizio.transaction() as session:
        return await registra(session, movimenti, now=servizio.clock.now())


@asynccontextmanager
async def manomesso(servizio: ServiceUnderTest, infra: Infra) -> AsyncIterator[Any]:
    """A superuser's hand on the ledger, triggers off; what it does is undone at the end."""
    nome = servizio.settings.database_url.get_secret_value().rsplit("/", 1)[1]
    connessione = await asyncpg.connect(infra.admin_url.rsplit("/", 1)[0] + "/" + nome)
    await connessione.execute("SET session_replication_role = replica")
    try:
        yield connessione
    finally:
        await connessione.close()
