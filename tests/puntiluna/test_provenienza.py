"""Lineage: which fund and which donations paid a reduction, where a donation and a fund went."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ids import uuid7
from services.puntiluna.rules.provenienza import (
    Fonte,
    LineaInterrotta,
    MovimentoTracciato,
    Partita,
    RigaTracciata,
    per_progetto,
    prime,
    rintraccia,
    unisci,
)
from services.puntiluna.rules.registro import TipoConto
from tests.puntiluna.fatti import COMUNE, Mondo, problema
from tests.support.service import ServiceUnderTest

A, B, FONDI = uuid7(), uuid7(), (uuid7(), uuid7())
PRENOTATO, CONFERMATO, POOL = uuid7(), uuid7(), uuid7()
TIPI = {A: TipoConto.NUCLEO, B: TipoConto.NUCLEO, POOL: TipoConto.SOLIDALE}


def _movimento(ordine: int, *righe: RigaTracciata, **altro: Any) -> MovimentoTracciato:
    return MovimentoTracciato(ordine, altro.get("riduzione_id"), altro.get("donazione_id"), False, righe)


def _fondo(progetto: UUID, importo: int) -> RigaTracciata:
    return RigaTracciata(progetto, TipoConto.FONDO, progetto, importo)


def _conto(conto: UUID, importo: int) -> RigaTracciata:
    return RigaTracciata(conto, TIPI[conto], None, importo)


def _accredito(ordine: int, conto: UUID, progetto: UUID, importo: int) -> MovimentoTracciato:
    return _movimento(ordine, _fondo(progetto, -importo), _conto(conto, importo))


def _prenota(ordine: int, conto: UUID, importo: int, riduzione: UUID) -> MovimentoTracciato:
    prenotato = RigaTracciata(PRENOTATO, TipoConto.PRENOTATO, None, importo)
    return _movimento(ordine, _conto(conto, -importo), prenotato, riduzione_id=riduzione)


def _risposta(ordine: int, conto: UUID, riduzione: UUID, confermato: int, reso: int) -> MovimentoTracciato:
    righe = [RigaTracciata(PRENOTATO, TipoConto.PRENOTATO, None, -confermato - reso)]
    if confermato:
        righe.append(RigaTracciata(CONFERMATO, TipoConto.CONFERMATO, None, confermato))
    if reso:
        righe.append(_conto(conto, reso))
    return _movimento(ordine, *righe, riduzione_id=riduzione)


def test_the_oldest_points_pay_first_and_what_returns_takes_its_old_place() -> None:
    prima, seconda = uuid7(), uuid7()
    storia = [
        _accredito(1, A, FONDI[0], 100),
        _accredito(2, A, FONDI[1], 100),
        _prenota(3, A, 120, prima),
        _risposta(4, A, prima, 50, 70),
        _prenota(5, A, 60, seconda),
    ]
    tracciato = rintraccia(storia)
    assert per_progetto(tracciato.riduzioni[prima].fonti(50)) == {FONDI[0]: 50}
    assert per_progetto(tracciato.riduzioni[seconda].fonti(60)) == {FONDI[0]: 50, FONDI[1]: 10}
    assert tracciato.giacenze[A] == [Partita(Fonte(FONDI[1]), 90)]


def test_a_donation_marks_the_points_that_pass_through_it() -> None:
    dono, riduzione = uuid7(), uuid7()
    storia = [
        _accredito(1, A, FONDI[0], 100),
        _movimento(2, _conto(A, -40), _conto(POOL, 40), donazione_id=dono),
        _accredito(3, B, FONDI[1], 10),
        MovimentoTracciato(4, None, None, True, (_conto(POOL, -25), _conto(B, 25))),
        _prenota(5, B, 30, riduzione),
    ]
    tracciato = rintraccia(storia)
    assert tracciato.riduzioni[riduzione].fonti(30) == [
        Partita(Fonte(FONDI[1]), 10),
        Partita(Fonte(FONDI[0], (dono,), True), 20),
    ]
    assert tracciato.giacenze[POOL] == [Partita(Fonte(FONDI[0], (dono,)), 15)]


def test_a_reversal_gives_back_the_points_of_its_fund_and_others_only_when_these_are_spent() -> None:
    riduzione = uuid7()
    storia = [
        _accredito(1, A, FONDI[0], 50),
        _accredito(2, A, FONDI[1], 50),
        _movimento(3, _conto(A, -30), _fondo(FONDI[1], 30)),
        _prenota(4, A, 60, riduzione),
        _movimento(5, _conto(A, -10), _fondo(FONDI[0], 10)),
    ]
    tracciato = rintraccia(storia)
    assert per_progetto(tracciato.riduzioni[riduzione].fonti(60)) == {FONDI[0]: 50, FONDI[1]: 10}
    assert tracciato.giacenze.get(A) is None


def test_an_account_cannot_give_what_never_entered_it() -> None:
    with pytest.raises(LineaInterrotta):
        rintraccia([_prenota(1, A, 1, uuid7())])
    with pytest.raises(LineaInterrotta):
        prime([Partita(Fonte(FONDI[0]), 3)], 4)
    assert unisci([Partita(Fonte(A), 1), Partita(Fonte(B), 2), Partita(Fonte(A), 3)])[0] == Partita(Fonte(A), 4)


@given(st.lists(st.tuples(st.sampled_from("ADPR"), st.integers(0, 1), st.integers(1, 60)), max_size=40))
def test_nothing_is_lost_or_made_whatever_happens(passi: list[tuple[str, int, int]]) -> None:
    saldi, aperte, storia = {A: 0, B: 0}, [], []
    emessi, confermati = dict.fromkeys(FONDI, 0), {}
    for ordine, (passo, quale, importo) in enumerate(passi, start=1):
        conto, altro = (A, B) if quale else (B, A)
        if passo == "A":
            storia.append(_accredito(ordine, conto, FONDI[quale], importo))
            saldi[conto] += importo
            emessi[FONDI[quale]] += importo
        elif passo == "D" and saldi[conto] >= importo:
            storia.append(_movimento(ordine, _conto(conto, -importo), _conto(altro, importo), donazione_id=uuid7()))
            saldi[conto] -= importo
            saldi[altro] += importo
        elif passo == "P" and saldi[conto] >= importo:
            riduzione = uuid7()
            storia.append(_prenota(ordine, conto, importo, riduzione))
            aperte.append((riduzione, conto, importo))
            saldi[conto] -= importo
        elif passo == "R" and aperte:
            riduzione, suo, tutto = aperte.pop(0)
            confermati[riduzione] = min(importo, tutto)
            storia.append(_risposta(ordine, suo, riduzione, confermati[riduzione], tutto - confermati[riduzione]))
            saldi[suo] += tutto - confermati[riduzione]
    tracciato = rintraccia(storia)
    per_fondo = dict.fromkeys(FONDI, 0)
    partite = [p for giacenza in tracciato.giacenze.values() for p in giacenza]
    partite += [p for r, _, importo in aperte for p in tracciato.riduzioni[r].fonti(importo)]
    partite += [p for r, importo in confermati.items() for p in tracciato.riduzioni[r].fonti(importo)]
    for partita in partite:
        per_fondo[partita.fonte.progetto_id] += partita.importo_cent
    assert per_fondo == emessi
    assert {c: sum(p.importo_cent for p in g) for c, g in tracciato.giacenze.items()} == {
        c: s for c, s in saldi.items() if s
    }


async def test_an_officer_reads_who_paid_and_a_donor_where_the_gift_went(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    donatrice, _ = await mondo.nucleo_moroso()
    famiglia, contratto = await mondo.nucleo_moroso()
    await mondo.presenza(donatrice, minuti=120)
    dono = await puntiluna.post(
        "/v1/donazioni",
        json={"importo": "8.00", "a_progetto_id": str(mondo.progetto_id), "da_nucleo_id": str(donatrice)},
        roles=["operatore_laboratorio"],
    )
    donazione_id = dono.json()["donazione_id"]
    await _ripartisci(puntiluna, mondo, quote=[{"nucleo_id": str(famiglia), "importo": "6.00"}])
    riduzione = await mondo.prenota(famiglia, contratto, "6.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "parziale", "importo": "4.00"})
    percorso = f"/v1/riduzioni/{riduzione['riduzione_id']}/provenienza"
    letta = (await puntiluna.get(percorso, roles=["funzionario_comune"], ente=COMUNE)).json()
    assert letta["importo"] == "4.00"
    assert letta["fonti"] == [
        {
            "progetto_id": str(mondo.progetto_id),
            "importo": "4.00",
            "solidale": True,
            "donazioni": [donazione_id],
        }
    ]
    estraneo = await puntiluna.get(percorso, roles=["funzionario_comune"], ente="COMUNE-CREMONA")
    problema(estraneo, 404, "riduzione-sconosciuta")
    dove = await puntiluna.get(f"/v1/donazioni/{donazione_id}/destinazioni", roles=["operatore_laboratorio"])
    assert dove.json() == {
        "totale": "8.00",
        "destinazioni": [
            {"dove": "confermati", "ente_proprietario": mondo.ente, "importo": "4.00"},
            {"dove": "nucleo", "ente_proprietario": None, "importo": "2.00"},
            {"dove": "solidale", "ente_proprietario": None, "importo": "2.00"},
        ],
    }
    fondo = await puntiluna.get(f"/v1/progetti/{mondo.progetto_id}/fondo/destinazioni", roles=["valutatore"])
    assert fondo.json()["totale"] == "10.00"
    fatte = await puntiluna.get(f"/v1/nuclei/{donatrice}/donazioni", roles=["operatore_laboratorio"])
    assert [d["donazione_id"] for d in fatte.json()["items"]] == [donazione_id]
    problema(
        await puntiluna.get(f"/v1/donazioni/{uuid7()}/destinazioni", roles=["residente"]), 404, "donazione-sconosciuta"
    )


async def _ripartisci(servizio: ServiceUnderTest, mondo: Mondo, **corpo: Any) -> Any:
    return await servizio.post(
        f"/v1/progetti/{mondo.progetto_id}/ripartizioni",
        json={"atto": f"Determina {uuid7()}"} | corpo,
        roles=["funzionario_comune"],
        ente=COMUNE,
    )
