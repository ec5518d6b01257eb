"""Solidal: donations, sharing of the common pool, where points come from and where they go."""

from uuid import UUID

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.ruoli import Ruolo
from chassis.types import Pagina
from services.puntiluna.api.competenze import (
    controlla_nucleo,
    del_nucleo,
    del_progetto,
    della_donazione,
    della_riduzione,
    peer_di,
)
from services.puntiluna.models import Donazione, Ripartizione
from services.puntiluna.rules.donazioni import DonatoreDoppio, NucleoDiAltri, PersonaDiAltri
from services.puntiluna.rules.ripartizione import QuotaDiPunti, RipartizioneNonValida, impronta_quote
from services.puntiluna.schemas.solidale import (
    DestinazioneVista,
    DestinazioniVista,
    DonazioneNuova,
    DonazioneVista,
    FonteVista,
    ProvenienzaVista,
    QuotaSimulataVista,
    RipartizioneNuova,
    RipartizioneVista,
    SimulazioneNuova,
    SimulazioneVista,
)
from services.puntiluna.service import donazioni, provenienza, ripartizioni
from services.puntiluna.service.donazioni import Donatore
from services.puntiluna.service.provenienza import Destinazione

api = Api("puntiluna", tag="Solidal", description="Donazioni, fondo comune, provenienza e destinazione dei punti.")
SPORTELLO = frozenset({Ruolo.RESIDENTE, Ruolo.OPERATORE_LABORATORIO})
LETTORI = SPORTELLO | {Ruolo.FUNZIONARIO_COMUNE}
UFFICIO = frozenset({Ruolo.FUNZIONARIO_COMUNE})


@api.post(
    "/donazioni",
    roles=SPORTELLO,
    status_code=201,
    summary="Dona punti",
    description=(
        "Al fondo Solidal di un progetto o a un nucleo, che non saprà da chi. Il residente dona i propri punti; "
        "l'operatore dice per quale nucleo o persona registra la donazione."
    ),
)
async def dona_punti(corpo: DonazioneNuova, ctx: Ctx) -> DonazioneVista:
    """Give points."""
    donazione = await donazioni.dona_punti(
        ctx.session,
        await _donatore(ctx, corpo),
        a_progetto_id=corpo.a_progetto_id,
        a_nucleo_id=corpo.a_nucleo_id,
        importo_cent=corpo.importo,
        autore=ctx.principal.subject,
        now=ctx.now,
    )
    return _donazione(donazione)


async def _donatore(ctx: Ctx, corpo: DonazioneNuova) -> Donatore:
    if corpo.da_nucleo_id is not None and corpo.da_persona_id is not None:
        raise DonatoreDoppio("Indica il nucleo che dona oppure la persona, non tutti e due.", field="da_persona_id")
    if ctx.principal.has(Ruolo.OPERATORE_LABORATORIO):
        if corpo.da_persona_id is not None:
            persona = await peer_di(ctx).follows_person(ctx.principal.subject, corpo.da_persona_id)
            if persona is None:
                raise PersonaDiAltri(
                    "La persona che dona non è seguita da un tuo laboratorio.",
                    remedy="Rivolgersi allo sportello che segue la persona.",
                )
            return Donatore(None, persona.persona_id, persona.nucleo_id)
        if corpo.da_nucleo_id is not None:
            await controlla_nucleo(ctx, corpo.da_nucleo_id)
        return Donatore(corpo.da_nucleo_id, None)
    identita = await peer_di(ctx).identity_of(ctx.principal.subject)
    if corpo.da_nucleo_id not in (None, identita.nucleo_id):
        raise NucleoDiAltri("Ogni residente dona solo i punti del proprio nucleo.")
    if corpo.da_persona_id not in (None, identita.persona_id):
        raise PersonaDiAltri("Ogni residente dona solo i propri punti.")
    if corpo.da_persona_id is not None or identita.nucleo_id is None:
        return Donatore(None, identita.persona_id, identita.nucleo_id)
    return Donatore(identita.nucleo_id, None)


