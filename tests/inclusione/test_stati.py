"""Every step of plans and hours is drawn on the page or refused: the page, the law and this test are one table."""

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from chassis.errors import Refusal
from services.inclusione.rules.ore import verifica_passo
from services.inclusione.rules.stati import (
    PASSAGGI_ORA,
    PASSAGGI_ORA_INDIRETTA,
    PASSAGGI_PIP,
    StatoOra,
    StatoPip,
    disegna,
    verifica_transizione,
)
from tests.inclusione.storia import MARZO, Storia, ok, rifiuto

PAGINA = (Path(__file__).parents[2] / "docs" / "stati.md").read_text("utf-8")
ATTI = ("firme", "rinuncia", "decadenza", "conclusione", "sospensione", "ripresa")


def disegnati(titolo: str) -> set[tuple[str, str, str]]:
    """The steps a section of the page draws, read from its diagram: from, to, act."""
    sezione = PAGINA.split(f"## {titolo}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^ {4}(\w+) --> (\w+): (\w+)$", sezione, re.MULTILINE))


PIP = disegnati("Piano (PIP)")


def test_the_page_is_what_the_table_says() -> None:
    assert disegna() == PAGINA


@pytest.mark.parametrize(
    ("titolo", "passaggi"),
    [("Piano (PIP)", PASSAGGI_PIP), ("Ora diretta", PASSAGGI_ORA), ("Ora indiretta", PASSAGGI_ORA_INDIRETTA)],
)
def test_the_diagram_and_the_table_of_a_section_tell_the_same_steps(titolo: str, passaggi: Any) -> None:
    sezione = PAGINA.split(f"## {titolo}\n")[1].split("\n## ")[0]
    righe = {tuple(riga) for riga in re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|", sezione, re.MULTILINE)}
    assert righe - {("da", "a", "atto")} == disegnati(titolo) == {(p.da, p.a, p.atto) for p in passaggi}


@pytest.mark.parametrize(("da", "a"), list(itertools.product(StatoPip, StatoPip)))
def test_the_law_of_plans_allows_what_is_drawn_and_nothing_else(da: StatoPip, a: StatoPip) -> None:
    _confronta(lambda: verifica_transizione(da, a), drawn=any((uno[0], uno[1]) == (da, a) for uno in PIP))


@pytest.mark.parametrize("diretta", [True, False])
@pytest.mark.parametrize(("da", "a"), list(itertools.product(StatoOra, StatoOra)))
def test_the_law_of_hours_allows_what_is_drawn_and_nothing_else(da: StatoOra, a: StatoOra, diretta: bool) -> None:
    drawn = {(uno[0], uno[1]) for uno in disegnati("Ora diretta" if diretta else "Ora indiretta")}
    _confronta(lambda: verifica_passo(da, a, diretta=diretta), drawn=(da, a) in drawn)


def _confronta(prova: Any, *, drawn: bool) -> None:
    if drawn:
        prova()
    else:
        with pytest.raises(Refusal, match="non puo' diventare"):
            prova()


async def _porta(storia: Storia, stato: StatoPip) -> dict[str, Any]:
    """A plan brought to a state through its routes."""
    if stato is StatoPip.FIRMATO:
        iscrizione = await storia.iscrivi()
        piano = storia.piano(FORMAZIONE=2) | {"inizio": "2019-03-10"}
        corpo = {"iscrizione_id": iscrizione["iscrizione_id"], "piano": piano}
        pip: dict[str, Any] = ok(await storia.op("POST", "/pip", json=corpo))
        ok(await storia.firma(pip))
    else:
        pip = await storia.bozza(FORMAZIONE=2)
        if stato is not StatoPip.BOZZA:
            ok(await storia.firma(pip))
    atto = {
        StatoPip.SOSPESO: "sospensione",
        StatoPip.CONCLUSO: "conclusione",
        StatoPip.RINUNCIATO: "rinuncia",
        StatoPip.DECADUTO: "decadenza",
    }.get(stato)
    if atto:
        ok(await _compie(storia, pip, atto))
    return pip


async def _compie(storia: Storia, pip: dict[str, Any], atto: str) -> Any:
    percorso = f"/pip/{pip['pip_id']}/{atto}"
    if atto == "firme":
        return await storia.firma(pip)
    if atto == "decadenza":
        return await storia.comune("POST", percorso, json={"motivo": "Prova"})
    corpo = {"sospensione": {"motivo": "emergenza_pubblica"}, "ripresa": {}}.get(atto, {"motivo": "Prova"})
    return await storia.op("POST", percorso, json=corpo)


@pytest.mark.parametrize("stato", list(StatoPip))
async def test_the_routes_take_the_steps_that_are_drawn_and_refuse_the_others(storia: Storia, stato: StatoPip) -> None:
    await storia.apri()
    for atto in ATTI:
        storia.servizio.set_clock(MARZO)
        pip = await _porta(storia, stato)
        storia.servizio.set_clock(MARZO.replace(day=5))
        arrivi = {uno[1] for uno in PIP if (uno[0], uno[2]) == (stato, atto)}
        risposta = await _compie(storia, pip, atto)
        if arrivi:
            adesso = ok(risposta)["stato"]
            assert adesso in arrivi or (atto == "firme" and adesso == "attivo"), "a first day already come starts it"
        else:
            # A plan without a draft has nothing to sign: that is said first.
            rifiuto(risposta, 409, "nessuna-bozza" if atto == "firme" else "transizione-non-ammessa")
            assert (await storia.pip(pip["pip_id"]))["stato"] == stato.value
