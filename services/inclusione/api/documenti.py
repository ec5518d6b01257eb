"""Routes of the documents of a plan: identity is asked at rendering for a stated purpose, and not kept."""

from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Path, Response

from chassis.http import Api, Ctx
from chassis.http.files import PDF_MEDIA_TYPE, file_responses, pdf_response
from chassis.pdf import Document, render
from chassis.register import register_access
from chassis.ruoli import Ruolo
from services.inclusione.api.proprieta import del_pip
from services.inclusione.api.residenti import peer_di
from services.inclusione.documents.piano import Intestatario, PianoFirmato, pdf_dru, pdf_piano
from services.inclusione.service import documenti as service

api = Api(
    "inclusione",
    tag="Documenti",
    description="Il piano firmato e la DRU in PDF: i nomi si chiedono a laboratori per stamparli, non si conservano.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}
Numero = Annotated[int, Path(ge=1, le=2_000_000_000)]


class _Compone(Protocol):
    def __call__(self, piano: PianoFirmato, intestatario: Intestatario, *, now: datetime) -> Document: ...


async def _stampa(ctx: Ctx, pip_id: UUID, numero: int, compone: _Compone, *, nome: str) -> Response:
    firmato, persona_id = await service.piano_firmato(ctx.session, pip_id, numero)
    scopo = f"stampa: {nome} del piano {pip_id}, versione {numero}"
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto="persona",
        oggetto_id=persona_id,
        scopo=scopo,
        request_id=ctx.request_id,
        now=ctx.now,
    )
    anagrafiche = await peer_di(ctx).names_of([persona_id], purpose=scopo)
    documento = compone(firmato, service.intestatario_di(persona_id, anagrafiche), now=ctx.now)
    return pdf_response(await render(documento), f"{nome}-{pip_id}-v{numero}.pdf")


@api.get(
    "/pip/{pip_id}/versioni/{numero}/piano/pdf",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Stampa il piano firmato",
    description="Il piano con nome, servizi, dote, firme e impronta del testo firmato.",
    response_class=Response,
    responses=file_responses(PDF_MEDIA_TYPE, "Il piano in PDF."),
)
async def stampa_piano(pip_id: UUID, numero: Numero, ctx: Ctx) -> Response:
    return await _stampa(ctx, pip_id, numero, pdf_piano, nome="piano")


@api.get(
    "/pip/{pip_id}/versioni/{numero}/dru/pdf",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Stampa la DRU",
    description="La Dichiarazione Riassuntiva Unica che accompagna il piano: dichiarazioni, servizi, importi, firme.",
    response_class=Response,
    responses=file_responses(PDF_MEDIA_TYPE, "La DRU in PDF."),
)
async def stampa_dru(pip_id: UUID, numero: Numero, ctx: Ctx) -> Response:
    return await _stampa(ctx, pip_id, numero, pdf_dru, nome="dru")
