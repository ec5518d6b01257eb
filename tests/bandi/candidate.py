"""Applications to rank, the ranking of them, and what a further version starts from."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from services.bandi.rules.bando import Criterio, Spareggio, Taglio, TipoSpareggio, Valutazione
from services.bandi.rules.graduatoria import calcola_graduatoria
from services.bandi.rules.righe import (
    Candidata,
    Esito,
    Graduatoria,
    RigaPrecedente,
)
from tests.bandi.esempi import REGOLE

VALUTAZIONE = Valutazione(
    criteri=(Criterio("A", "Qualita'", 6_000), Criterio("B", "Rete", 4_000, None, 500)),
    punteggio_massimo_cent=10_000,
    soglia_cent=6_000,
    premialita=REGOLE.valutazione.premialita,
    spareggi=(
        Spareggio(TipoSpareggio.CRITERIO, "A"),
        Spareggio(TipoSpareggio.CONTRIBUTO_MINORE),
        Spareggio(TipoSpareggio.COFINANZIAMENTO_MAGGIORE),
        Spareggio(TipoSpareggio.PARTNER_PIU_NUMEROSI),
        Spareggio(TipoSpareggio.PROTOCOLLO),
    ),
)


def candidata(n: int, a: int = 5_000, b: int = 3_000, **more: object) -> Candidata:
    """Return an application that asks 100 on each line and has full scores unless told otherwise."""
    base = Candidata(
        domanda_id=f"d{n}",
        protocollo=n,
        capofila=f"ENTE-{n}",
        titolo=f"Progetto {n}",
        ammissibile=True,
        voti=(("A", (a,)), ("B", (b,))),
        richiesto=(("INC", 100), ("LAB", 100)),
        costo_cent=200,
        membri=3,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def graduatoria(
    *candidate: Candidata, lab: int = 10_000, inc: int = 10_000, taglio: Taglio = Taglio.STOP
) -> Graduatoria:
    """Rank some applications with the example's scoring."""
    return calcola_graduatoria(VALUTAZIONE, taglio, candidate, {"LAB": lab, "INC": inc})


def order(ranking: Graduatoria) -> list[int]:
    """Return the protocol numbers of a ranking, in its order."""
    return [riga.protocollo for riga in ranking.righe]


def before(ranking: Graduatoria) -> dict[int, RigaPrecedente]:
    """Return what a version says of each application, for the next one."""
    return {riga.protocollo: RigaPrecedente(riga.posizione, riga.esito, riga.ammesso_cent) for riga in ranking.righe}


def again(ranking: Graduatoria, candidate: list[Candidata]) -> list[Candidata]:
    """Return the applications as the next version sees them."""
    given = {riga.protocollo: riga.ammesso for riga in ranking.righe if riga.esito is Esito.FINANZIATA}
    return [replace(item, gia_ammesso=given.get(item.protocollo, ()) if not item.uscita else ()) for item in candidate]


def left(money: Mapping[str, int], ranking: Graduatoria, more: Mapping[str, int]) -> dict[str, int]:
    """Return the money of a further version: what is left of the first, and more."""
    used = dict(ranking.assegnato)
    return {linea: cents - used.get(linea, 0) + more.get(linea, 0) for linea, cents in money.items()}


AMOUNT = st.integers(0, 300)
EVERY = settings(max_examples=300, deadline=None)
LOW = replace(VALUTAZIONE, soglia_cent=2_000)
"""A threshold that random scores often pass."""


@st.composite
def candidate_set(draw: st.DrawFn) -> list[Candidata]:
    """Draw up to twelve applications with any scores, amounts and fate."""
    count = draw(st.integers(0, 12))
    found = []
    for n in range(1, count + 1):
        asked = {"LAB": draw(AMOUNT), "INC": draw(AMOUNT)}
        found.append(
            candidata(
                n,
                richiesto=tuple(sorted((linea, cents) for linea, cents in asked.items() if cents)),
                ammissibile=draw(st.booleans()) or draw(st.booleans()),
                motivi=("motivo",),
                voti=tuple(
                    (code, tuple(draw(st.lists(st.integers(0, top), min_size=1, max_size=3))))
                    for code, top in (("A", 6_000), ("B", 4_000))
                ),
                costo_cent=draw(st.integers(600, 900)),
                membri=draw(st.integers(1, 4)),
                premialita=draw(st.sampled_from([(), ("P1",)])),
            )
        )
    return found
