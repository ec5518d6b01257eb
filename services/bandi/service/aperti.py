"""Open data: calls, projects, rankings and waterfall as files, each with the version that its bytes come from."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.money import format_cents
from chassis.pdf import render
from services.bandi import documents
from services.bandi.models import Bando, Graduatoria
from services.bandi.queries import aperti as queries
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import graduatorie as queries_graduatorie
from services.bandi.queries.bandi import FiltriBandi
from services.bandi.queries.progetti import FiltriProgetti
from services.bandi.rules.righe import riga_da_valori
from services.bandi.schemas.aperti import (
    Catalogo,
    DatiAvanzamento,
    DatiBandi,
    DatiGraduatoria,
    DatiProgetti,
    Licenza,
    VoceCatalogo,
)
from services.bandi.schemas.bando import BandoDettaglio
from services.bandi.schemas.progetto import ProgettoVoce
from services.bandi.service import bandi, letture, pubblicate, viste

LICENZA = Licenza(codice=documents.LICENZA, titolo=documents.LICENZA_TITOLO, indirizzo=documents.LICENZA_INDIRIZZO)
FORMA = "1"
"""Changed when the same data give other bytes: files kept by readers are then asked for again."""

TUTTI = 100_000


class Formato(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON = "json"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Documento:
    """A file of open data: its name, the version of its data, and how its bytes are made if nobody has them yet."""

    nome: str
    versione: str
    rendi: Callable[[], Awaitable[bytes]]


CATALOGO = Catalogo(
    licenza=LICENZA,
    items=[
        VoceCatalogo(
            dataset="bandi",
            titolo="Bandi pubblicati",
            descrizione="Ogni bando con termini, linee, dotazioni e regole in vigore; nel CSV una riga per linea.",
            identificativi="Il codice del bando e `bando_id` non cambiano; il codice della linea non cambia nel bando.",
            percorsi=["/v1/dati-aperti/bandi/csv", "/v1/dati-aperti/bandi/json"],
        ),
        VoceCatalogo(
            dataset="progetti",
            titolo="Progetti finanziati e loro denaro",
            descrizione="Programmato, ammesso, impegnato ed erogato di ogni progetto; nel CSV una riga per linea.",
            identificativi="Il codice del progetto e `progetto_id` non cambiano.",
            percorsi=["/v1/dati-aperti/progetti/csv", "/v1/dati-aperti/progetti/json"],
        ),
        VoceCatalogo(
            dataset="graduatorie",
            titolo="Graduatorie approvate di un bando",
            descrizione="Una versione approvata non cambia piu': lo scorrimento e' un'altra, con le sue cause.",
            identificativi="Codice del bando, numero della versione e numero di protocollo della domanda non cambiano.",
            percorsi=[
                "/v1/bandi/{codice}/graduatorie/{numero}/csv",
                "/v1/bandi/{codice}/graduatorie/{numero}/json",
                "/v1/bandi/{codice}/graduatorie/{numero}/pdf",
            ],
        ),
        VoceCatalogo(
            dataset="avanzamento",
            titolo="Denaro di un bando",
            descrizione="Dotazione, programmato, ammesso, impegnato ed erogato di ogni linea.",
            identificativi="Codice del bando e codice della linea non cambiano.",
            percorsi=["/v1/bandi/{codice}/avanzamento/csv", "/v1/bandi/{codice}/avanzamento/json"],
        ),
    ],
)


async def bandi_aperti(session: AsyncSession, formato: Formato) -> Documento:
    """Return every published call as a file."""
    version = _version(await queries.versione_dei_dati(session))
    return Documento(f"bandi.{formato}", version, partial(_calls, session, formato, version))


async def _calls(session: AsyncSession, formato: Formato, version: str) -> bytes:
    found = []
    for bando, _, _ in await queries_bandi.elenco_bandi(session, FiltriBandi(), dopo=None, quanti=TUTTI):
        regole = await bandi.regole_in_vigore(session, bando)
        found.append(viste.bando_dettaglio(bando, regole, await queries_bandi.linee(session, bando.bando_id)))
    found.sort(key=lambda item: item.codice)
    if formato is Formato.CSV:
        return documents.csv_tabella(_CALL_COLUMNS, _call_rows(found))
    return _json(DatiBandi(dataset="bandi", licenza=LICENZA, versione=version, items=found))


_CALL_COLUMNS = (
    "bando_id",
    "bando",
    "titolo",
    "ente_promotore",
    "organismo_intermedio",
    "territorio",
    "modalita",
    "apre_il",
    "chiude_il",
    "pubblicato_il",
    "regole_versione",
    "linea",
    "azione",
    "fondo",
    "dotazione",
    "assegnato",
)


def _call_rows(found: Iterable[BandoDettaglio]) -> Iterable[list[str | int | None]]:
    for bando in found:
        for linea in bando.linee:
            yield [
                str(bando.bando_id),
                bando.codice,
                bando.titolo,
                bando.ente_promotore,
                bando.organismo_intermedio,
                bando.territorio,
                bando.modalita,
                _instant(bando.apre_il),
                _instant(bando.chiude_il),
                _instant(bando.pubblicato_il),
                bando.regole_versione,
                linea.codice,
                linea.azione,
                linea.fondo,
                None if linea.dotazione is None else format_cents(linea.dotazione),
                format_cents(linea.assegnato),
            ]


async def progetti_aperti(session: AsyncSession, formato: Formato) -> Documento:
    """Return every funded project with its money as a file."""
    version = _version(await queries.versione_dei_dati(session))
    return Documento(f"progetti.{formato}", version, partial(_projects, session, formato, version))


async def _projects(session: AsyncSession, formato: Formato, version: str) -> bytes:
    found = await letture.elenco_progetti(session, FiltriProgetti(), dopo=None, quanti=TUTTI)
    if formato is Formato.CSV:
        return documents.csv_tabella(_PROJECT_COLUMNS, _project_rows(found))
    return _json(DatiProgetti(dataset="progetti", licenza=LICENZA, versione=version, items=found))


_PROJECT_COLUMNS = (
    "progetto_id",
    "progetto",
    "bando",
    "titolo",
    "capofila",
    "comune",
    "quartiere",
    "stato",
    "inizio",
    "fine",
    "cup",
    "linea",
    "azione",
    "fondo",
    "programmato",
    "ammesso",
    "impegnato",
    "erogato",
)


def _project_rows(found: Iterable[ProgettoVoce]) -> Iterable[list[str | int | None]]:
    for project in found:
        for linea in project.linee:
            yield [
                str(project.progetto_id),
                project.codice,
                project.bando,
                project.titolo,
                project.capofila,
                project.comune,
                project.quartiere,
                project.stato,
                _day(project.inizio),
                _day(project.fine),
                project.cup,
                linea.linea,
                linea.azione,
                linea.fondo,
                *(format_cents(c) for c in (linea.programmato, linea.ammesso, linea.impegnato, linea.erogato)),
            ]


async def graduatoria_aperta(session: AsyncSession, codice: str, numero: int, formato: Formato) -> Documento:
    """Return an approved ranking as a file: it never changes.

    Raises:
        BandoSconosciuto, GraduatoriaSconosciuta.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    graduatoria = await pubblicate.nota(session, codice, numero)
    name = f"graduatoria-{codice}-{numero}.{formato}"
    version = _version(graduatoria.impronta)
    return Documento(name, version, partial(_ranking, session, bando, graduatoria, formato, version))


