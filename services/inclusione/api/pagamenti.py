"""Routes of people's accounts and of the payment files."""

from uuid import UUID

from fastapi import Response

from chassis.http import Api, Ctx
from chassis.http.files import XML_MEDIA_TYPE, file_response, file_responses
from chassis.register import register_access
from chassis.ruoli import Ruolo
from chassis.vault import Keyring
from services.inclusione.api.proprieta import della_persona_seguita, muove_linea
from services.inclusione.api.residenti import peer_di
from services.inclusione.documents.pagamento import xml_pagamento
from services.inclusione.rules.pagamento import FlussoNonRicostruibile
from services.inclusione.schemas.pagamento import (
    EsitiBanca,
    Flussi,
    FlussoIntero,
    FlussoNuovo,
    IbanCorpo,
    IbanVisto,
)
from services.inclusione.service import iban
from services.inclusione.service import pagamenti as service

api = Api(
    "inclusione",
    tag="Pagamenti",
    description="Gli IBAN delle persone, conservati cifrati, e i flussi di pagamento SEPA dei lotti.",
)

CHI_PAGA = {Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE}
SCOPO_NOMI = "intestazione dei pagamenti di un lotto di indennita'"


def chiavi_di(ctx: Ctx) -> Keyring:
    """The keys of the account numbers, read once from the environment."""
    chiavi: Keyring = ctx.request.app.state.chiavi_iban
    return chiavi


async def _annota(ctx: Ctx, oggetto: str, oggetto_id: UUID, scopo: str) -> None:
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto=oggetto,
        oggetto_id=oggetto_id,
        scopo=scopo,
        request_id=ctx.request_id,
        now=ctx.now,
    )


@api.put(
    "/persone/{persona_id}/iban",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=della_persona_seguita,
    summary="Registra l'IBAN di una persona seguita",
    description="Si conserva solo cifrato e si legge solo per pagare; lo stesso IBAN non cambia nulla.",
)
async def registra_iban(persona_id: UUID, corpo: IbanCorpo, ctx: Ctx) -> IbanVisto:
    await _annota(ctx, "iban", persona_id, "registrazione dell'IBAN di una persona")
    return await iban.registra_iban(
        ctx.session,
        persona_id,
        corpo.iban,
        chiavi=chiavi_di(ctx),
        ente=ctx.principal.ente or "",
        autore=ctx.principal.subject,
        now=ctx.now,
    )


@api.get(
    "/persone/{persona_id}/iban",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=della_persona_seguita,
    summary="Legge l'IBAN di una persona seguita, mascherato",
    description="Paese e ultime quattro cifre, per riconoscerlo; la lettura resta nel registro degli accessi.",
)
async def leggi_iban(persona_id: UUID, ctx: Ctx) -> IbanVisto:
    vista = await iban.leggi_iban(ctx.session, persona_id, chiavi=chiavi_di(ctx), ente=ctx.principal.ente or "")
    await _annota(ctx, "iban", persona_id, "lettura dell'IBAN mascherato di una persona")
    return vista


@api.put(
    "/io/iban",
    roles={Ruolo.RESIDENTE},
    summary="Registra il proprio IBAN",
    description="Per la persona che chiama; si conserva solo cifrato.",
)
async def registra_il_mio_iban(corpo: IbanCorpo, ctx: Ctx) -> IbanVisto:
    identita = await peer_di(ctx).identity_of(ctx.principal.subject)
    await _annota(ctx, "iban", identita.persona_id, "la persona registra il proprio IBAN")
    return await iban.registra_iban(
        ctx.session,
        identita.persona_id,
        corpo.iban,
        chiavi=chiavi_di(ctx),
        ente=iban.DELLA_PERSONA,
        autore=ctx.principal.subject,
        now=ctx.now,
    )


