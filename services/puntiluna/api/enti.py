"""Names and bank accounts of the organisations that pay and are paid."""

from typing import Annotated

from fastapi import Path

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import CodiceEnte, Pagina
from services.puntiluna.models import ConfigurazioneEnte
from services.puntiluna.rules.distinte import EnteDiAltri
from services.puntiluna.schemas.distinte import EnteNuovo, EnteVista
from services.puntiluna.service import pagamenti

api = Api("puntiluna", tag="Enti", description="Nome e coordinate di pagamento di chi paga e di chi è pagato.")
LETTORI = frozenset({Ruolo.AMMINISTRATORE, Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE})

Ente = Annotated[CodiceEnte, Path(description="codice dell'ente")]


async def dell_ente(ente: Ente, ctx: Ctx) -> None:
    """The treasurer's own organisation; an administrator writes any.

    Raises:
        EnteDiAltri: another organisation's.
    """
    if not ctx.principal.has(Ruolo.AMMINISTRATORE) and ctx.principal.ente != ente:
        raise EnteDiAltri(
            "Un tesoriere scrive le coordinate del proprio ente soltanto.",
            remedy="Le coordinate dei proprietari le registra l'amministratore.",
        )


@api.get("/enti", roles=LETTORI, summary="Elenca gli enti configurati", description="Per codice.")
async def elenca_enti(ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None) -> Pagina[EnteVista]:
    """List the organisations."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovati = await pagamenti.elenca_enti(ctx.session, dopo=chiave[0] if chiave else None, limite=limit + 1)
    pagina = trovati[:limit]
    seguente = ctx.encode_cursor([pagina[-1].ente]) if len(trovati) > limit else None
    return Pagina(items=[_ente(ente) for ente in pagina], cursor=seguente)


@api.get("/enti/{ente}", roles=LETTORI, summary="Legge un ente", description="Nome e coordinate di pagamento.")
async def leggi_ente(ente: Ente, ctx: Ctx) -> EnteVista:
    """Read an organisation."""
    configurazione = await pagamenti.leggi_ente(ctx.session, ente)
    ctx.set_etag(configurazione.versione)
    return _ente(configurazione)


@api.put(
    "/enti/{ente}",
    roles=frozenset({Ruolo.AMMINISTRATORE, Ruolo.TESORIERE}),
    owner=dell_ente,
    summary="Configura un ente",
    description=(
        "Nome, IBAN verificato e, per un proprietario, i giorni che ha per rispondere. Chi scrive le coordinate di un "
        "ente non può poi disporre un pagamento a suo favore. Per modificare serve If-Match."
    ),
)
async def configura_ente(ente: Ente, corpo: EnteNuovo, ctx: Ctx) -> EnteVista:
    """Write an organisation's name and account."""
    versione = await pagamenti.versione_ente(ctx.session, ente)
    if versione is not None:
        ctx.require_match(versione)
    configurazione = await pagamenti.configura_ente(
        ctx.session,
        ente,
        nome=corpo.nome,
        iban=corpo.iban,
        bic=corpo.bic,
        termine_giorni=corpo.termine_giorni,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    ctx.set_etag(configurazione.versione)
    return _ente(configurazione)


def _ente(configurazione: ConfigurazioneEnte) -> EnteVista:
    return EnteVista(
        ente=configurazione.ente,
        versione=configurazione.versione,
        nome=configurazione.nome,
        iban=configurazione.iban,
        bic=configurazione.bic,
        aggiornata_il=configurazione.aggiornata_il,
        aggiornata_da=configurazione.aggiornata_da,
    )
