"""Routes of enterprise paths, certificates, targets and results."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from chassis.http import PUBLIC, Api, Ctx
from chassis.http.files import PDF_MEDIA_TYPE, file_responses, pdf_response
from chassis.pdf import render
from chassis.register import register_access
from chassis.ruoli import Ruolo
from services.inclusione.api.linee import CHI_VEDE
from services.inclusione.api.proprieta import del_pip, dell_attestato, dell_impresa, muove_linea, vede_linea
from services.inclusione.api.residenti import peer_di
from services.inclusione.documents.attestato import pdf_attestato
from services.inclusione.rules.risultato import Indicatore
from services.inclusione.rules.tirocinio import StatoTirocinio
from services.inclusione.schemas.lavoro import Motivo
from services.inclusione.schemas.risultato import (
    Attestati,
    AttestatoNuovo,
    AttestatoVisto,
    ImpresaNuova,
    ImpresaVista,
    ObiettivoCorpo,
    Risultati,
    RisultatoVisto,
    TraguardoNuovo,
    Verifica,
)
from services.inclusione.service import accessi, attestati, imprese, risultati

api = Api(
    "inclusione",
    tag="Risultati",
    description="Percorsi di impresa, attestati, e gli obiettivi di un progetto accanto a quanto e' stato raggiunto.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}
OPERATORE = {Ruolo.OPERATORE_ACCREDITATO}
VERIFICA = "/attestati/verifica/{codice}"


@api.post(
    "/imprese",
    roles=OPERATORE,
    status_code=201,
    summary="Avvia un percorso di impresa",
    description="L'accompagnamento di una persona verso un'impresa propria, su un piano attivo.",
)
async def avvia_impresa(corpo: ImpresaNuova, ctx: Ctx) -> ImpresaVista:
    await accessi.verifica_pip(ctx.session, ctx.principal, corpo.pip_id)
    return await imprese.avvia_impresa(ctx.session, corpo, now=ctx.now)


@api.get(
    "/imprese/{impresa_id}",
    roles=CHI_LEGGE,
    owner=dell_impresa,
    summary="Legge un percorso di impresa",
    description="Le ore di accompagnamento validate e i traguardi raggiunti.",
)
async def leggi_impresa(impresa_id: UUID, ctx: Ctx) -> ImpresaVista:
    vista = await imprese.vista_dell_impresa(ctx.session, await imprese.impresa_di(ctx.session, impresa_id))
    ctx.set_etag(vista.versione)
    return vista


@api.post(
    "/imprese/{impresa_id}/traguardi",
    roles=OPERATORE,
    owner=dell_impresa,
    status_code=201,
    summary="Registra un traguardo",
    description="Un passo verso l'impresa, con il giorno in cui e' stato raggiunto.",
)
async def raggiunge_traguardo(impresa_id: UUID, corpo: TraguardoNuovo, ctx: Ctx) -> ImpresaVista:
    return await imprese.raggiunge_traguardo(ctx.session, impresa_id, corpo, autore=ctx.principal.subject, now=ctx.now)


@api.post(
    "/imprese/{impresa_id}/conclusione",
    roles=OPERATORE,
    owner=dell_impresa,
    status_code=201,
    summary="Conclude un percorso di impresa",
    description="L'accompagnamento e' arrivato alla sua fine.",
)
async def concludi_impresa(impresa_id: UUID, corpo: Motivo, ctx: Ctx) -> ImpresaVista:
    return await imprese.finisce_impresa(
        ctx.session, impresa_id, StatoTirocinio.CONCLUSO, motivo=corpo.motivo, now=ctx.now
    )


@api.post(
    "/imprese/{impresa_id}/interruzione",
    roles=OPERATORE,
    owner=dell_impresa,
    status_code=201,
    summary="Interrompe un percorso di impresa",
    description="La persona lascia il percorso; il motivo resta scritto.",
)
async def interrompi_impresa(impresa_id: UUID, corpo: Motivo, ctx: Ctx) -> ImpresaVista:
    return await imprese.finisce_impresa(
        ctx.session, impresa_id, StatoTirocinio.INTERROTTO, motivo=corpo.motivo, now=ctx.now
    )


@api.post(
    "/attestati",
    roles=OPERATORE,
    status_code=201,
    summary="Rilascia un attestato",
    description="Delle ore validate di un servizio del piano, con un codice che chiunque puo' controllare.",
)
async def rilascia_attestato(corpo: AttestatoNuovo, ctx: Ctx) -> AttestatoVisto:
    await accessi.verifica_pip(ctx.session, ctx.principal, corpo.pip_id)
    return AttestatoVisto.model_validate(
        await attestati.rilascia_attestato(ctx.session, corpo, autore=ctx.principal.subject, now=ctx.now)
    )


@api.get(
    VERIFICA,
    roles=PUBLIC,
    summary="Controlla un attestato",
    description=(
        "Senza token: dice se l'attestato con quel codice vale, e di che corso, quante ore e quando. Mai di chi. Un "
        "codice sconosciuto e un attestato revocato rispondono allo stesso modo."
    ),
)
async def verifica_attestato(
    codice: Annotated[str, Path(pattern=r"^[0-9A-Z-]{1,40}$", max_length=40)], ctx: Ctx
) -> Verifica:
    return await attestati.verifica_attestato(ctx.session, codice)


@api.get(
    "/attestati/{attestato_id}",
    roles=CHI_LEGGE,
    owner=dell_attestato,
    summary="Legge un attestato",
    description="Corso, ore, codice e stato; il nome della persona sta solo nel PDF.",
)
async def leggi_attestato(attestato_id: UUID, ctx: Ctx) -> AttestatoVisto:
    attestato = await attestati.attestato_di(ctx.session, attestato_id)
    ctx.set_etag(attestato.versione)
    return AttestatoVisto.model_validate(attestato)


@api.get(
    "/pip/{pip_id}/attestati",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Elenca gli attestati di un piano",
    description="Dal primo, anche quelli revocati.",
)
async def elenca_attestati(pip_id: UUID, ctx: Ctx) -> Attestati:
    righe = await attestati.elenca_attestati(ctx.session, pip_id)
    return Attestati(items=[AttestatoVisto.model_validate(riga) for riga in righe])


@api.get(
    "/attestati/{attestato_id}/pdf",
    roles=CHI_LEGGE,
    owner=dell_attestato,
    summary="Scarica un attestato in PDF",
    description=(
        "Il nome e' chiesto a laboratori in questo momento, annotato nel registro degli accessi e non conservato. Il "
        "QR porta alla verifica pubblica."
    ),
    response_class=Response,
    responses=file_responses(PDF_MEDIA_TYPE, "L'attestato"),
)
async def scarica_attestato(attestato_id: UUID, ctx: Ctx) -> Response:
    attestato = await attestati.attestato_di(ctx.session, attestato_id)
    attestazione = await attestati.stampa_attestato(ctx.session, attestato)
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto="attestato",
        oggetto_id=attestato_id,
        scopo="stampa di un attestato",
        request_id=ctx.request_id,
        now=ctx.now,
    )
    nomi = await peer_di(ctx).names_of([attestato.persona_id], purpose="stampa di un attestato di inclusione attiva")
    persona = nomi.get(attestato.persona_id)
    indirizzo = f"{ctx.runtime.settings.public_url or ''}/rest/inclusione/v1{VERIFICA}"
    documento = pdf_attestato(
        attestazione,
        nome=(persona.nome if persona else None) or "-",
        cognome=(persona.cognome if persona else None) or "-",
        nascita=persona.data_nascita if persona else None,
        indirizzo=indirizzo.replace("{codice}", attestazione.codice),
    )
    return pdf_response(await render(documento), "attestato.pdf")


@api.post(
    "/attestati/{attestato_id}/revoca",
    roles=OPERATORE,
    owner=dell_attestato,
    status_code=201,
    summary="Revoca un attestato",
    description="Da allora chi lo controlla sa che non vale.",
)
async def revoca_attestato(attestato_id: UUID, corpo: Motivo, ctx: Ctx) -> AttestatoVisto:
    return AttestatoVisto.model_validate(
        await attestati.revoca_attestato(ctx.session, attestato_id, motivo=corpo.motivo, now=ctx.now)
    )


@api.put(
    "/linee/{progetto_id}/obiettivi/{indicatore}",
    roles={Ruolo.FUNZIONARIO_COMUNE, Ruolo.FUNZIONARIO_BANDI},
    owner=muove_linea,
    summary="Scrive l'obiettivo di un indicatore",
    description="Quanto il progetto si attende e dove e' scritto; mai un risultato. Lo stesso valore non cambia nulla.",
)
async def scrivi_obiettivo(
    progetto_id: UUID, indicatore: Indicatore, corpo: ObiettivoCorpo, ctx: Ctx
) -> RisultatoVisto:
    obiettivo = await risultati.scrivi_obiettivo(
        ctx.session,
        progetto_id,
        indicatore,
        corpo,
        autore=ctx.principal.subject,
        check_version=ctx.require_match,
        now=ctx.now,
    )
    ctx.set_etag(obiettivo.versione)
    letti = await risultati.leggi_risultati(ctx.session, progetto_id)
    return next(riga for riga in letti.items if riga.indicatore is indicatore)


@api.get(
    "/linee/{progetto_id}/risultati",
    roles=CHI_VEDE,
    owner=vede_linea,
    summary="Legge obiettivi e risultati di un progetto",
    description="Per indicatore: quanto era atteso, se scritto, e quanto risulta dai fatti registrati.",
)
async def leggi_risultati(progetto_id: UUID, ctx: Ctx) -> Risultati:
    return await risultati.leggi_risultati(ctx.session, progetto_id)
