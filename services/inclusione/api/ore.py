"""Routes of hours."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.inclusione.api.proprieta import del_pip, dell_ora
from services.inclusione.models import Ora
from services.inclusione.schemas.ore import (
    Annullamento,
    EsitoImportazione,
    EsitoOre,
    FileOre,
    FirmaOre,
    ImportazioneOre,
    OraDiUnPip,
    OraNuova,
    OraVista,
    RegistrazioneOre,
    ValidazioneOre,
)
from services.inclusione.service import correzioni, importazione, registrazione, validazione
from services.inclusione.service import ore as service

api = Api(
    "inclusione",
    tag="Ore",
    description="Le ore dei piani: registrate dall'operatore, firmate dalla persona, validate da una seconda persona.",
)

CHI_LEGGE = {Ruolo.OPERATORE_ACCREDITATO, Ruolo.FUNZIONARIO_COMUNE}


def vista_dell_ora(ora: Ora) -> OraVista:
    """An hour as it is shown."""
    return OraVista(
        ore_id=ora.ore_id,
        versione=ora.versione,
        pip_id=ora.pip_id,
        diretta=ora.diretta,
        servizio_codice=ora.servizio_codice,
        categoria_indiretta=ora.categoria_indiretta,
        sessione=ora.sessione,
        inizio=ora.inizio,
        fine=ora.fine,
        minuti=ora.minuti,
        giorno=ora.giorno,
        stato=ora.stato,
        firmata_il=ora.firmata_il,
        validata_il=ora.validata_il,
        annullata_il=ora.annullata_il,
        annullata_motivo=ora.annullata_motivo,
        costo=ora.costo_cent,
        indennita=ora.indennita_cent,
        gia_pagata_da=ora.gia_pagata_da,
    )


@api.post(
    "/pip/{pip_id}/ore",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    owner=del_pip,
    status_code=201,
    summary="Registra un'ora",
    description="Di un servizio del piano (diretta) o di lavoro indiretto, che si registra ma non si paga.",
)
async def registra_ora(pip_id: UUID, corpo: OraNuova, ctx: Ctx) -> OraVista:
    riga = OraDiUnPip(pip_id=pip_id, **corpo.model_dump())
    ora = await registrazione.registra_ora(ctx.session, riga, principal=ctx.principal, now=ctx.now)
    return vista_dell_ora(ora)


@api.get(
    "/pip/{pip_id}/ore",
    roles=CHI_LEGGE,
    owner=del_pip,
    summary="Elenca le ore di un piano",
    description="Le ore del piano in ordine di tempo, comprese le indirette e le annullate.",
)
async def elenca_ore(pip_id: UUID, ctx: Ctx, limit: Limit = 100, cursor: CursorParam = None) -> Pagina[OraVista]:
    dopo = ctx.decode_cursor(cursor, 2)
    righe = await service.elenca_ore(
        ctx.session, pip_id, dopo=(str(dopo[0]), UUID(dopo[1])) if dopo else None, limit=limit + 1
    )
    ultima = righe[limit - 1] if len(righe) > limit else None
    return Pagina(
        items=[vista_dell_ora(riga) for riga in righe[:limit]],
        cursor=ctx.encode_cursor([ultima.inizio.isoformat(), str(ultima.ore_id)]) if ultima else None,
    )


@api.post(
    "/ore/registrazioni",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    status_code=201,
    summary="Registra molte ore",
    description="Ogni riga riesce o e' rifiutata da sola, con il tipo e la ragione del rifiuto.",
)
async def registra_ore(corpo: RegistrazioneOre, ctx: Ctx) -> EsitoOre:
    return await registrazione.registra_ore(ctx.session, corpo.righe, principal=ctx.principal, now=ctx.now)


@api.post(
    "/ore/importazioni/anteprima",
    reads=True,
    roles={Ruolo.OPERATORE_ACCREDITATO},
    summary="Prova un file di ore",
    description="Dice riga per riga che cosa farebbe adesso l'importazione; non registra nulla.",
)
async def anteprima_importazione(corpo: FileOre, ctx: Ctx) -> EsitoImportazione:
    return await importazione.anteprima_importazione(ctx.session, corpo.csv, principal=ctx.principal, now=ctx.now)


@api.post(
    "/ore/importazioni",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    status_code=201,
    summary="Importa un file di ore",
    description=(
        "Tutte le righe o nessuna, oppure solo le buone; lo stesso file due volte non aggiunge ore dirette, ma ripete "
        "quelle indirette."
    ),
)
async def importa_ore(corpo: ImportazioneOre, ctx: Ctx) -> EsitoImportazione:
    return await importazione.importa_ore(ctx.session, corpo.csv, corpo.politica, principal=ctx.principal, now=ctx.now)


@api.post(
    "/ore/firme",
    roles={Ruolo.OPERATORE_ACCREDITATO},
    status_code=201,
    summary="Raccoglie la firma della persona su molte ore",
    description="Ogni riga riesce o e' rifiutata da sola.",
)
async def firma_ore(corpo: FirmaOre, ctx: Ctx) -> EsitoOre:
    return await service.firma_ore(ctx.session, corpo.ore, corpo.metodo, principal=ctx.principal, now=ctx.now)


@api.post(
    "/ore/validazioni",
    roles=CHI_LEGGE,
    status_code=201,
    summary="Valida molte ore",
    description="Da parte di chi non le ha registrate; ogni riga riesce o e' rifiutata da sola e matura l'indennita'.",
)
async def valida_ore(corpo: ValidazioneOre, ctx: Ctx) -> EsitoOre:
    return await validazione.valida_ore(ctx.session, corpo.ore, principal=ctx.principal, now=ctx.now)


@api.post(
    "/ore/{ore_id}/annullamento",
    roles=CHI_LEGGE,
    owner=dell_ora,
    status_code=201,
    summary="Annulla un'ora",
    description="I minuti tornano al piano; l'indennita' maturata e' stornata, o compensata se gia' liquidata.",
)
async def annulla_ora(ore_id: UUID, corpo: Annullamento, ctx: Ctx) -> OraVista:
    return vista_dell_ora(
        await correzioni.annulla_ora(
            ctx.session, ore_id, motivo=corpo.motivo, autore=ctx.principal.subject, now=ctx.now
        )
    )
