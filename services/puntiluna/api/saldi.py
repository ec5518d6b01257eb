"""What a household holds at an instant, points carried over from before the platform, points that might be."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.http import Api, Ctx
from chassis.ids import uuid7
from chassis.ruoli import Ruolo
from chassis.types import Istante
from services.puntiluna.api.competenze import controlla_nucleo, controlla_persona, del_nucleo, del_progetto
from services.puntiluna.rules.accrediti import Presenza
from services.puntiluna.rules.riporti import RigaRiporto
from services.puntiluna.schemas.saldi import (
    LimiteProvato,
    PresenzaIpotetica,
    PuntiSimulati,
    RigaRiportoVista,
    RiportoNuovo,
    RiportoVista,
    SaldoVista,
    SimulazioneNuova,
    SimulazioneVista,
)
from services.puntiluna.service import riporti, saldi, simulazioni
from services.puntiluna.service.riporti import RigaRiportata

api = Api("puntiluna", tag="Saldi", description="Saldi a qualunque istante, punti riportati, punti che si avrebbero.")
SPORTELLO = frozenset({Ruolo.RESIDENTE, Ruolo.OPERATORE_LABORATORIO, Ruolo.FUNZIONARIO_COMUNE})


@api.get(
    "/nuclei/{nucleo_id}/saldo",
    roles=SPORTELLO,
    owner=del_nucleo,
    summary="Legge il saldo di un nucleo",
    description="I punti del nucleo adesso o a un istante passato, senza l'estratto conto.",
)
async def leggi_saldo(
    nucleo_id: UUID,
    ctx: Ctx,
    al: Annotated[Istante | None, Query(description="a quale istante; assente: adesso")] = None,
) -> SaldoVista:
    """Read a household's balance."""
    quando = al or ctx.now
    saldo = await saldi.saldo_del_nucleo(ctx.session, nucleo_id, al=quando)
    return SaldoVista(
        nucleo_id=nucleo_id,
        al=quando,
        saldo=saldo.saldo_cent,
        saldo_donatore=saldo.donatore_cent,
        quote=saldo.quote_cent,
    )


@api.post(
    "/progetti/{progetto_id}/riporti",
    roles=frozenset({Ruolo.FUNZIONARIO_COMUNE}),
    owner=del_progetto,
    summary="Riporta punti maturati prima della piattaforma",
    description=(
        "Un atto attesta punti maturati prima che il programma usasse la piattaforma: escono dal fondo come gli altri. "
        "Da una a mille righe; una riga rifiutata non ferma le vicine, una ripetuta non accredita due volte."
    ),
)
async def riporta_punti(progetto_id: UUID, corpo: RiportoNuovo, ctx: Ctx) -> RiportoVista:
    """Carry points over."""
    righe = [RigaRiporto(riga.riferimento, riga.nucleo_id, riga.punti) for riga in corpo.righe]
    fatte: list[RigaRiportata] = await riporti.riporta_punti(
        ctx.session, progetto_id, atto=corpo.atto, righe=righe, autore=ctx.principal.subject, now=ctx.now
    )
    return RiportoVista(
        registrate=sum(fatta.movimento_id is not None for fatta in fatte),
        items=[RigaRiportoVista(riferimento=f.riferimento, esito=f.esito, movimento_id=f.movimento_id) for f in fatte],
    )


@api.post(
    "/simulazioni-punti",
    roles=SPORTELLO,
    reads=True,
    summary="Simula i punti di alcune presenze",
    description=(
        "Quanti punti darebbero, con la tariffa del loro giorno e tutti i limiti insieme, una dopo l'altra. Non "
        "registra nulla. I limiti del nucleo e della persona si provano se sono indicati."
    ),
)
async def simula_punti(corpo: SimulazioneNuova, ctx: Ctx) -> SimulazioneVista:
    """Simulate the points of attendances."""
    for nucleo_id in {p.nucleo_id for p in corpo.presenze if p.nucleo_id is not None}:
        await controlla_nucleo(ctx, nucleo_id)
    for persona_id in {p.persona_id for p in corpo.presenze if p.persona_id is not None}:
        await controlla_persona(ctx, persona_id)
    simulati = await simulazioni.simula_punti(
        ctx.session, [_presenza(corpo.progetto_id, ipotetica) for ipotetica in corpo.presenze]
    )
    return SimulazioneVista(
        totale=sum(simulata.spettanza.punti_cent for simulata in simulati),
        items=[
            PuntiSimulati(
                punti=simulata.spettanza.punti_cent,
                stato=simulata.spettanza.stato,
                motivo=simulata.spettanza.motivo,
                limiti=[
                    LimiteProvato(
                        limite_id=prova.limite.limite_id,
                        ambito=prova.limite.ambito,
                        rigido=prova.limite.rigido,
                        massimo=prova.limite.massimo_cent,
                        consumati=prova.consumati_cent,
                        superato=prova.superato,
                    )
                    for prova in simulata.limiti
                ],
            )
            for simulata in simulati
        ],
    )


def _presenza(progetto_id: UUID, ipotetica: PresenzaIpotetica) -> Presenza:
    return Presenza(
        presenza_id=uuid7(),
        versione=1,
        annullata=False,
        progetto_id=progetto_id,
        attivita_id=ipotetica.attivita_id or uuid7(),
        persona_id=ipotetica.persona_id or uuid7(),
        nucleo_id=ipotetica.nucleo_id,
        inizio=ipotetica.inizio,
        fine=ipotetica.inizio + timedelta(minutes=ipotetica.minuti),
        minuti=ipotetica.minuti,
        fascia=ipotetica.fascia,
        diretta=ipotetica.categoria_indiretta is None,
        categoria_indiretta=ipotetica.categoria_indiretta,
        confermata_il=ipotetica.inizio,
    )
