"""Sample rules and plans shared by the tests of inclusione."""

from datetime import date
from typing import Any

from services.inclusione.rules.misura import (
    Livello,
    PresaInCarico,
    RegolaLivello,
    RegoleMisura,
    Requisito,
    Risposta,
    Servizio,
    Tariffa,
    TipoServizio,
)
from services.inclusione.rules.pip import Piano, ServizioPianificato
from services.inclusione.rules.profilazione import Fascia, Opzione, TabellaProfilo, VoceProfilo

DAL_2019 = date(2019, 1, 1)
PRIMO_MARZO = date(2019, 3, 1)
FINE_GIUGNO = date(2019, 6, 30)


def servizio(codice: str, **altro: Any) -> Servizio:
    """A training service at 20.00 an hour that gives the allowance, unless told otherwise."""
    valori: dict[str, Any] = {
        "nome": codice.title(),
        "livello": Livello.CONSOLIDAMENTO,
        "tipo": TipoServizio.FORMAZIONE,
        "costi": (Tariffa(DAL_2019, 20_00),),
        "da_indennita": True,
    }
    return Servizio(codice=codice, **(valori | altro))


def regole(**altro: Any) -> RegoleMisura:
    """The rules of PROLORENTEGGIO (facts/programmi.json): two requirements, three levels, 3,000 and 2,000 EUR."""
    valori: dict[str, Any] = {
        "requisiti": (
            Requisito("DISOCCUPATO", "La persona e' disoccupata."),
            Requisito("NASPI", "La persona percepisce la NASpI.", Risposta.NO),
        ),
        "presa_in_carico": PresaInCarico.DI_UN_LABORATORIO,
        "servizi": (
            servizio("ACCOGLIENZA", livello=Livello.BASE, tipo=TipoServizio.ACCOGLIENZA, da_indennita=False),
            servizio("BILANCIO", livello=Livello.ACCOGLIENZA_ORIENTAMENTO, tipo=TipoServizio.ORIENTAMENTO),
            servizio("FORMAZIONE"),
            servizio("TUTORAGGIO", tipo=TipoServizio.TIROCINIO, da_indennita=False),
        ),
        "livelli": (
            RegolaLivello(Livello.BASE),
            RegolaLivello(Livello.ACCOGLIENZA_ORIENTAMENTO, 18 * 60, richiede_ammissione=True),
            RegolaLivello(Livello.CONSOLIDAMENTO, 124 * 60, richiede_ammissione=True),
        ),
        "indennita": (Tariffa(DAL_2019, 4_00),),
        "massimale_percorso_cent": 3_000_00,
        "massimale_persona_cent": 2_000_00,
    }
    return RegoleMisura(**(valori | altro))


def piano(*servizi: tuple[str, int], inizio: date = PRIMO_MARZO, fine: date = FINE_GIUGNO) -> Piano:
    """A plan of the given services, in hours."""
    return Piano(inizio, fine, tuple(ServizioPianificato(codice, ore * 60) for codice, ore in servizi))


def tabella(
    *, voci: tuple[str, ...] = ("ETA", "STUDIO"), soglie: tuple[int, ...] = (0, 20), massimale_cent: int | None = None
) -> TabellaProfilo:
    """A scoring table whose items give 0 or 20 points each; the bands are A, B, ... from those points on."""
    opzioni = (Opzione("BASSO", "Basso", 0), Opzione("ALTO", "Alto", 20))
    return TabellaProfilo(
        tuple(VoceProfilo(voce, voce.title(), opzioni) for voce in voci),
        tuple(Fascia(chr(65 + posto), soglia, massimale_cent) for posto, soglia in enumerate(soglie)),
    )
