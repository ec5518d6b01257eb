"""What the machine finds in a presented application, and the office that decides otherwise."""

from collections.abc import Sequence
from datetime import datetime

from chassis.errors import Invalid
from services.bandi.rules.bando import Difetto, Regole, ora_di_roma
from services.bandi.rules.difetti import difetti_domanda
from services.bandi.rules.documenti import documenti_mancanti
from services.bandi.rules.domanda import Contenuto, EsitoIstruttoria, in_termine


class ScostamentoNonMotivato(Invalid):
    """Who admits what the machine finds wrong says why; who agrees with it has nothing to add."""

    title = "Scostamento dalla verifica automatica"


def rilievi_della_macchina(
    regole: Regole,
    contenuto: Contenuto,
    *,
    presentata_il: datetime,
    documenti: Sequence[str | None],
    domande_del_capofila: int,
) -> tuple[Difetto, ...]:
    """Check a presented application by the rules it was presented under.

    Args:
        regole: the version of the rules in force when it was presented.
        contenuto: what was presented, completed by what came afterwards.
        presentata_il: when it arrived.
        documenti: code in the call's list of each document it has.
        domande_del_capofila: how many applications of its lead take part in the call.

    Returns:
        What is wrong, by field; empty when the machine has nothing to say.

    Source: ADR 0058.
    """
    titles = {documento.codice: documento.titolo for documento in regole.documenti}
    found = list(difetti_domanda(regole, contenuto))
    found += [
        Difetto(f"documenti.{codice}", "documenti", f"Manca il documento {titles[codice]}.")
        for codice in documenti_mancanti(regole.documenti, documenti)
    ]
    if not in_termine(regole, presentata_il):
        found.append(Difetto("presentata_il", "termini", f"Arrivata il {ora_di_roma(presentata_il)}, fuori termine."))
    most = regole.partenariato.domande_per_capofila
    if most is not None and domande_del_capofila > most:
        found.append(
            Difetto(
                "capofila", "domande_per_capofila", f"Il capofila ha {domande_del_capofila} domande: al piu' {most}."
            )
        )
    return tuple(found)


def controlla_scostamento(esito: EsitoIstruttoria, rilievi: Sequence[Difetto], scostamento: str | None) -> None:
    """Refuse to admit in silence what the machine finds wrong, or to explain a departure that is none.

    Who does not admit gives its reasons anyway.

    Raises:
        ScostamentoNonMotivato.
    """
    departs = esito is EsitoIstruttoria.AMMISSIBILE and bool(rilievi)
    if departs and scostamento is None:
        raise ScostamentoNonMotivato(
            f"La verifica automatica ha {len(rilievi)} rilievi: {rilievi[0].messaggio}",
            field="scostamento",
            remedy="Chiedere un'integrazione, non ammettere con i motivi, o dire perche' si ammette ugualmente.",
            items=[rilievo.item() for rilievo in rilievi],
        )
    if scostamento is not None and not departs:
        raise ScostamentoNonMotivato(
            "La decisione non si scosta dalla verifica automatica: non c'e' nulla da spiegare.",
            field="scostamento",
            remedy="Togliere lo scostamento; i motivi di chi non e' ammesso vanno in `motivi`.",
        )