@api.post(
    "/linee/{progetto_id}/lotti/{lotto_id}/flussi",
    roles=CHI_PAGA,
    owner=muove_linea,
    status_code=201,
    summary="Crea un flusso di pagamento",
    description=(
        "Prende le righe del lotto che nessun flusso contiene e le cui persone hanno un IBAN; le altre aspettano il "
        "flusso seguente."
    ),
)
async def crea_flusso(progetto_id: UUID, lotto_id: UUID, corpo: FlussoNuovo, ctx: Ctx) -> FlussoIntero:
    return await service.crea_flusso(
        ctx.session,
        progetto_id,
        lotto_id,
        corpo,
        chiavi=chiavi_di(ctx),
        autore=ctx.principal.subject,
        now=ctx.now,
    )


@api.get(
    "/linee/{progetto_id}/lotti/{lotto_id}/flussi",
    roles=CHI_PAGA,
    owner=muove_linea,
    summary="Elenca i flussi di pagamento di un lotto",
    description="Dal primo, senza nomi ne' conti.",
)
async def elenca_flussi(progetto_id: UUID, lotto_id: UUID, ctx: Ctx) -> Flussi:
    return await service.elenca_flussi(ctx.session, progetto_id, lotto_id)


@api.get(
    "/linee/{progetto_id}/lotti/{lotto_id}/flussi/{flusso_id}",
    roles=CHI_PAGA,
    owner=muove_linea,
    summary="Legge un flusso di pagamento",
    description="I suoi pagamenti con l'esito della banca, senza nomi ne' conti.",
)
async def leggi_flusso(progetto_id: UUID, lotto_id: UUID, flusso_id: UUID, ctx: Ctx) -> FlussoIntero:
    return await service.leggi_flusso(ctx.session, progetto_id, lotto_id, flusso_id)


@api.get(
    "/linee/{progetto_id}/lotti/{lotto_id}/flussi/{flusso_id}/pain001",
    roles=CHI_PAGA,
    owner=muove_linea,
    summary="Scarica il file di un flusso di pagamento",
    description=(
        "SEPA pain.001.001.09 per la banca. I nomi sono chiesti a laboratori in questo momento, la lettura resta nel "
        "registro degli accessi e nulla e' conservato; gli IBAN sono quelli di quando il flusso e' stato creato."
    ),
    response_class=Response,
    responses=file_responses(XML_MEDIA_TYPE, "Il file di pagamento"),
)
async def scarica_flusso(progetto_id: UUID, lotto_id: UUID, flusso_id: UUID, ctx: Ctx) -> Response:
    file = await service.prepara_file(ctx.session, progetto_id, lotto_id, flusso_id, chiavi=chiavi_di(ctx))
    await _annota(ctx, "flusso", flusso_id, SCOPO_NOMI)
    nomi = await peer_di(ctx).names_of(file.persone, purpose=SCOPO_NOMI)
    if any(persona_id not in nomi or nomi[persona_id].cognome is None for persona_id in file.persone):
        raise FlussoNonRicostruibile(
            "Una persona del flusso non ha piu' un nome nel registro.", remedy="Usare il file inviato a suo tempo."
        )
    contenuto = xml_pagamento(file, {persona_id: chi.per_esteso for persona_id, chi in nomi.items()})
    return file_response(contenuto, f"pain001-{flusso_id}.xml", XML_MEDIA_TYPE)


@api.post(
    "/linee/{progetto_id}/lotti/{lotto_id}/flussi/{flusso_id}/esiti",
    roles=CHI_PAGA,
    owner=muove_linea,
    status_code=201,
    summary="Registra i pagamenti respinti dalla banca",
    description="I pagamenti respinti possono andare in un flusso seguente, con un IBAN corretto.",
)
async def registra_esiti(
    progetto_id: UUID, lotto_id: UUID, flusso_id: UUID, corpo: EsitiBanca, ctx: Ctx
) -> FlussoIntero:
    return await service.registra_esiti(ctx.session, progetto_id, lotto_id, flusso_id, corpo)
