"""Paying a landlord: two people, frozen accounts, one file; and the statement that tells it to the household."""

import hashlib
import io
from typing import Any

import sqlalchemy as sa
from pypdf import PdfReader

from chassis.ids import uuid7
from tests.puntiluna.fatti import COMUNE, NUCLEO, Mondo, nucleo, prenotata, problema
from tests.support.service import ServiceUnderTest

IBAN_ALER, IBAN_COMUNE = "IT60X0542811101000000123456", "IT13S0542811101000000123457"


async def _distinta_approvata(servizio: ServiceUnderTest) -> tuple[Mondo, str]:
    mondo, _, _ = await prenotata(servizio)
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    periodo = servizio.clock.now().strftime("%Y-%m")
    composta = await servizio.post(
        "/v1/distinte",
        json={"ente_proprietario": mondo.ente, "periodo": periodo},
        roles=["funzionario_comune"],
        ente=COMUNE,
        sub="ufficio",
    )
    percorso = f"/v1/distinte/{composta.json()['distinta_id']}"
    await servizio.post(f"{percorso}/approvazione", roles=["tesoriere"], ente=COMUNE, sub="tesoriere")
    return mondo, percorso


async def test_a_payment_is_a_file_with_frozen_accounts_ordered_by_who_did_not_write_them(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, percorso = await _distinta_approvata(puntiluna)
    oggi = puntiluna.clock.now().date().isoformat()

    async def dispone(sub: str, esecuzione: str = oggi) -> Any:
        corpo = {"esecuzione": esecuzione}
        return await puntiluna.post(f"{percorso}/pagamento", json=corpo, roles=["tesoriere"], ente=COMUNE, sub=sub)

    async def configura(ente: str, iban: str, sub: str, ruolo: str = "amministratore", etag: str = "*") -> Any:
        return await puntiluna.put(
            f"/v1/enti/{ente}",
            json={"nome": f"Ente {ente}"[:70], "iban": iban, "termine_giorni": 30},
            headers={"If-Match": etag},
            roles=[ruolo],
            ente=COMUNE,
            sub=sub,
        )

    problema(await dispone("tesoriere"), 409, "coordinate-mancanti")
    problema(await configura(mondo.ente, "IT00X0542811101000000123456", "anna"), 422, "iban-non-valido")
    problema(await configura(mondo.ente, IBAN_ALER, "anna", "tesoriere"), 403, "ente-di-altri")
    scritto = await configura(mondo.ente, "it60 x054 2811 1010 0000 0123 456", "anna")
    assert (scritto.json()["iban"], scritto.json()["versione"]) == (IBAN_ALER, 1)
    assert (await configura(COMUNE, IBAN_COMUNE, "anna", "tesoriere")).status_code == 200
    letto = await puntiluna.get(f"/v1/enti/{COMUNE}", roles=["tesoriere"], ente=COMUNE)
    assert letto.json()["iban"] == IBAN_COMUNE
    vecchio = await configura(mondo.ente, IBAN_COMUNE, "anna", etag='"v7"')
    problema(vecchio, 412, "precondition-failed")
    problema(await dispone("anna"), 403, "coordinate-appena-cambiate")
    assert (await configura(mondo.ente, IBAN_ALER, "bruno")).json()["aggiornata_da"] == "anna", "the same account"
    problema(await dispone("anna"), 403, "coordinate-appena-cambiate")
    problema(await dispone("ufficio"), 403, "dispone-chi-ha-composto")
    await configura(mondo.ente, IBAN_COMUNE, "tesoriere")
    problema(await dispone("altra"), 403, "coordinate-appena-cambiate")
    await configura(mondo.ente, IBAN_ALER, "anna")
    problema(await dispone("tesoriere", "2001-01-01"), 409, "esecuzione-passata")
    problema(
        await puntiluna.get(f"{percorso}/pagamento", roles=["tesoriere"], ente=COMUNE), 404, "pagamento-sconosciuto"
    )
    disposto = (await dispone("tesoriere")).json()
    assert (disposto["importo"], disposto["creditore_iban"]) == ("20.00", IBAN_ALER)
    problema(await dispone("tesoriere"), 409, "distinta-non-pagabile")
    await configura(mondo.ente, IBAN_COMUNE, "anna")
    file = await puntiluna.get(f"{percorso}/pagamento.xml", roles=["tesoriere"], ente=COMUNE)
    for ancora in (file, await puntiluna.get(f"{percorso}/pagamento.xml", roles=["tesoriere"], ente=COMUNE)):
        assert hashlib.sha256(ancora.content).hexdigest() == disposto["impronta"], "the file never changes"
    assert IBAN_ALER in file.text
    assert '<InstdAmt Ccy="EUR">20.00</InstdAmt>' in file.text
    liquidata = await puntiluna.post(
        f"{percorso}/liquidazione", json={"atto": "Mandato 1"}, roles=["tesoriere"], ente=COMUNE, sub="tesoriere"
    )
    assert liquidata.json()["stato"] == "liquidata"
    async with puntiluna.transaction() as session:
        termine = await session.scalar(
            sa.text("SELECT termine_giorni FROM proprietario WHERE ente = :ente"), {"ente": mondo.ente}
        )
    assert termine == 30


async def _configura(servizio: ServiceUnderTest, ente: str, iban: str) -> None:
    await servizio.put(
        f"/v1/enti/{ente}",
        json={"nome": ente[:70], "iban": iban},
        headers={"If-Match": "*"},
        roles=["amministratore"],
        sub="anagrafe",
    )


async def test_an_ordered_payment_is_called_off_by_another_treasurer_with_the_banks_refusal_and_loses_its_file(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, percorso = await _distinta_approvata(puntiluna)
    await _configura(puntiluna, mondo.ente, IBAN_ALER)
    await _configura(puntiluna, COMUNE, IBAN_COMUNE)
    corpo: dict[str, str] = {"esecuzione": puntiluna.clock.now().date().isoformat()}
    chi: dict[str, Any] = {"roles": ["tesoriere"], "ente": COMUNE, "sub": "tesoriere"}
    assert (await puntiluna.post(f"{percorso}/pagamento", json=corpo, **chi)).status_code == 201

    async def annulla(rifiuto: str | None, sub: str, ruolo: str = "tesoriere") -> Any:
        corpo = {"motivo": "IBAN chiuso"} | ({"rifiuto_banca": rifiuto} if rifiuto else {})
        return await puntiluna.post(f"{percorso}/annullamento", json=corpo, roles=[ruolo], ente=COMUNE, sub=sub)

    problema(await annulla("AC04", "altra", "funzionario_comune"), 403, "annulla-chi-ha-disposto")
    problema(await annulla("AC04", "tesoriere"), 403, "annulla-chi-ha-disposto")
    assert problema(await annulla(None, "altra"), 409, "rifiuto-mancante")["rimedio"]
    assert (await puntiluna.get(f"{percorso}/pagamento.xml", **chi)).status_code == 200
    annullata = (await annulla("AC04", "altra")).json()
    assert (annullata["stato"], annullata["atto"], annullata["motivo"]) == ("annullata", "AC04", "IBAN chiuso")
    problema(await puntiluna.get(f"{percorso}/pagamento.xml", **chi), 409, "pagamento-ritirato")
    assert (await puntiluna.get(f"{percorso}/pagamento", **chi)).json()["importo"] == "20.00"


async def test_a_comune_landlord_is_never_paid_through_a_bank(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    mondo.ente = f"COMUNE-{uuid7().hex[-8:].upper()}"
    async with puntiluna.transaction() as session:
        await session.execute(
            sa.text("UPDATE progetto SET enti = :enti WHERE progetto_id = :progetto"),
            {"enti": [mondo.ente], "progetto": mondo.progetto_id},
        )
    famiglia, contratto = uuid7(), f"C-{uuid7().hex[-10:]}"
    await puntiluna.deliver(NUCLEO, nucleo(famiglia, mondo.progetto_id, (mondo.ente, contratto)))
    await mondo.debiti({contratto: "50.00"})
    await mondo.presenza(famiglia)
    await mondo.prenota(famiglia, contratto, "10.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    composta = await puntiluna.post(
        "/v1/distinte",
        json={"ente_proprietario": mondo.ente, "periodo": puntiluna.clock.now().strftime("%Y-%m")},
        roles=["funzionario_comune"],
        ente=mondo.ente,
        sub="ufficio",
    )
    percorso = f"/v1/distinte/{composta.json()['distinta_id']}"
    await puntiluna.post(f"{percorso}/approvazione", roles=["tesoriere"], ente=mondo.ente, sub="tesoriere")
    pagata = await puntiluna.post(
        f"{percorso}/pagamento",
        json={"esecuzione": "2099-01-01"},
        roles=["tesoriere"],
        ente=mondo.ente,
        sub="tesoriere",
    )
    assert "scrittura interna" in problema(pagata, 409, "distinta-non-pagabile")["detail"]
    interna = await puntiluna.post(
        f"{percorso}/liquidazione", json={"atto": "Giroconto 1"}, roles=["tesoriere"], ente=mondo.ente, sub="tesoriere"
    )
    assert interna.json()["stato"] == "liquidata"


async def test_the_statement_says_by_which_activity_with_which_confirmation_and_prints(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, famiglia, contratto = await prenotata(puntiluna)
    await mondo.presenza(famiglia, minuti=60, fascia="gold")
    lotto = await mondo.lotto()
    await mondo.rispondi(
        lotto["lotto_id"],
        {"protocollo": 1, "esito": "parziale", "importo": "15.00", "riferimento": "ALER 88/2019"},
    )
    estratto = await mondo.estratto(famiglia)
    assert [(a["voce"], a["presenze"], a["punti"]) for a in estratto["attivita"]] == [
        ("base", 1, "20.00"),
        ("gold", 1, "20.00"),
    ]
    [riduzione] = estratto["riduzioni"]
    assert (riduzione["debito_prima"], riduzione["debito_dopo"]) == ("500.00", "485.00")
    percorso = f"/v1/nuclei/{famiglia}/estratto-conto"
    csv = await puntiluna.get(f"{percorso}/riduzioni.csv", roles=["operatore_laboratorio"])
    assert csv.text.split("\r\n")[1].startswith(f"1,{mondo.ente},{contratto},confermata,20.00,15.00,500.00,485.00,ALER")
    pdf = await puntiluna.get(f"{percorso}.pdf", roles=["operatore_laboratorio"])
    assert pdf.headers["content-type"] == "application/pdf"
    testo = "\n".join(pagina.extract_text() for pagina in PdfReader(io.BytesIO(pdf.content)).pages)
    for atteso in ("Attività gold", "ALER 88/2019", "Resta", "485,00 euro", contratto):
        assert atteso in testo
