"""Who may give: a household or a person that the desk follows, oneself, and never to one's own household."""

from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from chassis.peers import Identity
from tests.puntiluna.conftest import Identita
from tests.puntiluna.fatti import Mondo, problema
from tests.support.service import ServiceUnderTest


async def _dona(servizio: ServiceUnderTest, chi: str = "operatrice", **corpo: Any) -> Any:
    ruolo = "operatore_laboratorio" if chi.startswith("operatrice") else "residente"
    dono = {chiave: str(valore) for chiave, valore in corpo.items()}
    return await servizio.post("/v1/donazioni", json={"importo": "1.00"} | dono, roles=[ruolo], sub=chi)


async def _persona_con_punti(servizio: ServiceUnderTest) -> tuple[Mondo, UUID, UUID]:
    mondo = await Mondo(servizio).apri("100.00")
    famiglia, _ = await mondo.nucleo_moroso()
    persona = uuid7()
    await mondo.presenza(None, persona_id=str(persona))
    return mondo, persona, famiglia


async def test_an_operator_gives_only_for_people_that_they_follow(
    puntiluna: ServiceUnderTest, identita: Identita
) -> None:
    mondo, persona, famiglia = await _persona_con_punti(puntiluna)
    identita.estranei.add("operatrice.altrove")
    al_fondo: dict[str, Any] = {"a_progetto_id": mondo.progetto_id}
    problema(await _dona(puntiluna, "operatrice.altrove", da_persona_id=persona, **al_fondo), 403, "persona-di-altri")
    doppia = await _dona(puntiluna, da_persona_id=persona, da_nucleo_id=famiglia, **al_fondo)
    problema(doppia, 422, "donatore-doppio")
    assert (await _dona(puntiluna, da_persona_id=persona, **al_fondo)).json()["da_persona_id"] == str(persona)


async def test_a_household_given_as_a_person_is_refused(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    famiglia, _ = await mondo.nucleo_moroso("0.00")
    await mondo.presenza(famiglia)
    rifiuto = await _dona(puntiluna, da_persona_id=famiglia, a_progetto_id=mondo.progetto_id)
    problema(rifiuto, 422, "donatore-non-persona")
    problema(await _dona(puntiluna, da_persona_id=famiglia, a_nucleo_id=famiglia), 422, "donatore-non-persona")
    assert (await mondo.estratto(famiglia))["saldo_donatore"] == "10.00"


async def test_nobody_gives_to_their_own_household(puntiluna: ServiceUnderTest, identita: Identita) -> None:
    mondo, persona, famiglia = await _persona_con_punti(puntiluna)
    identita.persone["anna"] = Identity(persona, famiglia)
    for chi in ("operatrice", "anna"):
        rifiuto = await _dona(puntiluna, chi, da_persona_id=persona, a_nucleo_id=famiglia)
        problema(rifiuto, 409, "donazione-in-proprio")
    assert await mondo.saldo(famiglia) == "0.00"


async def test_a_resident_gives_only_as_themselves(puntiluna: ServiceUnderTest, identita: Identita) -> None:
    mondo, persona, famiglia = await _persona_con_punti(puntiluna)
    identita.persone["anna"] = Identity(persona, famiglia)
    al_fondo: dict[str, Any] = {"a_progetto_id": mondo.progetto_id}
    problema(await _dona(puntiluna, "anna", da_persona_id=uuid7(), **al_fondo), 403, "persona-di-altri")
    fatta = (await _dona(puntiluna, "anna", da_persona_id=persona, **al_fondo)).json()
    assert (fatta["da_persona_id"], fatta["da_nucleo_id"]) == (str(persona), None)
