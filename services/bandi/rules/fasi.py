"""The phases of a programme: what each lets happen, and how one follows another."""

from collections.abc import Iterable
from enum import StrEnum

from chassis.errors import Conflict
from services.bandi.rules.bando import Fase, Modalita, Regole
from services.bandi.rules.righe import BandoAncoraAperto, IstruttoriaIncompleta


class Operazione(StrEnum):
    """What a phase may let happen, in the words of the refusal."""

    DOMANDE = "la presentazione delle domande"
    GRADUATORIA = "l'approvazione della graduatoria"
    PROGETTI = "l'avvio e l'impegno dei progetti"


class FaseNonInCorso(Conflict):
    """The phase under way does not let this happen."""

    title = "Fase del bando non in corso"


class FaseNonValida(Conflict):
    """Phases are opened one after the other, each once."""

    title = "Fase del bando non valida"


class NonAmmessoAllaPrimaFase(Conflict):
    """A second phase is open to the admitted of the first alone."""

    title = "Proponente non ammesso alla prima fase"


class PrimaFaseNonValida(Conflict):
    """A second phase follows a published expression of interest that names it."""

    title = "Prima fase non valida"


SCELTA = frozenset({Fase.SELEZIONE, Fase.CONCORSUALE})
"""The phases in which who is funded is chosen."""

_AMMESSE: dict[Operazione, frozenset[Fase]] = {
    Operazione.DOMANDE: SCELTA,
    Operazione.GRADUATORIA: SCELTA | {Fase.ATTUATIVA},
    Operazione.PROGETTI: frozenset({Fase.ATTUATIVA}),
}


def controlla_fase(operazione: Operazione, modalita: Modalita, fase: Fase | None) -> None:
    """Refuse what the phase under way does not let happen.

    Args:
        operazione: what is about to happen.
        modalita: mode of the call; an expression of interest is presented in the exploratory phase.
        fase: the phase under way, None in calls without phases, where everything may happen.

    Raises:
        FaseNonInCorso: the phase is another one.

    Source: CDQ2007 (esplorativa, concorsuale, negoziale, attuativa); ADR 0052.
    """
    if fase is None:
        return
    allowed = _AMMESSE[operazione]
    if operazione is Operazione.DOMANDE and modalita is Modalita.MANIFESTAZIONE_DI_INTERESSE:
        allowed = frozenset({Fase.ESPLORATIVA})
    if fase not in allowed:
        names = " o ".join(item.value for item in Fase if item in allowed)
        raise FaseNonInCorso(
            f"Il programma e' nella fase {fase}: {operazione} avviene nella fase {names}.",
            remedy="Attendere l'atto che apre quella fase, o seguire il bando della fase in corso.",
        )


def controlla_apertura(regole: Regole, nuova: Fase, *, scaduto: bool, senza_istruttoria: Iterable[int]) -> None:
    """Refuse a phase out of its order, or one that would leave somebody without a decision.

    Args:
        regole: the call's rules in force.
        nuova: the phase to open.
        scaduto: the term for applying to this call is over.
        senza_istruttoria: protocol numbers of its applications without a decision.

    Raises:
        FaseNonValida: the call has no phases, or another one is next.
        BandoAncoraAperto: the phase that receives this call's applications would end before its term.
        IstruttoriaIncompleta: somebody waits for a decision.
    """
    if regole.fase is None:
        raise FaseNonValida("Il bando non ha fasi.", field="fase", remedy="Nessun atto di apertura e' necessario.")
    following = regole.fasi[regole.fasi.index(regole.fase) + 1 :]
    if not following or nuova is not following[0]:
        said = f"la prossima e' {following[0]}" if following else "era l'ultima"
        raise FaseNonValida(
            f"Il bando e' nella fase {regole.fase}: {said}.",
            field="fase",
            remedy="Aprire le fasi nell'ordine del bando, una volta ciascuna.",
        )
    if not scaduto:
        raise BandoAncoraAperto(
            "Il termine del bando non e' ancora scaduto.", remedy="Aprire la fase seguente dopo la chiusura."
        )
    waiting = sorted(senza_istruttoria)
    if waiting:
        shown = ", ".join(str(number) for number in waiting[:20])
        raise IstruttoriaIncompleta(
            f"Ci sono {len(waiting)} domande senza decisione di ammissibilita': protocolli {shown}.",
            remedy="Decidere le domande elencate e ripetere l'apertura della fase.",
        )


def controlla_prima_fase(codice: str, prima: str, regole_della_prima: Regole | None) -> None:
    """Refuse to publish a second phase that no expression of interest opens.

    Args:
        codice: code of the call about to be published.
        prima: the code its rules name as its first phase.
        regole_della_prima: the rules in force of that call, None if it is not published.

    Raises:
        PrimaFaseNonValida: the first phase is not published, or names another second phase.
    """
    if regole_della_prima is None or regole_della_prima.seconda_fase != codice:
        raise PrimaFaseNonValida(
            f"Il bando {prima} non e' una manifestazione di interesse pubblicata che apre {codice}.",
            remedy="Pubblicare prima la manifestazione di interesse che nomina questo bando come seconda fase.",
        )


def controlla_ammesso(ammesso: bool, prima: str) -> None:
    """Refuse a lead that the first phase has not admitted.

    Raises:
        NonAmmessoAllaPrimaFase: it was not admitted, or did not take part.
    """
    if not ammesso:
        raise NonAmmessoAllaPrimaFase(
            f"Il bando e' aperto ai soli ammessi della manifestazione di interesse {prima}.",
            remedy="Consultare l'esito della prima fase; chi non e' stato ammesso non presenta domanda.",
        )
