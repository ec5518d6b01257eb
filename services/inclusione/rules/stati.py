"""The states of plans and hours, and every step between them: one table, from which law, page and test are made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chassis.errors import Refusal


class StatoPip(StrEnum):
    """The state of a plan."""

    BOZZA = "bozza"
    FIRMATO = "firmato"
    ATTIVO = "attivo"
    SOSPESO = "sospeso"
    CONCLUSO = "concluso"
    RINUNCIATO = "rinunciato"
    DECADUTO = "decaduto"


class StatoOra(StrEnum):
    """The state of an hour; indirect hours are not signed."""

    REGISTRATA = "registrata"
    FIRMATA = "firmata"
    VALIDATA = "validata"
    ANNULLATA = "annullata"


class TransizioneNonAmmessa(Refusal):
    """The plan's state does not allow that step."""

    title = "Passaggio di stato non ammesso"


@dataclass(frozen=True, slots=True)
class Passaggio:
    """One step: from a state to another by an act, who does it and what comes of it (in Italian, for the page)."""

    da: StrEnum
    a: StrEnum
    atto: str
    chi: str
    effetto: str


_OPERATORE = "operatore accreditato"
_CAPOFILA = "Comune capofila"
_LIBERA = "la dote non usata torna alla linea"

PASSAGGI_PIP: Sequence[Passaggio] = (
    Passaggio(
        StatoPip.BOZZA, StatoPip.FIRMATO, "firme", _OPERATORE, "la versione e' immodificabile, la dote e' prenotata"
    ),
    Passaggio(StatoPip.BOZZA, StatoPip.RINUNCIATO, "rinuncia", _OPERATORE, "la bozza e' abbandonata"),
    Passaggio(StatoPip.FIRMATO, StatoPip.ATTIVO, "attivazione", "primo giorno del piano", "si registrano le ore"),
    Passaggio(StatoPip.FIRMATO, StatoPip.RINUNCIATO, "rinuncia", _OPERATORE, _LIBERA),
    Passaggio(StatoPip.FIRMATO, StatoPip.DECADUTO, "decadenza", _CAPOFILA, _LIBERA),
    Passaggio(StatoPip.ATTIVO, StatoPip.SOSPESO, "sospensione", _OPERATORE, "nessuna ora nei giorni sospesi"),
    Passaggio(StatoPip.SOSPESO, StatoPip.ATTIVO, "ripresa", _OPERATORE, "la fine si sposta dei giorni sospesi"),
    Passaggio(StatoPip.ATTIVO, StatoPip.CONCLUSO, "conclusione", _OPERATORE, _LIBERA),
    Passaggio(StatoPip.ATTIVO, StatoPip.RINUNCIATO, "rinuncia", _OPERATORE, _LIBERA),
    Passaggio(StatoPip.ATTIVO, StatoPip.DECADUTO, "decadenza", _CAPOFILA, _LIBERA),
    Passaggio(StatoPip.SOSPESO, StatoPip.CONCLUSO, "conclusione", _OPERATORE, _LIBERA),
    Passaggio(StatoPip.SOSPESO, StatoPip.RINUNCIATO, "rinuncia", _OPERATORE, _LIBERA),
    Passaggio(StatoPip.SOSPESO, StatoPip.DECADUTO, "decadenza", _CAPOFILA, _LIBERA),
)
"""Every step of a plan; what is not drawn here is refused."""

_SECONDA = "seconda persona"

PASSAGGI_ORA: Sequence[Passaggio] = (
    Passaggio(StatoOra.REGISTRATA, StatoOra.FIRMATA, "firma", "persona del piano", "l'ora si puo' validare"),
    Passaggio(StatoOra.REGISTRATA, StatoOra.ANNULLATA, "annullamento", _OPERATORE, "i minuti tornano al piano"),
    Passaggio(StatoOra.FIRMATA, StatoOra.VALIDATA, "validazione", _SECONDA, "costo e indennita' maturano"),
    Passaggio(StatoOra.FIRMATA, StatoOra.ANNULLATA, "annullamento", _OPERATORE, "i minuti tornano al piano"),
    Passaggio(
        StatoOra.VALIDATA, StatoOra.ANNULLATA, "annullamento", _OPERATORE, "l'indennita' e' stornata o compensata"
    ),
)
"""Every step of a direct hour."""

