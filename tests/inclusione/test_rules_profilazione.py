"""The profile of a person: every item answered once, the band of the points, and why."""

import pytest

from services.inclusione.rules.profilazione import ProfiloIncompleto, profila
from tests.inclusione.esempi import tabella


@pytest.mark.parametrize(
    ("eta", "studio", "punti", "fascia"),
    [("BASSO", "BASSO", 0, "A"), ("ALTO", "BASSO", 20, "B"), ("BASSO", "ALTO", 20, "B"), ("ALTO", "ALTO", 40, "B")],
)
def test_the_points_of_every_item_add_up_to_the_band_they_reach(eta: str, studio: str, punti: int, fascia: str) -> None:
    profilo = profila(tabella(), {"ETA": eta, "STUDIO": studio})
    assert (profilo.punti, profilo.fascia.codice) == (punti, fascia)
    assert sum(voce.punti for voce in profilo.voci) == punti
    assert [(voce.voce, voce.opzione) for voce in profilo.voci] == [("ETA", eta), ("STUDIO", studio)]


@pytest.mark.parametrize(
    "risposte",
    [{}, {"ETA": "ALTO"}, {"ETA": "ALTO", "STUDIO": "MEDIO"}, {"ETA": "ALTO", "STUDIO": "ALTO", "SESSO": "F"}],
)
def test_a_profile_answers_every_item_of_the_table_and_no_other(risposte: dict[str, str]) -> None:
    with pytest.raises(ProfiloIncompleto):
        profila(tabella(), risposte)
