"""When a ranking may be approved: the term is over, nobody is left without a decision, something has changed."""

from collections.abc import Iterable, Mapping

from services.bandi.rules.bando import (
    CON_GRADUATORIA,
    Finestra,
    Modalita,
    Regole,
)
from services.bandi.rules.righe import (
    BandoAncoraAperto,
    BandoSenzaGraduatoria,
    Cambiamento,
    FinestraNonValida,
    FinestraPrecedenteDaGraduare,
    Graduatoria,
    GraduatoriaInvariata,
    IstruttoriaIncompleta,
    NessunaDomanda,
    RigaPrecedente,
    ValutazioneIncompleta,
)


def controlla_graduabile(
    modalita: Modalita,
    *,
    scaduto: bool,
    senza_istruttoria: Iterable[int],
    senza_scheda: Iterable[int],
    domande: int,
) -> None:
    """Refuse a ranking that is out of place or would leave somebody without a decision.

    Args:
        modalita: mode of the call.
        scaduto: the term for applying is over.
        senza_istruttoria: protocol numbers of applications without a decision.
        senza_scheda: protocol numbers of admissible applications without a signed sheet.
        domande: how many applications take part.

    Raises:
        BandoSenzaGraduatoria, BandoAncoraAperto, NessunaDomanda, IstruttoriaIncompleta, ValutazioneIncompleta.
    """
    if modalita not in CON_GRADUATORIA:
        raise BandoSenzaGraduatoria(f"Un bando in modalita' {modalita} non forma una graduatoria.")
    if not scaduto:
        raise BandoAncoraAperto(
            "Il termine del bando non e' ancora scaduto.", remedy="Approvare la graduatoria dopo la chiusura."
        )
    if domande == 0:
        raise NessunaDomanda("Il bando non ha domande presentate.")
    for numbers, refusal, what in (
        (sorted(senza_istruttoria), IstruttoriaIncompleta, "senza decisione di ammissibilita'"),
        (sorted(senza_scheda), ValutazioneIncompleta, "ammissibili senza una scheda firmata"),
    ):
        if numbers:
            shown = ", ".join(str(number) for number in numbers[:20])
            raise refusal(
                f"Ci sono {len(numbers)} domande {what}: protocolli {shown}.",
                remedy="Completare le domande elencate e ripetere l'approvazione.",
            )


def controlla_forma_graduatoria(regole: Regole) -> None:
    """Refuse a ranking where the first phase of two admits, and the second one ranks.

    Raises:
        BandoSenzaGraduatoria: the call opens a second phase to its admitted.
    """
    if regole.seconda_fase is not None:
        raise BandoSenzaGraduatoria(
            f"Questa manifestazione di interesse ammette alla seconda fase: gradua {regole.seconda_fase}.",
            remedy="Decidere l'ammissibilita' delle domande e aprire la fase seguente.",
        )


def denaro_della_finestra(
    libero: Mapping[str, int], regole: Regole, finestra: Finestra | None, assegnato: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """Say how much money the ranking of a window may give: what is free, less what is kept for other windows.

    With ``riporto`` only the windows that follow keep theirs, so that what earlier ones left is given; without it every
    other window does. Money of a line that no window has (a top-up) is given by the first that asks for it.

    Args:
        libero: cents of each line that no project holds.
        regole: the call's rules in force.
        finestra: the window that is ranked, None in calls without windows.
        assegnato: by window, cents of each line that its projects hold.

    Returns:
        Cents by line, never below zero nor above what is free.

    Source: DOMAIN "bandi" (finestre); ADR 0053.
    """
    left = dict(libero)
    if finestra is None:
        return left
    place = [item.codice for item in regole.finestre].index(finestra.codice)
    others = regole.finestre[place + 1 :]
    if not regole.riporto:
        others = (*regole.finestre[:place], *others)
    for other in others:
        held = assegnato.get(other.codice, {})
        for linea, planned in other.dotazioni:
            left[linea] = max(left.get(linea, 0) - max(planned - held.get(linea, 0), 0), 0)
    return left


def finestra_da_graduare(regole: Regole, codice: str | None) -> Finestra | None:
    """Return the window that is ranked, None in calls without windows.

    Raises:
        FinestraNonValida: a call by windows ranks one of its windows at a time, the others none.
    """
    if codice is None and not regole.finestre:
        return None
    for finestra in regole.finestre:
        if finestra.codice == codice:
            return finestra
    known = ", ".join(finestra.codice for finestra in regole.finestre)
    raise FinestraNonValida(
        f"La finestra da graduare va scelta fra: {known}." if known else "Il bando non ha finestre.",
        field="finestra",
        remedy="Indicare la finestra nei bandi a finestre, e solo in quelli.",
    )


def controlla_finestre_precedenti(regole: Regole, finestra: Finestra | None, attesa: Mapping[str, int]) -> None:
    """Refuse to rank a window while an earlier one has applications that no ranking has decided on.

    Args:
        regole: the call's rules in force.
        finestra: the window that is ranked, None in calls without windows.
        attesa: by window, how many applications were presented in it and are in no ranking yet.

    Raises:
        FinestraPrecedenteDaGraduare.

    Source: DOMAIN "bandi" (finestre); ADR 0053.
    """
    for earlier in regole.finestre if finestra is not None else ():
        if earlier == finestra:
            return
        if attesa.get(earlier.codice):
            raise FinestraPrecedenteDaGraduare(
                f"La finestra {earlier.codice} ha ancora domande da graduare: {attesa[earlier.codice]}.",
                field="finestra",
                remedy=f"Approvare prima la graduatoria della finestra {earlier.codice}.",
            )


def controlla_cambiata(nuova: Graduatoria, precedenti: Mapping[int, RigaPrecedente] | None) -> None:
    """Refuse a further version that changes no row.

    Raises:
        GraduatoriaInvariata: nothing has happened since the last version.
    """
    if precedenti is not None and all(riga.cambiamento is Cambiamento.INVARIATA for riga in nuova.righe):
        raise GraduatoriaInvariata(
            "La nuova graduatoria sarebbe uguale all'ultima approvata.",
            remedy="Approvare uno scorrimento dopo un'integrazione, una rinuncia, una revoca o un'economia.",
        )
