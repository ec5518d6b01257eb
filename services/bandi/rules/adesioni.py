"""The consent of the partners: each accepts, by its own user, what the application says of it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import Conflict, Forbidden, Invalid
from services.bandi.rules.bando import Difetto
from services.bandi.rules.domanda import Contenuto, Membro, RuoloPartner, StatoDomanda


class EsitoAdesione(StrEnum):
    """What a partner answers."""

    ACCETTATA = "accettata"
    RIFIUTATA = "rifiutata"


class StatoAdesione(StrEnum):
    """Where the consent of a partner stands; `superata`: the application has changed what it says of it since."""

    IN_ATTESA = "in_attesa"
    ACCETTATA = "accettata"
    RIFIUTATA = "rifiutata"
    SUPERATA = "superata"


@dataclass(frozen=True, slots=True)
class Adesione:
    """What a partner has answered, and to which terms."""

    esito: EsitoAdesione
    condizioni: str


class EnteNonNelPartenariato(Forbidden):
    """Only a partner named by the application answers for itself."""

    title = "Ente non nel partenariato"


class AdesioneChiusa(Conflict):
    """The partnership of a presented application is what it was."""

    title = "Adesioni chiuse"


class CondizioniCambiate(Conflict):
    """A partner accepts what it has read, not what was written meanwhile."""

    title = "Condizioni cambiate"


class MotivoDelRifiuto(Invalid):
    """Who refuses says why, so that the lead can put it right."""

    title = "Motivo del rifiuto"


def condizioni_di(bando: str, capofila: str, contenuto: Contenuto, ente: str) -> str:
    """Return the fingerprint of what an application says of one partner: its place, category and money.

    Title and text stay out of it: saving them again and again must not undo the consent of anybody.

    Args:
        bando: code of the call.
        capofila: organisation that leads.
        contenuto: the application as written.
        ente: the partner.

    Returns:
        A SHA-256 in hexadecimal.

    Source: ADR 0056.
    """
    terms = {
        "bando": bando,
        "capofila": capofila,
        "posti": sorted([membro.categoria, membro.ruolo] for membro in contenuto.membri if membro.ente == ente),
        "quote": sorted(
            [parte.linea, quota.costo_cent, quota.contributo_cent]
            for parte in contenuto.sotto_progetti
            for quota in parte.quote
            if quota.ente == ente
        ),
    }
    text = json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stato_adesione(adesione: Adesione | None, condizioni: str) -> StatoAdesione:
    """Say where the consent of a partner stands against the terms as they are now."""
    if adesione is None:
        return StatoAdesione.IN_ATTESA
    if adesione.condizioni != condizioni:
        return StatoAdesione.SUPERATA
    return StatoAdesione(adesione.esito.value)


def invitati(contenuto: Contenuto) -> tuple[Membro, ...]:
    """Return the members whose consent is asked: the lead has applied, supporters only stay beside."""
    return tuple(membro for membro in contenuto.membri if membro.ruolo is RuoloPartner.PARTNER)


def controlla_invitato(contenuto: Contenuto, ente: str) -> None:
    """Refuse an organisation that the application does not name among its partners.

    Raises:
        EnteNonNelPartenariato.
    """
    if ente not in {membro.ente for membro in invitati(contenuto)}:
        raise EnteNonNelPartenariato(
            f"La domanda non indica {ente} fra i partner.", remedy="Chiedere al capofila di inserire l'ente."
        )


def controlla_adesione(
    stato: StatoDomanda,
    contenuto: Contenuto,
    ente: str,
    *,
    esito: EsitoAdesione,
    motivo: str | None,
    lette: str,
    attuali: str,
) -> None:
    """Refuse an answer that is not the partner's, comes too late or is given to terms that have changed.

    Args:
        stato: state of the application.
        contenuto: the application as written.
        ente: the organisation of who answers.
        esito: the answer.
        motivo: why, for a refusal.
        lette: fingerprint of the terms the partner has read.
        attuali: fingerprint of the terms now.

    Raises:
        EnteNonNelPartenariato, AdesioneChiusa, CondizioniCambiate, MotivoDelRifiuto.
    """
    controlla_invitato(contenuto, ente)
    if stato is not StatoDomanda.BOZZA:
        raise AdesioneChiusa(
            f"La domanda e' {stato}: si aderisce, o si rifiuta, finche' e' in bozza.",
            remedy="Dopo la presentazione il partenariato cambia solo con una sostituzione o con un atto dell'ufficio.",
        )
    if lette != attuali:
        raise CondizioniCambiate(
            "La domanda ora dice altro di questo partner: ruolo, categoria o importi sono cambiati.",
            field="condizioni",
            remedy="Rileggere la domanda e rispondere con le sue condizioni attuali.",
        )
    if (esito is EsitoAdesione.RIFIUTATA) != (motivo is not None):
        raise MotivoDelRifiuto(
            "Chi rifiuta dice perche'; chi accetta non da' motivi.",
            field="motivo",
            remedy="Indicare il motivo per un rifiuto, e solo allora.",
        )


def difetti_adesioni(contenuto: Contenuto, stati: Mapping[str, StatoAdesione]) -> Iterator[Difetto]:
    """Find the partners who have not accepted what the application says of them.

    Args:
        contenuto: the application as written.
        stati: where the consent of each partner stands, by organisation.
    """
    for membro in invitati(contenuto):
        stato = stati.get(membro.ente, StatoAdesione.IN_ATTESA)
        if stato is not StatoAdesione.ACCETTATA:
            yield Difetto(f"membri.{membro.ente}", "adesioni", f"{membro.ente}: {_MANCA[stato]}")


_MANCA = {
    StatoAdesione.IN_ATTESA: "il partner non ha ancora accettato.",
    StatoAdesione.RIFIUTATA: "il partner ha rifiutato: toglierlo o accordarsi.",
    StatoAdesione.SUPERATA: "ruolo, categoria o importi sono cambiati dopo la sua risposta: deve rispondere di nuovo.",
}
