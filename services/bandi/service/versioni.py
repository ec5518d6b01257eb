"""Acts that change a published call: money added, terms moved forward; each is a new version of its rules."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.queries import bandi as queries
from services.bandi.queries import graduatorie as queries_graduatorie
from services.bandi.rules.bando import (
    IntegrazioneNonValida,
    LineaSconosciuta,
    MotivoVersione,
    ProrogaDelBandoNonValida,
)
from services.bandi.rules.contraddizioni import controlla_regole
from services.bandi.schemas.atti import IntegrazioneNuova, ProrogaBandoNuova
from services.bandi.schemas.bando import BandoDettaglio, FinestraRegole, RegoleBando
from services.bandi.service import bandi, sportello, viste


async def integra_bando(
    session: AsyncSession, codice: str, corpo: IntegrazioneNuova, *, autore: str, now: datetime
) -> BandoDettaglio:
    """Add money to lines of a published call, by an act: a new version of its rules.

    Raises:
        BandoSconosciuto, BandoNonPubblicato, LineaSconosciuta, IntegrazioneNonValida, RegoleContraddittorie.
    """
    bando = await bandi.bando_pubblicato_bloccato(session, codice)
    importi = {item.linea: item.importo for item in corpo.importi}
    linee = {linea.codice: linea for linea in await queries.linee(session, bando.bando_id, lock=True)}
    unknown = sorted(set(importi) - set(linee))
    if unknown:
        raise LineaSconosciuta(
            f"Il bando {codice} non ha le linee: {', '.join(unknown)}.",
            field="importi",
            remedy=f"Le linee del bando sono: {', '.join(linee)}.",
        )
    if len(importi) != len(corpo.importi) or not all(importi.values()):
        raise IntegrazioneNonValida(
            "Ogni linea si integra una volta, con un importo maggiore di zero.", field="importi"
        )
    unknown = sorted(code for code in importi if linee[code].dotazione_cent is None)
    if unknown:
        raise IntegrazioneNonValida(
            f"Non si conosce la dotazione delle linee: {', '.join(unknown)}.",
            field="importi",
            remedy="Si integra una linea di cui il bando dice la dotazione.",
        )
    regole = (await bandi.regole_in_vigore(session, bando)).with_top_up(importi)
    controlla_regole(regole.to_rules())
    for code, importo in importi.items():
        linee[code].dotazione_cent = (linee[code].dotazione_cent or 0) + importo
    await bandi.nuova_versione(
        session, bando, regole, MotivoVersione.INTEGRAZIONE, atto=corpo.atto, autore=autore, now=now
    )
    await sportello.avanza(session, bando, regole.to_rules(), autore=autore, now=now)
    return viste.bando_dettaglio(bando, regole, list(linee.values()))


async def proroga_bando(
    session: AsyncSession, codice: str, corpo: ProrogaBandoNuova, *, autore: str, now: datetime
) -> BandoDettaglio:
    """Move the terms of a published call forward, by an act: a new version of its rules.

    Raises:
        BandoSconosciuto, BandoNonPubblicato, ProrogaDelBandoNonValida, RegoleContraddittorie.
    """
    bando = await bandi.bando_pubblicato_bloccato(session, codice)
    before = await bandi.regole_in_vigore(session, bando)
    given = {
        name: value
        for name in ("chiude_il", "durata_massima_mesi", "termine_ultimo")
        if (value := getattr(corpo, name)) is not None
    }
    present = {name: getattr(before, name) for name in given}
    if corpo.finestra is not None:
        present["chiude_il"] = _window(before, corpo.finestra).chiude_il
    backwards = [name for name, value in given.items() if present[name] is not None and value <= present[name]]
    if backwards or not given:
        raise ProrogaDelBandoNonValida(
            "Una proroga sposta in avanti almeno un termine del bando e non ne anticipa nessuno.",
            field=backwards[0] if backwards else "chiude_il",
            remedy="Indicare solo i termini da spostare, ognuno dopo quello in vigore.",
        )
    ranked = await queries_graduatorie.ultima_graduatoria(session, bando.bando_id, corpo.finestra)
    if ranked is not None and "chiude_il" in given:
        raise ProrogaDelBandoNonValida(
            "La graduatoria e' gia' approvata: il termine per le domande non si riapre.", field="chiude_il"
        )
    regole = _extended(before, corpo.finestra, given)
    controlla_regole(regole.to_rules())
    bando.chiude_il = regole.chiude_il
    await bandi.nuova_versione(session, bando, regole, MotivoVersione.PROROGA, atto=corpo.atto, autore=autore, now=now)
    return viste.bando_dettaglio(bando, regole, await queries.linee(session, bando.bando_id))


def _window(regole: RegoleBando, codice: str) -> FinestraRegole:
    for finestra in regole.finestre:
        if finestra.codice == codice:
            return finestra
    raise ProrogaDelBandoNonValida(
        f"Il bando non ha la finestra {codice}.",
        field="finestra",
        remedy=f"Le finestre sono: {', '.join(finestra.codice for finestra in regole.finestre) or 'nessuna'}.",
    )


def _extended(regole: RegoleBando, codice: str | None, given: dict[str, Any]) -> RegoleBando:
    """Return the rules with their terms moved; a window moved beyond the call takes the call's closing with it."""
    if codice is None or "chiude_il" not in given:
        return regole.model_copy(update=given)
    closes = given["chiude_il"]
    finestre = [
        finestra.model_copy(update={"chiude_il": closes}) if finestra.codice == codice else finestra
        for finestra in regole.finestre
    ]
    whole = max(closes, regole.chiude_il) if regole.chiude_il is not None else closes
    return regole.model_copy(update=given | {"finestre": finestre, "chiude_il": whole})