async def _ranking(
    session: AsyncSession, bando: Bando, graduatoria: Graduatoria, formato: Formato, version: str
) -> bytes:
    stored = await queries_graduatorie.righe(session, graduatoria.graduatoria_id, dopo=0, quante=None)
    if formato is Formato.JSON:

        def write() -> bytes:
            return _json(
                DatiGraduatoria(
                    dataset=f"graduatorie/{bando.codice}/{graduatoria.numero}",
                    licenza=LICENZA,
                    versione=version,
                    graduatoria=viste.graduatoria_vista(graduatoria, bando.codice),
                    items=[viste.riga_salvata(riga) for riga in stored],
                )
            )

        return await asyncio.to_thread(write)
    rows = [riga_da_valori(riga.contenuto) for riga in stored]
    if formato is Formato.CSV:
        return await asyncio.to_thread(documents.csv_graduatoria, bando.codice, graduatoria.numero, rows)
    return await render(
        documents.pdf_graduatoria(
            promotore=bando.promotore or bando.ente_promotore,
            bando=bando.codice,
            titolo=bando.titolo,
            numero=graduatoria.numero,
            finestra=graduatoria.finestra,
            atto=graduatoria.atto,
            approvata_il=graduatoria.approvata_il,
            impronta=graduatoria.impronta,
            righe=rows,
        )
    )


async def avanzamento_aperto(session: AsyncSession, codice: str, formato: Formato) -> Documento:
    """Return the money of a call by line as a file.

    Raises:
        BandoSconosciuto.
    """
    bando = await bandi.bando_pubblicato(session, codice)
    version = _version(await queries.versione_dei_dati(session, bando.bando_id))
    return Documento(f"avanzamento-{codice}.{formato}", version, partial(_waterfall, session, codice, formato, version))


async def _waterfall(session: AsyncSession, codice: str, formato: Formato, version: str) -> bytes:
    if formato is Formato.CSV:
        return await letture.csv_avanzamento(session, codice)
    found = await letture.avanzamento_bando(session, codice)
    return _json(DatiAvanzamento(dataset=f"avanzamento/{codice}", licenza=LICENZA, versione=version, avanzamento=found))


def _json(data: DatiBandi | DatiProgetti | DatiGraduatoria | DatiAvanzamento) -> bytes:
    return data.model_dump_json().encode()


def _version(text: str) -> str:
    return f"{FORMA}-{text}"


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