PASSAGGI_ORA_INDIRETTA: Sequence[Passaggio] = (
    Passaggio(StatoOra.REGISTRATA, StatoOra.VALIDATA, "validazione", _SECONDA, "l'ora conta, senza importi"),
    Passaggio(StatoOra.REGISTRATA, StatoOra.ANNULLATA, "annullamento", _OPERATORE, "l'ora non conta piu'"),
    Passaggio(StatoOra.VALIDATA, StatoOra.ANNULLATA, "annullamento", _OPERATORE, "l'ora non conta piu'"),
)
"""Every step of an indirect hour, which nobody signs."""


def _ammessi(stati: Iterable[StrEnum], passaggi: Sequence[Passaggio]) -> Mapping[StrEnum, frozenset[StrEnum]]:
    return {stato: frozenset(uno.a for uno in passaggi if uno.da is stato) for stato in stati}


TRANSIZIONI = _ammessi(StatoPip, PASSAGGI_PIP)
TRANSIZIONI_ORA = _ammessi(StatoOra, PASSAGGI_ORA)
TRANSIZIONI_ORA_INDIRETTA = _ammessi(StatoOra, PASSAGGI_ORA_INDIRETTA)

CHIUSI = frozenset(stato for stato in StatoPip if not TRANSIZIONI[stato])
VIVI = frozenset(StatoPip) - CHIUSI
IN_CORSO = frozenset({StatoPip.ATTIVO, StatoPip.SOSPESO})
"""A started plan that is not closed: its hours are registered and validated."""
CON_DOTE = frozenset({StatoPip.FIRMATO}) | IN_CORSO
"""A plan that holds money for a person who has not left."""


def verifica_transizione(da: StatoPip, a: StatoPip, *, atto: str | None = None) -> None:
    """Refuses a step of a plan that `PASSAGGI_PIP` does not draw.

    Args:
        atto: the act, where two acts lead to the same state (a signed plan starts, a suspended one goes on).

    Raises:
        TransizioneNonAmmessa: the plan in state `da` cannot go to state `a`.

    Source: DOMAIN part inclusione (bozza -> firmato -> attivo -> concluso | rinunciato | decaduto); ADR 0065.
    """
    if not any(uno.da is da and uno.a is a and atto in (None, uno.atto) for uno in PASSAGGI_PIP):
        ammessi = ", ".join(sorted(stato.value for stato in TRANSIZIONI[da])) or "nessuno"
        raise TransizioneNonAmmessa(
            f"Un piano {da.value} non puo' diventare {a.value}.", remedy=f"Passaggi ammessi da qui: {ammessi}."
        )


def disegna() -> str:
    """The page that draws every step of plans and hours, in Markdown."""
    parti = [
        "# Stati dei piani e delle ore",
        "Pagina scritta da `quartieri stati` dalla tabella dei passaggi: quello che qui non e' disegnato e' rifiutato.",
        *_sezione("Piano (PIP)", PASSAGGI_PIP, StatoPip.BOZZA),
        *_sezione("Ora diretta", PASSAGGI_ORA, StatoOra.REGISTRATA),
        *_sezione("Ora indiretta", PASSAGGI_ORA_INDIRETTA, StatoOra.REGISTRATA),
    ]
    return "\n\n".join(parti) + "\n"


def _sezione(titolo: str, passaggi: Sequence[Passaggio], iniziale: StrEnum) -> list[str]:
    finali = sorted({uno.a.value for uno in passaggi} - {uno.da.value for uno in passaggi})
    frecce = [
        f"    [*] --> {iniziale.value}",
        *(f"    {uno.da.value} --> {uno.a.value}: {uno.atto}" for uno in passaggi),
        *(f"    {stato} --> [*]" for stato in finali),
    ]
    righe = [
        "| da | a | atto | chi | effetto |",
        "|---|---|---|---|---|",
        *(f"| {uno.da.value} | {uno.a.value} | {uno.atto} | {uno.chi} | {uno.effetto} |" for uno in passaggi),
    ]
    return [f"## {titolo}", "\n".join(["```mermaid", "stateDiagram-v2", *frecce, "```"]), "\n".join(righe)]
