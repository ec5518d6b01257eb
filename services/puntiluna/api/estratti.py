"""A household's statement: read, downloaded, printed, as of any instant."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis.http import Api, Ctx, CursorParam, Limit
from chassis.http.files import CSV_MEDIA_TYPE, PDF_MEDIA_TYPE, csv_response, file_responses, pdf_response
from chassis.italian import instant_text
from chassis.money import format_cents
from chassis.pdf import Document, render
from chassis.ruoli import Ruolo
from chassis.sheets import csv_file
from chassis.types import Istante
from services.puntiluna import documents
from services.puntiluna.api.competenze import del_nucleo
from services.puntiluna.rules.estratto import VoceEstratto, nome_voce, racconta_stato
from services.puntiluna.schemas.nuclei import (
    AttivitaEstrattoVista,
    DebitoEstrattoVista,
    EstrattoConto,
    RiduzioneEstrattoVista,
    RigaEstrattoVista,
)
from services.puntiluna.service import estratti
from services.puntiluna.service.estratti import Estratto

api = Api("puntiluna", tag="Estratto conto", description="I punti di un nucleo e la sua morosità, a qualunque istante.")
LETTORI = frozenset({Ruolo.RESIDENTE, Ruolo.OPERATORE_LABORATORIO, Ruolo.FUNZIONARIO_COMUNE})
MOVIMENTI_STAMPATI = 200
RIDUZIONI_CSV = (
    "protocollo",
    "proprietario",
    "contratto",
    "stato",
    "importo",
    "confermato",
    "morosita_prima",
    "morosita_dopo",
    "conferma",
    "confermata_il",
)

AlIstante = Annotated[Istante | None, Query(description="a quale istante; assente: adesso")]


@api.get(
    "/nuclei/{nucleo_id}/estratto-conto",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Legge l'estratto conto di un nucleo",
    description=(
        "Punti guadagnati, ricevuti, donati, spesi e in attesa; morosità prima e dopo, con la conferma del "
        "proprietario. A qualunque istante passato. I movimenti vanno dal più recente, a pagine."
    ),
)
async def leggi_estratto_conto(
    nucleo_id: UUID, ctx: Ctx, al: AlIstante = None, limit: Limit = 100, cursor: CursorParam = None
) -> EstrattoConto:
    """Read a household's statement."""
    chiave = ctx.decode_cursor(cursor, 2)
    prima_di = (int(chiave[0]), UUID(chiave[1])) if chiave else None
    estratto = await estratti.estratto_conto(
        ctx.session, nucleo_id, al=al or ctx.now, prima_di=prima_di, limite=limit + 1
    )
    altre = len(estratto.righe) > limit
    righe = estratto.righe[:limit]
    return _estratto(estratto, ctx.encode_cursor([righe[-1].ordine, str(righe[-1].conto_id)]) if altre else None, limit)


