"""Rules of the statement."""

from datetime import date

import pytest

from services.puntiluna.rules import (
    estratto,
)
from services.puntiluna.rules.registro import (
    Causa,
)
from services.puntiluna.rules.riduzioni import (
    StatoRiduzione,
)


@pytest.mark.parametrize("causa", list(Causa))
@pytest.mark.parametrize("importo", [-500, 500])
def test_every_movement_has_words_that_name_no_person(causa: Causa, importo: int) -> None:
    dettaglio = {"protocollo": 7, "contratto_codice": "MN-1", "minuti": 90, "voce": "base", "nucleo_id": "segreto"}
    frase = estratto.racconta_movimento(causa, importo, dettaglio, date(2019, 5, 20))
    assert frase
    assert "segreto" not in frase
    assert len(frase) <= 200
    assert estratto.voce_di(causa, importo) in estratto.VoceEstratto


@pytest.mark.parametrize(
    ("stato", "risposta", "liquidata", "atteso"),
    [
        (StatoRiduzione.LIQUIDATA, True, True, StatoRiduzione.LIQUIDATA),
        (StatoRiduzione.LIQUIDATA, True, False, StatoRiduzione.CONFERMATA),
        (StatoRiduzione.LIQUIDATA, False, False, StatoRiduzione.PRENOTATA),
        (StatoRiduzione.SCADUTA, False, False, StatoRiduzione.PRENOTATA),
        (StatoRiduzione.RESPINTA, True, False, StatoRiduzione.RESPINTA),
    ],
)
def test_a_reduction_is_told_as_it_was_then(
    stato: StatoRiduzione, risposta: bool, liquidata: bool, atteso: StatoRiduzione
) -> None:
    assert estratto.stato_al(stato, risposta_gia_data=risposta, liquidata_gia=liquidata) is atteso
