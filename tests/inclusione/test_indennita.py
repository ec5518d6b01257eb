"""The allowance: batches, pacts, compensation of what was paid, what a resident sees."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from chassis.errors import Forbidden
from chassis.ids import uuid7
from chassis.peers import Identity
from services.inclusione.models import LiquidazioneVoce, TettoPersona, VoceIndennita
from tests.inclusione.storia import Storia, ok, rifiuto
from tests.inclusione.test_ore import gia_pagata

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)


async def lotto(storia: Storia, fino_al: str = "2019-03-31") -> Any:
    """The lead liquidates what accrued up to a day."""
    return await storia.comune(
        "POST", f"/linee/{storia.progetto_id}/lotti", json={"fino_al": fino_al, "atto": "Det. 1/2019"}
    )


async def patto(storia: Storia, pip_id: str, *, certificato: bool = True, **altro: Any) -> Any:
    """The person signs a pact."""
    corpo: dict[str, Any] = {"pip_id": pip_id, "metodo": "autografa"}
    if certificato:
        corpo["incolpevole"] = {"da": storia.capofila, "il": "2019-03-01"}
    return await storia.patto(**(corpo | altro))


def giorni(storia: Storia, primo: int, quanti: int, minuti: int = 60) -> list[dict[str, Any]]:
    """One hour a day from a day of March on."""
    return [storia.ora(LUNEDI + timedelta(days=primo + giorno), minuti) for giorno in range(quanti)]


async def test_a_batch_pays_what_accrued_up_to_its_day_and_the_next_one_the_rest(storia: Storia) -> None:
    await storia.apri()
    primo, secondo = await storia.attivo(FORMAZIONE=20), await storia.attivo(FORMAZIONE=20)
    await storia.convalida(primo["pip_id"], *giorni(storia, 0, 10))
    await storia.convalida(secondo["pip_id"], *giorni(storia, 0, 3))
    fino_al_nove = ok(await lotto(storia, "2019-03-09"))
    assert (fino_al_nove["numero"], fino_al_nove["righe"], fino_al_nove["totale"]) == (1, 2, "36.00")
    assert sorted(riga["importo"] for riga in fino_al_nove["liquidazioni"]) == ["12.00", "24.00"]
    resto = ok(await lotto(storia))
    assert (resto["numero"], resto["righe"], resto["totale"]) == (2, 1, "16.00")
    rifiuto(await lotto(storia), 409, "niente-da-liquidare")
    assert (await storia.linea())["liquidato"] == "52.00"
    elenco = ok(await storia.comune("GET", f"/linee/{storia.progetto_id}/lotti"), 200)["items"]
    assert [(riga["numero"], riga["totale"], riga["liquidazioni"]) for riga in elenco] == [
        (1, "36.00", []),
        (2, "16.00", []),
    ]
    letto = ok(await storia.comune("GET", f"/linee/{storia.progetto_id}/lotti/{resto['lotto_id']}"), 200)
    assert letto == resto
    rifiuto(await storia.comune("GET", f"/linee/{storia.progetto_id}/lotti/{uuid7()}"), 404, "not-found")


async def test_two_officers_at_once_pay_each_hour_once(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=20)
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 10))
    risposte = await asyncio.gather(*(lotto(storia) for _ in range(4)))
    assert sorted(risposta.status_code for risposta in risposte) == [201, 409, 409, 409]
    assert (await storia.pip(pip["pip_id"]))["liquidato"] == "40.00"
    async with storia.servizio.transaction() as session:
        pagate = await session.scalar(
            sa.select(sa.func.count())
            .select_from(LiquidazioneVoce)
            .join(VoceIndennita, col(VoceIndennita.voce_id) == col(LiquidazioneVoce.voce_id))
            .where(col(VoceIndennita.pip_id) == pip["pip_id"])
        )
    assert pagate == 10


async def test_a_third_paid_in_pieces_is_the_third_of_the_whole(storia: Storia) -> None:
    """Ten payments of 4.00: 13.33 go to the arrears, whatever the pieces."""
    await storia.apri()
    persona_id = uuid7()
    nucleo_id = await storia.nucleo(persona_id)
    pip = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=20)
    firmato = ok(await patto(storia, pip["pip_id"]))
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 10))
    quote = []
    for giorno in range(4, 14):
        righe = ok(await lotto(storia, f"2019-03-{giorno:02d}"))["liquidazioni"]
        quote += [riga["quota_morosita"] for riga in righe]
    assert quote == ["1.33", "1.33", "1.34", "1.33", "1.33", "1.34", "1.33", "1.33", "1.34", "1.33"]
    letto = ok(await storia.op("GET", f"/patti/{firmato['patto_id']}"), 200)
    assert (letto["lordo"], letto["versato"], letto["nucleo_id"]) == ("40.00", "13.33", str(nucleo_id))
    eventi = await storia.eventi("indennita.quota_morosita", persona_id=str(persona_id))
    assert sum(evento["importo_cent"] for evento in eventi) == 13_33
    assert {evento["nucleo_id"] for evento in eventi} == {str(nucleo_id)}
    estratto = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/indennita"), 200)
    assert (estratto["quota_morosita"], estratto["saldo"]) == ("13.33", "0.00")


async def test_arrears_not_certified_as_blameless_get_no_share_unless_the_measure_says_so(storia: Storia) -> None:
    altra = Storia(storia.servizio)
    await storia.apri()
    await altra.apri(patto_solo_incolpevole=False, quota_patto="1/2")
    for una, attesa in ((storia, "0.00"), (altra, "2.00")):
        persona_id = uuid7()
        await una.nucleo(persona_id)
        pip = await una.attivo(await una.iscrivi(persona_id), FORMAZIONE=20)
        firmato = ok(await patto(una, pip["pip_id"], certificato=False))
        assert firmato["incolpevole"] is None
        await una.convalida(pip["pip_id"], *giorni(una, 0, 1))
        assert ok(await lotto(una))["quota_morosita"] == attesa


async def test_a_pact_has_its_own_share_and_ends_when_the_household_says(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    await storia.nucleo(persona_id)
    pip = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=20)
    firmato = ok(await patto(storia, pip["pip_id"], quota="2/5"))
    rifiuto(await patto(storia, pip["pip_id"]), 409, "patto-gia-attivo")
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 5))
    assert ok(await lotto(storia))["quota_morosita"] == "8.00"
    for _ in range(2):
        cessato = ok(await storia.op("POST", f"/patti/{firmato['patto_id']}/cessazione"))
        assert (cessato["stato"], cessato["versato"]) == ("cessato", "8.00")
    await storia.convalida(pip["pip_id"], *giorni(storia, 5, 1))
    assert ok(await lotto(storia))["quota_morosita"] == "0.00"
    ok(await patto(storia, pip["pip_id"]))


@pytest.mark.parametrize(
    ("altro", "tipo"),
    [({"quota": "4/3"}, "patto-non-valido"), ({"quota": "0/3"}, "patto-non-valido")],
)
async def test_a_pact_that_does_not_hold_together_is_refused(storia: Storia, altro: dict[str, Any], tipo: str) -> None:
    await storia.apri()
    persona_id = uuid7()
    pip = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=20)
    rifiuto(await patto(storia, pip["pip_id"], **altro), 422, tipo)
    rifiuto(await patto(storia, pip["pip_id"]), 409, "nucleo-sconosciuto")
    await storia.nucleo(persona_id, al="2019-02-28")
    rifiuto(await patto(storia, pip["pip_id"]), 409, "nucleo-sconosciuto")
    await storia.nucleo(persona_id)
    domani = {"incolpevole": {"da": storia.capofila, "il": "2019-03-02"}}
    rifiuto(await patto(storia, pip["pip_id"], certificato=False, **domani), 422, "patto-non-valido")


async def test_pacts_of_others_are_refused_and_unknown_ones_are_not_found(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    await storia.nucleo(persona_id)
    pip = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=20)
    firmato = ok(await patto(storia, pip["pip_id"]))
    altro = Storia(storia.servizio)
    rifiuto(await patto(altro, pip["pip_id"]), 403, "forbidden")
    rifiuto(await altro.op("GET", f"/patti/{firmato['patto_id']}"), 403, "forbidden")
    rifiuto(await altro.op("POST", f"/patti/{firmato['patto_id']}/cessazione"), 403, "forbidden")
    rifiuto(await altro.op("GET", f"/pip/{pip['pip_id']}/indennita"), 403, "forbidden")
    rifiuto(await storia.op("GET", f"/patti/{uuid7()}"), 404, "not-found")
    rifiuto(await patto(storia, str(uuid7())), 404, "not-found")
    assert ok(await storia.comune("GET", f"/patti/{firmato['patto_id']}"), 200)["stato"] == "attivo"


async def test_what_was_paid_is_corrected_only_by_a_compensating_item_of_the_next_payment(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=20)
    pagate = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 3))
    assert ok(await lotto(storia))["totale"] == "12.00"
    await gia_pagata(storia, pagate[0])
    ok(await storia.op("POST", f"/ore/{pagate[1]}/annullamento", json={"motivo": "Registro errato"}))
    estratto = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/indennita"), 200)
    assert (estratto["maturato"], estratto["liquidato"], estratto["saldo"]) == ("4.00", "12.00", "-8.00")
    assert sorted(voce["tipo"] for voce in estratto["voci"] if voce["importo"].startswith("-")) == ["compensazione"] * 2
    rifiuto(await lotto(storia), 409, "niente-da-liquidare")
    await storia.convalida(pip["pip_id"], *giorni(storia, 3, 1))
    rifiuto(await lotto(storia), 409, "niente-da-liquidare")
    await storia.convalida(pip["pip_id"], *giorni(storia, 4, 4))
    assert ok(await lotto(storia))["totale"] == "12.00"
    estratto = ok(await storia.op("GET", f"/pip/{pip['pip_id']}/indennita"), 200)
    assert (estratto["maturato"], estratto["liquidato"], estratto["saldo"]) == ("24.00", "24.00", "0.00")


async def test_an_hour_taken_back_after_the_plan_ended_gives_its_money_back_to_the_line(storia: Storia) -> None:
    await storia.apri(10_000_00)
    pip = await storia.attivo(FORMAZIONE=20)
    prima, seconda = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 2))
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Fine"}))
    assert (await storia.linea())["residuo"] == "9952.00"
    await gia_pagata(storia, prima)
    assert (await storia.linea())["residuo"] == "9956.00"
    ok(await storia.op("POST", f"/ore/{seconda}/annullamento", json={"motivo": "Registro errato"}))
    linea = await storia.linea()
    assert (linea["residuo"], linea["riservato_servizi"], linea["riservato_indennita"]) == ("9980.00", "20.00", "0.00")
    chiuso = await storia.pip(pip["pip_id"])
    assert [voce["causale"] for voce in chiuso["dote"]] == ["firma", "conclusione", "rettifica", "rettifica"]


async def test_what_was_paid_stays_held_when_its_hour_is_annulled_after_the_plan_ended(storia: Storia) -> None:
    await storia.apri(10_000_00)
    pip = await storia.attivo(FORMAZIONE=20)
    prima, _ = await storia.convalida(pip["pip_id"], *giorni(storia, 0, 2))
    assert ok(await lotto(storia))["totale"] == "8.00"
    ok(await storia.op("POST", f"/pip/{pip['pip_id']}/conclusione", json={"motivo": "Fine"}))
    ok(await storia.op("POST", f"/ore/{prima}/annullamento", json={"motivo": "Registro errato"}))
    linea = await storia.linea()
    assert (linea["liquidato"], linea["riservato_indennita"], linea["riservato_servizi"]) == ("8.00", "8.00", "20.00")
    assert linea["residuo"] == "9972.00"
    async with storia.servizio.transaction() as session:
        tetto = await session.scalar(sa.select(TettoPersona).where(col(TettoPersona.persona_id) == pip["persona_id"]))
        assert tetto is not None
        assert tetto.riservato_cent == 8_00


async def test_a_payment_takes_back_what_was_overpaid_even_of_a_later_day(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=2)
    _, tardi = await storia.convalida(pip["pip_id"], *giorni(storia, 9, 2))
    assert ok(await lotto(storia))["totale"] == "8.00"
    ok(await storia.op("POST", f"/ore/{tardi}/annullamento", json={"motivo": "Registro errato"}))
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 1))
    rifiuto(await lotto(storia, "2019-03-10"), 409, "niente-da-liquidare")
    assert (await storia.linea())["liquidato"] == "8.00"


async def test_the_database_itself_refuses_more_paid_than_held(storia: Storia) -> None:
    await storia.apri()
    await storia.attivo(FORMAZIONE=2)
    with pytest.raises(sa.exc.IntegrityError, match="ck_pip_liquidato_nella_dote"):
        async with storia.servizio.transaction() as session:
            await session.execute(sa.text("UPDATE pip SET liquidato_cent = riservato_indennita_cent + 1"))


async def test_only_the_lead_and_its_treasurer_liquidate(storia: Storia) -> None:
    await storia.apri()
    pip = await storia.attivo(FORMAZIONE=20)
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 1))
    percorso, corpo = f"/v1/linee/{storia.progetto_id}/lotti", {"fino_al": "2019-03-31", "atto": "Det. 1"}
    for ruolo, ente, status in (
        ("funzionario_comune", "ALTRO-COMUNE", 403),
        ("funzionario_comune", storia.operatore, 403),
        ("operatore_accreditato", storia.operatore, 403),
        ("tesoriere", storia.capofila, 201),
    ):
        risposta = await storia.servizio.post(percorso, json=corpo, roles=[ruolo], ente=ente)
        assert risposta.status_code == status, (ruolo, ente, risposta.text)


class _Registro:
    """Stands for laboratori: says who each resident is."""

    def __init__(self, persone: dict[str, UUID]) -> None:
        self.persone = persone

    async def identity_of(self, sub: str) -> Identity:
        """The person behind a `sub`, as the real one does."""
        if sub not in self.persone:
            raise Forbidden("Il tuo accesso non e' ancora collegato a una persona registrata.")
        return Identity(self.persone[sub], None)


async def test_a_resident_sees_their_own_path_and_nobody_elses(storia: Storia) -> None:
    await storia.apri()
    persona_id = uuid7()
    pip = await storia.attivo(await storia.iscrivi(persona_id), FORMAZIONE=20)
    await storia.attivo(FORMAZIONE=20)
    await storia.convalida(pip["pip_id"], *giorni(storia, 0, 2))
    ok(await lotto(storia))
    storia.servizio.app.state.identita = _Registro({"resi-1": persona_id, "resi-2": uuid7()})
    miei = ok(await storia.servizio.get("/v1/io/percorsi", roles=["residente"], sub="resi-1"), 200)["items"]
    assert [(riga["pip_id"], riga["minuti_previsti"], riga["minuti_validati"]) for riga in miei] == [
        (pip["pip_id"], 1200, 120)
    ]
    assert (miei[0]["maturato"], miei[0]["liquidato"], miei[0]["quota_morosita"]) == ("8.00", "8.00", "0.00")
    altrui = ok(await storia.servizio.get("/v1/io/percorsi", roles=["residente"], sub="resi-2"), 200)
    assert altrui["items"] == []
    rifiuto(await storia.servizio.get("/v1/io/percorsi", roles=["residente"], sub="resi-3"), 403, "forbidden")


async def test_without_the_registry_of_people_a_resident_is_told_to_come_back(storia: Storia) -> None:
    if hasattr(storia.servizio.app.state, "identita"):
        del storia.servizio.app.state.identita
    risposta = await storia.servizio.get("/v1/io/percorsi", roles=["residente"], sub="resi-9")
    rifiuto(risposta, 503, "unavailable")
    assert int(risposta.headers["retry-after"]) > 0