@api.get(
    "/nuclei/{nucleo_id}/estratto-conto.csv",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Scarica l'estratto conto di un nucleo",
    description="Tutti i movimenti in CSV (UTF-8, virgola), dal più recente.",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def scarica_estratto_conto(nucleo_id: UUID, ctx: Ctx, al: AlIstante = None) -> Response:
    """Download a household's statement."""
    estratto = await estratti.estratto_conto(ctx.session, nucleo_id, al=al or ctx.now, prima_di=None, limite=None)
    contenuto = csv_file(
        ("data", "riferito_al", "voce", "descrizione", "punti", "saldo"),
        [
            (
                instant_text(riga.registrato_il),
                instant_text(riga.accaduto_il),
                riga.voce,
                riga.descrizione,
                format_cents(riga.importo_cent),
                format_cents(riga.saldo_cent),
            )
            for riga in estratto.righe
        ],
    )
    return Response(
        contenuto,
        media_type=CSV_MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="estratto-conto.csv"'},
    )


@api.get(
    "/nuclei/{nucleo_id}/estratto-conto/riduzioni.csv",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Scarica le riduzioni di un nucleo",
    description="In CSV (UTF-8, virgola): morosità prima e dopo, numero e data della conferma del proprietario.",
    response_class=Response,
    responses=file_responses(CSV_MEDIA_TYPE, "Le riduzioni"),
)
async def scarica_riduzioni_estratto(nucleo_id: UUID, ctx: Ctx, al: AlIstante = None) -> Response:
    """Download a household's reductions."""
    estratto = await estratti.estratto_conto(ctx.session, nucleo_id, al=al or ctx.now, prima_di=None, limite=1)
    righe = [
        (
            r.letta.protocollo,
            r.letta.ente_proprietario,
            r.letta.contratto_codice,
            r.stato,
            format_cents(r.letta.importo_cent),
            format_cents(r.confermato_cent),
            format_cents(r.letta.debito_prima_cent),
            format_cents(r.debito_dopo_cent),
            r.letta.riferimento,
            instant_text(r.letta.risposta_il) if r.letta.risposta_il and r.risposta_data else None,
        )
        for r in estratto.riduzioni
    ]
    return csv_response(csv_file(RIDUZIONI_CSV, righe), "riduzioni.csv")


@api.get(
    "/nuclei/{nucleo_id}/estratto-conto.pdf",
    roles=LETTORI,
    owner=del_nucleo,
    summary="Stampa l'estratto conto di un nucleo",
    description=(
        "In italiano semplice: punti guadagnati per tipo di attività, ricevuti, donati, spesi e in attesa; morosità "
        "prima e dopo; numero e data di ogni conferma del proprietario. Senza nomi."
    ),
    response_class=Response,
    responses=file_responses(PDF_MEDIA_TYPE, "L'estratto conto"),
)
async def stampa_estratto_conto(nucleo_id: UUID, ctx: Ctx, al: AlIstante = None) -> Response:
    """Print a household's statement."""
    estratto = await estratti.estratto_conto(
        ctx.session, nucleo_id, al=al or ctx.now, prima_di=None, limite=MOVIMENTI_STAMPATI
    )
    return pdf_response(await render(_stampa(estratto, ctx.now)), "estratto-conto.pdf")


def _stampa(estratto: Estratto, now: datetime) -> Document:
    vista = _estratto(estratto, None, MOVIMENTI_STAMPATI)
    return documents.estratto_pdf(
        al=estratto.al,
        nucleo=str(estratto.nucleo_id),
        punti=[
            ("Punti guadagnati", vista.guadagnati),
            ("Punti ricevuti in dono", vista.ricevuti),
            ("Punti donati", vista.donati),
            ("Punti in attesa della risposta del proprietario", vista.prenotati),
            ("Punti che hanno ridotto la morosità", vista.spesi),
            ("Punti maturati che attendono il fondo del progetto", vista.in_attesa_fondo),
            ("Punti che restano", vista.saldo),
            ("Punti che si possono solo donare", vista.saldo_donatore),
            ("Quote di indennità che hanno ridotto la morosità (euro)", vista.quote_confermate),
        ],
        attivita=[(nome_voce(una.voce), una.presenze, una.punti_cent) for una in estratto.attivita],
        morosita=[(m.contratto_codice, m.iniziale, m.comunicato, m.ridotto, m.residuo) for m in vista.morosita],
        riduzioni=[
            (
                r.letta.protocollo,
                r.letta.contratto_codice,
                racconta_stato(r.stato),
                r.confermato_cent or r.letta.importo_cent,
                r.letta.riferimento if r.risposta_data else None,
                r.letta.risposta_il if r.risposta_data else None,
            )
            for r in estratto.riduzioni
        ],
        movimenti=[(m.registrato_il, m.descrizione, m.punti, m.saldo) for m in vista.movimenti],
        now=now,
    )


def _estratto(estratto: Estratto, cursor: str | None, limit: int) -> EstrattoConto:
    totali = estratto.totali
    return EstrattoConto(
        nucleo_id=estratto.nucleo_id,
        al=estratto.al,
        saldo=estratto.saldo_cent,
        saldo_donatore=estratto.saldo_donatore_cent,
        spendibili=estratto.spendibile_cent,
        guadagnati=max(totali[VoceEstratto.GUADAGNATI] + totali[VoceEstratto.CORREZIONI], 0),
        ricevuti=totali[VoceEstratto.RICEVUTI],
        donati=-totali[VoceEstratto.DONATI],
        prenotati=estratto.prenotato_cent,
        spesi=estratto.confermato_cent,
        in_attesa_fondo=estratto.in_attesa_fondo_cent,
        attivita=[
            AttivitaEstrattoVista(voce=una.voce, presenze=una.presenze, punti=una.punti_cent)
            for una in estratto.attivita
        ],
        quote_disponibili=estratto.quote_saldo_cent,
        quote_confermate=estratto.quote_confermato_cent,
        movimenti=[
            RigaEstrattoVista(
                movimento_id=riga.movimento_id,
                registrato_il=riga.registrato_il,
                riferito_al=riga.accaduto_il,
                voce=riga.voce,
                descrizione=riga.descrizione,
                punti=riga.importo_cent,
                saldo=riga.saldo_cent,
            )
            for riga in estratto.righe[:limit]
        ],
        riduzioni=[
            RiduzioneEstrattoVista(
                riduzione_id=r.letta.riduzione_id,
                protocollo=r.letta.protocollo,
                ente_proprietario=r.letta.ente_proprietario,
                contratto_codice=r.letta.contratto_codice,
                origine=r.letta.origine,
                importo=r.letta.importo_cent,
                confermato=r.confermato_cent,
                debito_prima=r.letta.debito_prima_cent,
                debito_dopo=r.debito_dopo_cent,
                stato=r.stato,
                motivo=r.letta.motivo if r.risposta_data else None,
                riferimento=r.letta.riferimento if r.risposta_data else None,
                prenotata_il=r.letta.prenotata_il,
                risposta_il=r.letta.risposta_il if r.risposta_data else None,
            )
            for r in estratto.riduzioni
        ],
        morosita=[
            DebitoEstrattoVista(
                ente_proprietario=debito.ente_proprietario,
                contratto_codice=debito.contratto_codice,
                iniziale=debito.primo_cent,
                comunicato=debito.comunicato_cent,
                al_giorno=debito.al_giorno,
                ridotto=debito.confermato_cent,
                residuo=estratti.residuo(debito),
            )
            for debito in estratto.debiti[:100]
        ],
        cursor=cursor,
    )
