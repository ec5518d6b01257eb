"""Rules of donations, snapshots of debts, funds and Distinte."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.errors import Refusal
from chassis.money import MAX_CENTS
from services.puntiluna.rules import (
    debiti,
    distinte,
    donazioni,
    fondi,
)

ORA = datetime(2019, 5, 20, 9, 0, tzinfo=UTC)


@given(importo=st.integers(1, 1000), donatore=st.integers(0, 600), nucleo=st.integers(0, 600))
def test_a_donation_takes_first_what_can_only_be_given(importo: int, donatore: int, nucleo: int) -> None:
    assume(importo <= donatore + nucleo)
    dal_donatore, dal_nucleo = donazioni.dividi_donazione(importo, donatore_cent=donatore, nucleo_cent=nucleo)
    assert dal_donatore + dal_nucleo == importo
    assert dal_donatore == min(importo, donatore)
    assert dal_nucleo <= nucleo


@pytest.mark.parametrize(
    ("al_giorno", "ultima", "contratti", "rifiuto"),
    [
        (date(2019, 5, 20), None, ["A", "B"], None),
        (date(2019, 5, 20), date(2019, 5, 20), ["A"], None),
        (date(2019, 5, 19), date(2019, 5, 20), ["A"], debiti.RilevazioneSuperata),
        (date(2019, 5, 21), None, ["A"], debiti.RilevazioneFutura),
        (date(2019, 5, 20), None, ["A", "B", "A"], debiti.ContrattoRipetuto),
    ],
)
def test_a_snapshot_is_believed_unless_it_is_older_to_come_or_repeats_itself(
    al_giorno: date, ultima: date | None, contratti: list[str], rifiuto: type[Refusal] | None
) -> None:
    def controlla() -> None:
        debiti.controlla_rilevazione(
            al_giorno=al_giorno, ultima=ultima, contratti=contratti, totale_cent=len(contratti), now=ORA
        )

    if rifiuto is None:
        controlla()
    else:
        with pytest.raises(rifiuto):
            controlla()


@pytest.mark.parametrize(
    ("fondo", "origine", "rifiuto"),
    [
        (fondi.Fondo(False, 100, 60, 60), fondi.OrigineFondo.PROGETTO, None),
        (fondi.Fondo(False, 100, 61, 61), fondi.OrigineFondo.PROGETTO, fondi.ImpegnatoSuperato),
        (fondi.Fondo(False, 0, 0, 0), fondi.OrigineFondo.COMUNE, None),
        (fondi.Fondo(False, 50, 60, 60), fondi.OrigineFondo.ALTRO, None),
        (fondi.Fondo(True, 100, 0, 0), fondi.OrigineFondo.COMUNE, fondi.ProgettoRevocato),
        (fondi.Fondo(False, 0, 0, MAX_CENTS - 39), fondi.OrigineFondo.COMUNE, fondi.FondoOltreMisura),
    ],
)
def test_only_the_project_is_bound_by_its_commitment(
    fondo: fondi.Fondo, origine: fondi.OrigineFondo, rifiuto: type[Refusal] | None
) -> None:
    if rifiuto is None:
        fondi.controlla_alimentazione(fondo, importo_cent=40, origine=origine)
    else:
        with pytest.raises(rifiuto):
            fondi.controlla_alimentazione(fondo, importo_cent=40, origine=origine)


def test_a_distinta_is_approved_then_settled_once_and_only_if_it_adds_up() -> None:
    distinte.controlla_approvazione(distinte.StatoDistinta.COMPOSTA, composta_da="uno", approva="due")
    with pytest.raises(distinte.ApprovatoreNonTerzo):
        distinte.controlla_approvazione(distinte.StatoDistinta.COMPOSTA, composta_da="uno", approva="uno")
    for stato in (distinte.StatoDistinta.APPROVATA, distinte.StatoDistinta.LIQUIDATA):
        with pytest.raises(distinte.DistintaNonApprovabile):
            distinte.controlla_approvazione(stato, composta_da="uno", approva="due")
    distinte.controlla_liquidazione(distinte.StatoDistinta.APPROVATA, totale_cent=5, righe_cent=5)
    with pytest.raises(distinte.TotaleDiverso):
        distinte.controlla_liquidazione(distinte.StatoDistinta.APPROVATA, totale_cent=5, righe_cent=4)
    with pytest.raises(distinte.DistintaNonLiquidabile):
        distinte.controlla_liquidazione(distinte.StatoDistinta.COMPOSTA, totale_cent=5, righe_cent=5)


@pytest.mark.parametrize(
    ("periodo", "estremi"),
    [
        ("2020-11", (date(2020, 11, 1), date(2020, 12, 1))),
        ("2020-12", (date(2020, 12, 1), date(2021, 1, 1))),
    ],
)
def test_a_period_is_a_month(periodo: str, estremi: tuple[date, date]) -> None:
    assert distinte.estremi_del_periodo(periodo) == estremi