@api.get(
    "/nuclei/{nucleo_id}/donazioni",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Elenca le donazioni fatte da un nucleo",
    description="Dalla più recente.",
)
async def elenca_donazioni(
    nucleo_id: UUID, ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None
) -> Pagina[DonazioneVista]:
    """List the donations of a household."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await donazioni.elenca_donazioni(
        ctx.session, nucleo_id, dopo=UUID(chiave[0]) if chiave else None, limite=limit + 1
    )
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([str(pagina[-1].donazione_id)]) if len(trovate) > limit else None
    return Pagina(items=[_donazione(donazione) for donazione in pagina], cursor=seguente)


@api.get(
    "/donazioni/{donazione_id}/destinazioni",
    roles=LETTORI,
    owner=della_donazione,
    summary="Dice dove sono i punti di una donazione",
    description="Ancora disponibili, prenotati, confermati da quale proprietario, liquidati: mai a chi sono andati.",
)
async def leggi_destinazioni_donazione(donazione_id: UUID, ctx: Ctx) -> DestinazioniVista:
    """Say where a donation went."""
    donazione, destinazioni = await provenienza.destinazioni_della_donazione(ctx.session, donazione_id)
    return DestinazioniVista(totale=donazione.importo_cent, destinazioni=_destinazioni(destinazioni))


@api.get(
    "/progetti/{progetto_id}/fondo/destinazioni",
    roles=frozenset({Ruolo.FUNZIONARIO_COMUNE, Ruolo.TESORIERE, Ruolo.VALUTATORE}),
    summary="Dice dove sono i punti di un fondo",
    description="I punti che il fondo ha emesso: presso i nuclei, nel fondo Solidal, prenotati, confermati, liquidati.",
)
async def leggi_destinazioni_fondo(progetto_id: UUID, ctx: Ctx) -> DestinazioniVista:
    """Say where a fund went."""
    totale, destinazioni = await provenienza.destinazioni_del_fondo(ctx.session, progetto_id)
    return DestinazioniVista(totale=totale, destinazioni=_destinazioni(destinazioni))


@api.get(
    "/riduzioni/{riduzione_id}/provenienza",
    roles=UFFICIO,
    owner=della_riduzione,
    summary="Dice chi ha pagato una riduzione",
    description=(
        "Quali fondi hanno emesso i suoi punti e da quali donazioni sono passati: i punti entrati prima escono prima."
    ),
)
async def leggi_provenienza(riduzione_id: UUID, ctx: Ctx) -> ProvenienzaVista:
    """Say which funds and donations paid a reduction."""
    riduzione, partite = await provenienza.leggi_provenienza(ctx.session, riduzione_id)
    return ProvenienzaVista(
        riduzione_id=riduzione_id,
        protocollo=riduzione.protocollo,
        stato=riduzione.stato,
        importo=sum(partita.importo_cent for partita in partite),
        fonti=[
            FonteVista(
                progetto_id=partita.fonte.progetto_id,
                importo=partita.importo_cent,
                solidale=partita.fonte.solidale,
                donazioni=list(partita.fonte.donazioni[:100]),
            )
            for partita in partite
        ],
    )


@api.post(
    "/progetti/{progetto_id}/ripartizioni/simulazioni",
    roles=UFFICIO,
    owner=del_progetto,
    reads=True,
    summary="Simula la ripartizione del fondo Solidal",
    description=(
        "Quanto darebbe un criterio a ciascun nucleo moroso del progetto, al massimo ciò che i suoi punti non coprono "
        "già; al centesimo, con il metodo dei resti più alti. Nulla si muove."
    ),
)
async def simula_ripartizione(progetto_id: UUID, corpo: SimulazioneNuova, ctx: Ctx) -> SimulazioneVista:
    """Simulate a sharing."""
    quote = await ripartizioni.simula_ripartizione(
        ctx.session, progetto_id, criterio=corpo.criterio, totale_cent=corpo.totale, now=ctx.now
    )
    return SimulazioneVista(
        criterio=corpo.criterio,
        totale=sum(quota.importo_cent for quota in quote),
        impronta=impronta_quote(quote),
        quote=[QuotaSimulataVista(nucleo_id=quota.nucleo_id, importo=quota.importo_cent) for quota in quote],
    )


@api.post(
    "/progetti/{progetto_id}/ripartizioni",
    roles=UFFICIO,
    owner=del_progetto,
    status_code=201,
    summary="Ripartisce il fondo Solidal",
    description=(
        "Un atto divide tra i nuclei i punti donati al progetto, tutto o niente: con le `quote` una per una, o con "
        "`criterio`, `totale` e `impronta` di una simulazione, che vale solo se darebbe ancora le stesse quote."
    ),
)
async def ripartisci_solidale(progetto_id: UUID, corpo: RipartizioneNuova, ctx: Ctx) -> RipartizioneVista:
    """Share the pool out."""
    if corpo.quote is not None and corpo.criterio is None:
        ripartizione = await ripartizioni.ripartisci_solidale(
            ctx.session,
            progetto_id,
            atto=corpo.atto,
            quote=[QuotaDiPunti(quota.nucleo_id, quota.importo) for quota in corpo.quote],
            autore=ctx.principal.subject,
            now=ctx.now,
        )
    elif corpo.quote is None and corpo.criterio is not None and corpo.impronta is not None:
        ripartizione = await ripartizioni.ripartisci_con_criterio(
            ctx.session,
            progetto_id,
            atto=corpo.atto,
            criterio=corpo.criterio,
            totale_cent=corpo.totale,
            impronta=corpo.impronta,
            autore=ctx.principal.subject,
            now=ctx.now,
        )
    else:
        raise RipartizioneNonValida(
            "Un atto elenca le quote, oppure dice criterio e impronta della simulazione.", field="quote"
        )
    return _ripartizione(ripartizione)


@api.get(
    "/progetti/{progetto_id}/ripartizioni",
    roles=UFFICIO,
    owner=del_progetto,
    summary="Elenca le ripartizioni del fondo Solidal",
    description="Dalla più recente.",
)
async def elenca_ripartizioni(
    progetto_id: UUID, ctx: Ctx, limit: Limit = 50, cursor: CursorParam = None
) -> Pagina[RipartizioneVista]:
    """List the acts that shared the pool out."""
    chiave = ctx.decode_cursor(cursor, 1)
    trovate = await ripartizioni.elenca_ripartizioni(
        ctx.session, progetto_id, dopo=UUID(chiave[0]) if chiave else None, limite=limit + 1
    )
    pagina = trovate[:limit]
    seguente = ctx.encode_cursor([str(pagina[-1].ripartizione_id)]) if len(trovate) > limit else None
    return Pagina(items=[_ripartizione(una) for una in pagina], cursor=seguente)


def _destinazioni(destinazioni: list[Destinazione]) -> list[DestinazioneVista]:
    return [
        DestinazioneVista(dove=d.dove, ente_proprietario=d.ente_proprietario, importo=d.importo_cent)
        for d in destinazioni
    ]


def _ripartizione(ripartizione: Ripartizione) -> RipartizioneVista:
    return RipartizioneVista(
        ripartizione_id=ripartizione.ripartizione_id,
        progetto_id=ripartizione.progetto_id,
        atto=ripartizione.atto,
        criterio=ripartizione.criterio,
        nuclei=ripartizione.nuclei,
        totale=ripartizione.totale_cent,
        ripartita_il=ripartizione.ripartita_il,
    )


def _donazione(donazione: Donazione) -> DonazioneVista:
    return DonazioneVista(
        donazione_id=donazione.donazione_id,
        importo=donazione.importo_cent,
        a_progetto_id=donazione.a_progetto_id,
        a_nucleo_id=donazione.a_nucleo_id,
        da_nucleo_id=donazione.da_nucleo_id,
        da_persona_id=donazione.da_persona_id,
        movimento_id=donazione.movimento_id,
        donata_il=donazione.donata_il,
    )
