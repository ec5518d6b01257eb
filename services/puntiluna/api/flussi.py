"""Live updates of a household by Server-Sent Events: what happened, as soon as it is sealed."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import Header, Response
from prometheus_client import Gauge
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from chassis.http import Api, Ctx
from chassis.ruoli import Ruolo
from services.puntiluna.api.competenze import del_nucleo
from services.puntiluna.queries.flussi import Novita
from services.puntiluna.rules.estratto import racconta_movimento, voce_di
from services.puntiluna.rules.flussi import Posizione, leggi_posizione
from services.puntiluna.rules.registro import Causa, Libro
from services.puntiluna.rules.tariffe import giorno_di
from services.puntiluna.schemas.nuclei import NovitaVista
from services.puntiluna.service.flussi import Ascolto, Flussi

api = Api("puntiluna", tag="Aggiornamenti", description="Ciò che accade ai punti di un nucleo, mentre accade.")

EVENT_STREAM = "text/event-stream"
RIPROVA_MS = 5_000
BATTITO = b": battito\n\n"


def flussi_di(ctx: Ctx) -> Flussi:
    """Who listens in this process."""
    state = ctx.request.app.state
    if not hasattr(state, "flussi"):
        state.flussi = Flussi(ctx.runtime.transaction)
        aperti = Gauge(
            "quartieri_puntiluna_ascolti", "Streams of live updates now open", registry=ctx.runtime.metrics.registry
        )
        aperti.set_function(lambda: len(state.flussi))
    flussi: Flussi = state.flussi
    return flussi


@api.get(
    "/nuclei/{nucleo_id}/estratto-conto/eventi",
    roles=frozenset({Ruolo.RESIDENTE}),
    owner=del_nucleo,
    summary="Ascolta l'estratto conto del proprio nucleo",
    description=(
        "Server-Sent Events: un evento `movimento` per ogni movimento sigillato che riguarda il nucleo, e un battito "
        "ogni 15 secondi. Il primo evento, `inizio`, dice da dove si ascolta; chi torna con `Last-Event-ID` riceve "
        "anche ciò che è accaduto nel frattempo. L'ascolto finisce dopo dieci minuti: basta riaprirlo."
    ),
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Gli eventi",
            "content": {
                EVENT_STREAM: {"schema": {"type": "string", "pattern": r"^[^\u0000]*$", "maxLength": 2**31 - 1}}
            },
        }
    },
)
async def ascolta_estratto(
    nucleo_id: UUID,
    ctx: Ctx,
    last_event_id: str | None = Header(
        default=None,
        alias="Last-Event-ID",
        max_length=64,
        pattern=r"^[ -~]*$",
        description="l'`id` dell'ultimo evento ricevuto",
    ),
) -> Response:
    """Listen to a household's statement."""
    flussi = flussi_di(ctx)
    ascolto = flussi.riserva(nucleo_id, ctx.principal.subject)
    return RispostaAperta(flussi, ascolto, leggi_posizione(last_event_id))


class RispostaAperta(StreamingResponse):
    """A stream that gives its place back however it ends, also when the listener went before it began."""

    def __init__(self, flussi: Flussi, ascolto: Ascolto, da: Posizione | None) -> None:
        eventi = _eventi(flussi, ascolto, da)
        super().__init__(eventi, media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})
        self._flussi, self._ascolto = flussi, ascolto

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._flussi.libera(self._ascolto)


async def _eventi(flussi: Flussi, ascolto: Ascolto, da: Posizione | None) -> AsyncIterator[bytes]:
    inizio = True
    async for posizione, novita in flussi.ascolta(ascolto, da):
        if inizio:
            inizio = False
            yield f"retry: {RIPROVA_MS}\nid: {posizione}\nevent: inizio\ndata: {{}}\n\n".encode()
        elif not novita:
            yield BATTITO
        else:
            for una in novita[:-1]:
                yield _movimento(una, None)
            yield _movimento(novita[-1], posizione)


def _movimento(una: Novita, posizione: Posizione | None) -> bytes:
    """One event; only the last one of a reading carries the position, so that a cut loses none of the others."""
    causa, libro = Causa(una.causa), Libro(una.libro)
    vista = NovitaVista(
        movimento_id=una.movimento_id,
        registrato_il=una.registrato_il,
        voce=voce_di(causa, una.importo_cent),
        descrizione=racconta_movimento(causa, una.importo_cent, una.dettaglio, giorno_di(una.accaduto_il)),
        libro=libro,
        punti=una.importo_cent if libro is Libro.PUNTI else 0,
        euro=una.importo_cent if libro is Libro.QUOTE else 0,
        confermato=una.confermato_cent if causa is Causa.CONFERMA else None,
        riferimento=una.riferimento,
    )
    chiave = f"id: {posizione}\n" if posizione is not None else ""
    return f"{chiave}event: movimento\ndata: {vista.model_dump_json()}\n\n".encode()
