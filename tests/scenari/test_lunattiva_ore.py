"""The rows of the hours are compared with what the platform says, never with the plan itself."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from scenari.lunattiva import ore, piano
from scenari.lunattiva.quartiere import Lunetta
from scenari.toolkit import Stage


class Piattaforma:
    """What the platform answers: the figures, and a calendar with some of the activities of the plan."""

    def __init__(self, ore_dei_nuclei: int, attivita: int) -> None:
        self.rows: dict[str, tuple[object, object]] = {}
        self.visitor = self
        self.figures = {
            "punti_emessi": "17891.00",
            "ore": f"{ore_dei_nuclei + 54}.00",
            "ore_indirette": "54.00",
            "presenze": 0,
            "persone": 104,
            "in_attesa_fondo": "0.00",
        }
        self.calendar = piano.attivita()[:attivita]

    async def cifre(self) -> dict[str, Any]:
        return self.figures

    async def get(self, service: str, path: str, **_: Any) -> dict[str, Any]:
        return {"alimentazioni": [1], "saldo": "109.00", "controvalore": "17891.00"}

    async def items(self, service: str, path: str, *, params: dict[str, Any]) -> list[dict[str, str]]:
        assert (service, path, params["laboratorio_id"]) == ("laboratori", "/calendario", "lab")
        months = [(una, f"{giorno:%Y-%m}") for una in self.calendar for giorno in {una.inizio, una.fine}]
        return [{"attivita_id": una.codice} for una, month in months if month == params["mese"]]

    def section(self, title: str) -> None:
        pass

    def expect(self, label: str, expected: object, obtained: object) -> None:
        self.rows[label] = (expected, obtained)


@pytest.mark.parametrize(("ore_dei_nuclei", "attivita", "vale"), [(3504, 70, True), (3500, 69, False)])
async def test_the_hours_and_the_activities_are_read_back(
    monkeypatch: pytest.MonkeyPatch, ore_dei_nuclei: int, attivita: int, vale: bool
) -> None:
    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(ore, "_compare_corrections", nothing)
    finta = Piattaforma(ore_dei_nuclei, attivita)
    lunetta = SimpleNamespace(cifre=finta.cifre, ufficio=finta, progetto_id="p", laboratorio_id="lab")
    await ore.confronta(cast(Stage, finta), cast(Lunetta, lunetta))
    for label in ("piu' di 3.500 ore dei nuclei", "eventi e laboratori"):
        expected, obtained = finta.rows[label]
        assert (expected == obtained) is vale, label
