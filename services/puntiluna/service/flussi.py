"""Live updates: one look at the seals for all who listen in this process, one short reading for whom they concern."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.puntiluna.queries import flussi as queries
from services.puntiluna.queries.flussi import Novita
from services.puntiluna.rules.flussi import Posizione, controlla_posti
from services.puntiluna.rules.registro import Conto, Libro, TipoConto

MASSIMI = 500
MASSIMI_SOGGETTO = 4
INTERVALLO = timedelta(milliseconds=500)
BATTITO = timedelta(seconds=15)
DURATA = timedelta(minutes=10)
NOVITA_PER_VOLTA = 100

log = logging.getLogger(__name__)

Transazione = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(eq=False)
class Ascolto:
    """Somebody who listens to a household."""

    nucleo_id: UUID
    soggetto: str
    sveglia: asyncio.Event = field(default_factory=asyncio.Event)


class Flussi:
    """Who listens in this process. Nobody holds a database session while nothing happens.

    Args:
        transazione: opens a transaction of the service.
        intervallo: between two looks at the seals, while somebody listens.
        massimi: streams of the process.
    """

    def __init__(self, transazione: Transazione, *, intervallo: timedelta = INTERVALLO, massimi: int = MASSIMI) -> None:
        self._transazione = transazione
        self._intervallo = intervallo
        self._massimi = massimi
        self._ascolti: set[Ascolto] = set()
        self._vedetta: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._ascolti)

    def riserva(self, nucleo_id: UUID, soggetto: str) -> Ascolto:
        """Take a place, to be given back by `libera`, also when the listening never begins.

        Args:
            nucleo_id: the household to listen to.
            soggetto: who listens.

        Returns:
            The place.

        Raises:
            TroppiAscolti: the process or the caller holds as many as it may.
        """
        controlla_posti(
            aperti=len(self._ascolti),
            massimi=self._massimi,
            del_soggetto=sum(ascolto.soggetto == soggetto for ascolto in self._ascolti),
            massimi_soggetto=MASSIMI_SOGGETTO,
        )
        ascolto = Ascolto(nucleo_id, soggetto)
        self._ascolti.add(ascolto)
        if self._vedetta is None or self._vedetta.done():
            self._vedetta = asyncio.create_task(self._veglia(), name="vedetta")
        return ascolto

    async def ascolta(
        self,
        ascolto: Ascolto,
        da: Posizione | None,
        *,
        battito: timedelta = BATTITO,
        durata: timedelta = DURATA,
    ) -> AsyncGenerator[tuple[Posizione, list[Novita]], None]:
        """Give what happens to a household as it is sealed, and an empty list at every heartbeat.

        Args:
            ascolto: the place taken; it is given back when the listening ends.
            da: where the listener had come; None: from now on.
            battito: the silence before a heartbeat.
            durata: after which the listener must come back, with a token that is still good.

        Yields:
            The position after what is told, and the movements.
        """
        fine = asyncio.get_running_loop().time() + durata.total_seconds()
        try:
            async with self._transazione() as session:
                posizione = da or await queries.ultima_posizione(session)
            yield posizione, []
            ascolto.sveglia.set()
            while (resta := fine - asyncio.get_running_loop().time()) > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(battito.total_seconds(), resta)):
                        await ascolto.sveglia.wait()
                if not ascolto.sveglia.is_set():
                    yield posizione, []
                    continue
                ascolto.sveglia.clear()
                while nuove := await self._novita(ascolto.nucleo_id, posizione):
                    posizione = _dopo(posizione, nuove)
                    yield posizione, nuove
        finally:
            self.libera(ascolto)

    def libera(self, ascolto: Ascolto) -> None:
        """Give a place back; with the last one the looking ends too."""
        self._ascolti.discard(ascolto)
        if not self._ascolti and self._vedetta is not None:
            self._vedetta.cancel()
            self._vedetta = None

    async def _novita(self, nucleo_id: UUID, da: Posizione) -> list[Novita]:
        conti = [
            Conto(libro, tipo, str(nucleo_id)).conto_id
            for libro, tipo in (
                (Libro.PUNTI, TipoConto.NUCLEO),
                (Libro.PUNTI, TipoConto.DONATORE),
                (Libro.QUOTE, TipoConto.NUCLEO),
            )
        ]
        async with self._transazione() as session:
            return await queries.novita(session, nucleo_id, conti, da, NOVITA_PER_VOLTA)

    async def _veglia(self) -> None:
        """Wake whom new seals concern; a database that is away is asked again."""
        vista: Posizione | None = None
        while True:
            try:
                async with self._transazione() as session:
                    ora = await queries.ultima_posizione(session)
                    if ora != vista:
                        nuclei = sorted({ascolto.nucleo_id for ascolto in self._ascolti})
                        # The first look knows not what came before it: it wakes everybody.
                        toccati = await queries.nuclei_toccati(session, nuclei, vista, ora) if vista else set(nuclei)
                        for ascolto in [a for a in self._ascolti if a.nucleo_id in toccati]:
                            ascolto.sveglia.set()
                    vista = ora
            except Exception:
                log.warning("live updates wait for the database", exc_info=True)
            await asyncio.sleep(self._intervallo.total_seconds())


def _dopo(posizione: Posizione, nuove: list[Novita]) -> Posizione:
    return Posizione(
        max([posizione.punti, *(n.n for n in nuove if n.libro == Libro.PUNTI)]),
        max([posizione.quote, *(n.n for n in nuove if n.libro == Libro.QUOTE)]),
    )
