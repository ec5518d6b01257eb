"""Routes of plans."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.register import register_access
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import del_pip, muove_linea
from services.inclusione.rules.stati import StatoPip
from services.inclusione.schemas.pip import (
    Chiusura,
    EsitoPiani,
    FirmeNuove,
    PianoCorpo,
    PipInElenco,
    PipNuovo,
    PipVisto,
    RipresaNuova,
    SospensioneNuova,
    VersioneVista,
)
from services.inclusione.service import accessi, bozze, sospensioni, viste
from services.inclusione.service import pip as service

api = Api(
    "inclusione",
    tag="PIP",
    description="I Piani di Intervento Personalizzato: bozza, firme, versioni, dote prenotata, chiusura.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}


@api.post(
    "/pip",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    status_code=201,
    summary="Apre un piano in bozza",
    description="Per un'iscrizione idonea senza un piano aperto.",
)
async def apri_pip(corpo: PipNuovo, ctx: Ctx) -> PipVisto:
    await accessi.verifica_iscrizione(ctx.session, ctx.principal, corpo.iscrizione_id)
    pip = await bozze.apri_pip(ctx.session, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(pip.versione)
    return await viste.vista_di(ctx.session, pip)


@api.get(
    "/pip",
    roles=CHI_LEGGE,
    summary="Elenca i piani",
    description="I piani delle persone iscritte presso l'ente di chi chiama, o dei progetti di cui e' capofila.",
)
async def elenca_piani(
    ctx: Ctx,
    limit: Limit = 100,
    cursor: CursorParam = None,
    progetto_id: UUID | None = None,
    stato: Annotated[StatoPip | None, Query(description="Solo in questo stato")] = None,
) -> Pagina[PipInElenco]:
    dopo = ctx.decode_cursor(cursor, 1)
    righe = await service.elenca_piani(
        ctx.session,
        ente=ctx.principal.ente,
        operatore=ctx.principal.has(Ruolo.OPERATORE_ACCREDITATO),
        capofila=ctx.principal.has(Ruolo.FUNZIONARIO_COMUNE),
        progetto_id=progetto_id,
        stato=stato,
        dopo=UUID(dopo[0]) if dopo else None,
        limit=limit + 1,
    )
    return Pagina(
        items=[viste.riga_di(riga) for riga in righe[:limit]],
        cursor=ctx.encode_cursor([str(righe[limit - 1].pip_id)]) if len(righe) > limit else None,
    )


@api.get(
    "/pip/{pip_id}",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Legge un piano",
    description="Il piano con i servizi, la bozza se c'e', i movimenti della dote e i passaggi di stato.",
)
async def leggi_pip(pip_id: UUID, ctx: Ctx) -> PipVisto:
    pip = await viste.pip_di(ctx.session, pip_id)
    await register_access(
        ctx.session,
        ctx.principal,
        oggetto="pip",
        oggetto_id=pip_id,
        scopo="lettura del piano di una persona",
        request_id=ctx.request_id,
        now=ctx.now,
    )
    ctx.set_etag(pip.versione)
    return await viste.vista_di(ctx.session, pip)


@api.put(
    "/pip/{pip_id}/bozza",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    summary="Modifica la bozza",
    description="Sostituisce il contenuto della bozza; una versione firmata non si modifica mai.",
)
async def modifica_bozza(pip_id: UUID, corpo: PianoCorpo, ctx: Ctx) -> PipVisto:
    pip, bozza = await service.bozza_di(ctx.session, pip_id)
    ctx.require_match(pip.versione)
    await bozze.modifica_bozza(ctx.session, pip, bozza, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(pip.versione)
    return await viste.vista_di(ctx.session, pip)


@api.post(
    "/pip/{pip_id}/revisioni",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    status_code=201,
    summary="Apre una revisione",
    description="Apre la bozza della versione seguente; quella firmata vale finche' la nuova non e' firmata.",
)
async def apri_revisione(pip_id: UUID, corpo: PianoCorpo, ctx: Ctx) -> PipVisto:
    pip = await bozze.apri_revisione(ctx.session, pip_id, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(pip.versione)
    return await viste.vista_di(ctx.session, pip)


@api.post(
    "/pip/{pip_id}/firme",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    status_code=201,
    summary="Firma la bozza",
    description=(
        "Le due firme sul testo riconosciuto dalla sua impronta. Nella stessa operazione la versione diventa "
        "immodificabile, la dote e' prenotata sulla linea e il piano si attiva se il suo inizio e' arrivato."
    ),
)
async def firma_pip(pip_id: UUID, corpo: FirmeNuove, ctx: Ctx) -> PipInElenco:
    pip = await service.firma_pip(ctx.session, pip_id, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(pip.versione)
    return viste.riga_di(pip)


@api.get(
    "/pip/{pip_id}/versioni/{numero}",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Legge una versione firmata",
    description="Il testo firmato con la sua impronta, le firme e le differenze dalla versione precedente.",
)
async def leggi_versione(pip_id: UUID, numero: Annotated[int, Path(ge=1, le=2_000_000_000)], ctx: Ctx) -> VersioneVista:
    return await viste.leggi_versione(ctx.session, pip_id, numero)


async def _chiudi(pip_id: UUID, stato: StatoPip, corpo: Chiusura, ctx: Ctx) -> PipVisto:
    pip = await service.chiudi_pip(
        ctx.session, pip_id, stato, motivo=corpo.motivo, autore=ctx.principal.subject, now=ctx.now
    )
    ctx.set_etag(pip.versione)
    return await viste.vista_di(ctx.session, pip)


@api.post(
    "/pip/{pip_id}/sospensione",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    status_code=201,
    summary="Sospende un piano",
    description="Da un giorno gia' arrivato: in quei giorni non si registrano ore, la dote resta prenotata.",
)
async def sospendi_pip(pip_id: UUID, corpo: SospensioneNuova, ctx: Ctx) -> PipVisto:
    pip = await sospensioni.sospendi_pip(ctx.session, pip_id, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(pip.versione)
    return await viste.vista_di(ctx.session, pip)


@api.post(
    "/pip/{pip_id}/ripresa",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    status_code=201,
    summary="Riprende un piano sospeso",
    description=(
        "La fine del piano si sposta dei giorni sospesi, entro la fine del progetto; se il tempo aggiunto porta "
        "tariffe piu' alte, la dote prende la differenza dalla linea."
    ),
)
async def riprendi_pip(pip_id: UUID, corpo: RipresaNuova, ctx: Ctx) -> PipVisto:
    pip = await sospensioni.riprendi_pip(ctx.session, pip_id, corpo, autore=ctx.principal.subject, now=ctx.now)
    ctx.set_etag(pip.versione)
    return await viste.vista_di(ctx.session, pip)


@api.post(
    "/linee/{progetto_id}/sospensioni",
    roles={Ruolo.FUNZIONARIO_COMUNE},
    owner=muove_linea,
    status_code=201,
    summary="Sospende tutti i piani attivi di un progetto",
    description="Per un fatto che ferma tutti, come un'emergenza: ogni piano riesce o e' rifiutato da solo.",
)
async def sospendi_progetto(progetto_id: UUID, corpo: SospensioneNuova, ctx: Ctx) -> EsitoPiani:
    return await sospensioni.sospendi_progetto(
        ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/linee/{progetto_id}/riprese",
    roles={Ruolo.FUNZIONARIO_COMUNE},
    owner=muove_linea,
    status_code=201,
    summary="Riprende tutti i piani sospesi di un progetto",
    description="Ogni piano riesce o e' rifiutato da solo e resta sospeso.",
)
async def riprendi_progetto(progetto_id: UUID, corpo: RipresaNuova, ctx: Ctx) -> EsitoPiani:
    return await sospensioni.riprendi_progetto(
        ctx.session, progetto_id, corpo, autore=ctx.principal.subject, now=ctx.now
    )


@api.post(
    "/pip/{pip_id}/conclusione",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    status_code=201,
    summary="Conclude un piano",
    description="Chiude un piano attivo con tutte le ore validate o annullate; la dote non usata torna alla linea.",
)
async def concludi_pip(pip_id: UUID, corpo: Chiusura, ctx: Ctx) -> PipVisto:
    return await _chiudi(pip_id, StatoPip.CONCLUSO, corpo, ctx)


@api.post(
    "/pip/{pip_id}/rinuncia",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    status_code=201,
    summary="Registra la rinuncia della persona",
    description="Chiude il piano per rinuncia; la dote non usata torna alla linea.",
)
async def rinuncia_pip(pip_id: UUID, corpo: Chiusura, ctx: Ctx) -> PipVisto:
    return await _chiudi(pip_id, StatoPip.RINUNCIATO, corpo, ctx)


@api.post(
    "/pip/{pip_id}/decadenza",
    roles={Ruolo.FUNZIONARIO_COMUNE},
    owner=del_pip,
    status_code=201,
    summary="Dichiara la decadenza di un piano",
    description="Il capofila dichiara decaduto un piano firmato o attivo; la dote non usata torna alla linea.",
)
async def decadi_pip(pip_id: UUID, corpo: Chiusura, ctx: Ctx) -> PipVisto:
    return await _chiudi(pip_id, StatoPip.DECADUTO, corpo, ctx)
