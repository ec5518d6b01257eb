"""Reductions of arrears: reserved by the household, pulled and answered by the landlord, expired by time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from services.puntiluna.jobs import scadono_le_riduzioni
from services.puntiluna.queries.riduzioni import blocca_da_inviare
from services.puntiluna.service.registro import verifica_registro
from tests.puntiluna.fatti import Mondo, problema
from tests.puntiluna.registro import manomesso
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest


async def _con_punti(servizio: ServiceUnderTest, debito: str = "500.00") -> tuple[Mondo, UUID, str]:
    mondo = await Mondo(servizio).apri()
    famiglia, contratto = await mondo.nucleo_moroso(debito)
    await mondo.presenza(famiglia, minuti=240)
    return mondo, famiglia, contratto


async def test_a_confirmed_reduction_spends_the_points(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    riduzione = await mondo.prenota(famiglia, contratto, "20.00")
    assert (riduzione["protocollo"], riduzione["stato"], riduzione["debito_prima"]) == (1, "prenotata", "500.00")
    lotto = await mondo.lotto()
    esito = await mondo.rispondi(
        lotto["lotto_id"], {"protocollo": 1, "esito": "confermata", "riferimento": "ALER 77/2019"}
    )
    assert (esito["stato"], esito["righe"]) == ("chiuso", [{"protocollo": 1, "esito": "registrata"}])
    estratto = await mondo.estratto(famiglia)
    assert (estratto["saldo"], estratto["spesi"], estratto["morosita"][0]["residuo"]) == ("0.00", "20.00", "480.00")
    assert estratto["riduzioni"][0]["riferimento"] == "ALER 77/2019"


async def test_a_partial_answer_returns_the_rest(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "parziale", "importo": "12.50"})
    estratto = await mondo.estratto(famiglia)
    assert (estratto["saldo"], estratto["spesi"], estratto["riduzioni"][0]["stato"]) == ("7.50", "12.50", "confermata")
    [evento] = [
        e for e in await puntiluna.emitted("puntiluna.riduzione.confermata.v1") if e["nucleo_id"] == str(famiglia)
    ]
    assert (evento["versione"], evento["importo_cent"], evento["confermato_cent"]) == (2, 2000, 1250)


async def test_a_refused_reduction_returns_the_points_with_the_reason(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "respinta", "motivo": "contenzioso"})
    estratto = await mondo.estratto(famiglia)
    assert (estratto["saldo"], estratto["riduzioni"][0]["motivo"]) == ("20.00", "contenzioso")
    assert "respinta dal proprietario" in estratto["movimenti"][0]["descrizione"]


async def test_the_same_call_gives_the_same_batch_until_every_line_is_answered(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "5.00")
    await mondo.prenota(famiglia, contratto, "6.00")
    primo = await mondo.lotto()
    await mondo.prenota(famiglia, contratto, "1.00")
    assert await mondo.lotto() == primo, "a later reservation does not enter a frozen batch"
    await mondo.rispondi(primo["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    ancora = await mondo.lotto()
    assert (ancora["lotto_id"], ancora["impronta"]) == (primo["lotto_id"], primo["impronta"])
    await mondo.rispondi(primo["lotto_id"], {"protocollo": 2, "esito": "confermata"})
    secondo = await mondo.lotto()
    assert (secondo["numero"], [r["protocollo"] for r in secondo["righe"]]) == (2, [3])
    await mondo.rispondi(secondo["lotto_id"], {"protocollo": 3, "esito": "confermata"})
    assert await mondo.lotto() is None


async def test_a_repeated_answer_does_nothing_and_a_contrary_one_is_kept_apart(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    lotto = await mondo.lotto()
    confermata = {"protocollo": 1, "esito": "confermata"}
    await mondo.rispondi(lotto["lotto_id"], confermata)
    ripetuta = await mondo.rispondi(lotto["lotto_id"], confermata)
    contraria = await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "respinta", "motivo": "altro"})
    assert ripetuta["righe"][0]["esito"] == "gia_registrata"
    assert contraria["righe"][0]["esito"] == "contraddittoria"
    assert (await mondo.estratto(famiglia))["spesi"] == "20.00"


async def test_answers_that_make_no_sense_move_nothing_and_spare_their_neighbours(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    for _ in range(3):
        await mondo.prenota(famiglia, contratto, "5.00")
    lotto = await mondo.lotto()
    esito = await mondo.rispondi(
        lotto["lotto_id"],
        {"protocollo": 1, "esito": "parziale", "importo": "5.00"},
        {"protocollo": 2, "esito": "respinta"},
        {"protocollo": 3, "esito": "confermata", "importo": "5.00"},
        {"protocollo": 99, "esito": "confermata"},
    )
    assert [riga["esito"] for riga in esito["righe"]] == [
        "importo_non_valido",
        "motivo_mancante",
        "registrata",
        "non_nel_lotto",
    ]
    estratto = await mondo.estratto(famiglia)
    assert (estratto["saldo"], estratto["prenotati"], estratto["spesi"]) == ("5.00", "10.00", "5.00")


async def test_no_answer_within_the_term_releases_the_points_and_a_late_answer_finds_them_gone(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    lotto = await mondo.lotto()
    adesso = puntiluna.clock.now()
    try:
        puntiluna.set_clock(adesso + timedelta(days=60, seconds=59))
        await puntiluna.run_job(scadono_le_riduzioni)
        assert await mondo.saldo(famiglia) == "0.00", "an answer that arrived in time may still be on its way"
        puntiluna.set_clock(adesso + timedelta(days=60, seconds=61))
        await puntiluna.run_job(scadono_le_riduzioni)
        assert await mondo.saldo(famiglia) == "20.00"
        esito = await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
        assert esito["righe"][0]["esito"] == "fuori_termine"
        assert await mondo.saldo(famiglia) == "20.00"
        assert await mondo.lotto() is None, "an expired batch does not block the next ones"
    finally:
        puntiluna.set_clock(adesso)
    eventi = await puntiluna.emitted("puntiluna.riduzione.respinta.v1")
    [scaduta] = [e for e in eventi if e["nucleo_id"] == str(famiglia)]
    assert (scaduta["stato"], scaduta["motivo"]) == ("scaduta", "nessuna_risposta")


async def test_an_answer_that_beats_the_expiry_is_late_all_the_same_and_no_batch_holds_expired_lines(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "5.00")
    lotto = await mondo.lotto()
    await mondo.prenota(famiglia, contratto, "6.00")
    adesso = puntiluna.clock.now()
    try:
        puntiluna.set_clock(adesso + timedelta(days=60))
        esito = await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
        assert esito["righe"][0]["esito"] == "fuori_termine"
        async with puntiluna.transaction() as session:
            assert await blocca_da_inviare(session, mondo.ente, 10, puntiluna.clock.now()) == []
            assert len(await blocca_da_inviare(session, mondo.ente, 10, adesso)) == 1
        puntiluna.set_clock(adesso + timedelta(days=60, seconds=60))
        await puntiluna.run_job(scadono_le_riduzioni)
        assert await mondo.saldo(famiglia) == "20.00"
    finally:
        puntiluna.set_clock(adesso)


async def test_a_reduction_is_refused_beyond_the_balance_or_the_debt(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna, "15.00")
    corpo = {"ente_proprietario": mondo.ente, "contratto_codice": contratto}

    async def chiedi(importo: str, **cambi: str) -> Any:
        return await puntiluna.post(
            f"/v1/nuclei/{famiglia}/riduzioni",
            json=corpo | {"importo": importo} | cambi,
            roles=["operatore_laboratorio"],
        )

    assert problema(await chiedi("15.01"), 409, "oltre-il-debito")["campo"] == "importo"
    problema(await chiedi("1.00", contratto_codice="ALTRO-1"), 404, "contratto-sconosciuto")
    problema(await chiedi("1.00", ente_proprietario="ALER-MAI-VISTA"), 404, "contratto-sconosciuto")
    problema(await chiedi("0.00"), 422, "invalid")
    assert (await chiedi("15.00")).status_code == 201
    problema(await chiedi("1.00"), 409, "senza-morosita")
    await mondo.debiti({contratto: "500.00"}, al_giorno="2019-05-02")
    problema(await chiedi("5.01"), 409, "saldo-insufficiente")


async def test_a_debt_never_told_cannot_be_reduced(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso(None)
    await mondo.presenza(famiglia)
    risposta = await puntiluna.post(
        f"/v1/nuclei/{famiglia}/riduzioni",
        json={"ente_proprietario": mondo.ente, "contratto_codice": contratto, "importo": "1.00"},
        roles=["operatore_laboratorio"],
    )
    problema(risposta, 409, "debito-non-comunicato")


async def test_what_was_confirmed_after_the_snapshot_lowers_what_can_be_reduced(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna, "15.00")
    await mondo.prenota(famiglia, contratto, "10.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})
    risposta = await puntiluna.post(
        f"/v1/nuclei/{famiglia}/riduzioni",
        json={"ente_proprietario": mondo.ente, "contratto_codice": contratto, "importo": "6.00"},
        roles=["operatore_laboratorio"],
    )
    assert "5.00" in problema(risposta, 409, "oltre-il-debito")["detail"]


async def test_a_landlord_never_sees_or_answers_another_landlords_lines(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    altro = Mondo(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    lotto = await mondo.lotto()
    assert await altro.lotto() is None
    letto = await puntiluna.get(f"/v1/lotti/{lotto['lotto_id']}", roles=["ente_proprietario"], ente=altro.ente)
    problema(letto, 404, "lotto-sconosciuto")
    risposta = await puntiluna.post(
        f"/v1/lotti/{lotto['lotto_id']}/risposte",
        json={"righe": [{"protocollo": 1, "esito": "confermata"}]},
        roles=["ente_proprietario"],
        ente=altro.ente,
    )
    problema(risposta, 404, "lotto-sconosciuto")
    assert (await mondo.estratto(famiglia))["prenotati"] == "20.00"
    senza_ente = await puntiluna.post("/v1/lotti", roles=["ente_proprietario"])
    problema(senza_ente, 403, "ente-non-dichiarato")


async def test_an_account_given_away_and_a_confirmation_changed_by_hand_are_found(
    puntiluna: ServiceUnderTest, infra: Infra
) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "confermata"})

    async def guasti() -> list[str]:
        async with puntiluna.transaction() as session:
            return [dove for dove, _ in (await verifica_registro(session)).guasti()]

    async with manomesso(puntiluna, infra) as mano:
        conto = await mano.fetchval("SELECT conto_id FROM conto WHERE titolare = $1 AND tipo = 'nucleo'", str(famiglia))
        await mano.execute("UPDATE conto SET titolare = $2 WHERE conto_id = $1", conto, str(uuid7()))
        assert await guasti() == [f"conto {conto}"]
        await mano.execute(
            "UPDATE conto SET titolare = $2, progetto_id = $3 WHERE conto_id = $1", conto, str(famiglia), uuid7()
        )
        assert await guasti() == [f"conto {conto}"]
        await mano.execute("UPDATE conto SET progetto_id = NULL WHERE conto_id = $1", conto)
        riduzione = await mano.fetchval("SELECT riduzione_id FROM riduzione WHERE nucleo_id = $1", famiglia)
        for tabella, colonna in (("riduzione", "confermato_cent"), ("fonte_riduzione", "importo_cent")):
            comando = f"UPDATE {tabella} SET {colonna} = $2 WHERE riduzione_id = $1"
            await mano.execute(comando, riduzione, 1999)
            assert await guasti() == [f"riduzione {riduzione}"]
            await mano.execute(comando, riduzione, 2000)
    assert await guasti() == []


async def test_a_landlord_is_told_contract_amount_and_protocol_and_nothing_else(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    [riga] = (await mondo.lotto())["righe"]
    assert set(riga) == {"protocollo", "contratto_codice", "importo", "stato", "confermato", "scade_il"}


async def test_the_same_number_twice_in_an_answer_is_refused(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia, contratto = await _con_punti(puntiluna)
    await mondo.prenota(famiglia, contratto, "20.00")
    lotto = await mondo.lotto()
    riga = {"protocollo": 1, "esito": "confermata"}
    risposta = await puntiluna.post(
        f"/v1/lotti/{lotto['lotto_id']}/risposte",
        json={"righe": [riga, riga]},
        roles=["ente_proprietario"],
        ente=mondo.ente,
    )
    problema(risposta, 422, "risposta-ripetuta")
    sconosciuto = await puntiluna.post(
        f"/v1/lotti/{uuid7()}/risposte", json={"righe": [riga]}, roles=["ente_proprietario"], ente=mondo.ente
    )
    problema(sconosciuto, 404, "lotto-sconosciuto")


async def test_the_ledger_verifies_after_all_of_this(puntiluna: ServiceUnderTest) -> None:
    async with puntiluna.transaction() as session:
        verifica = await verifica_registro(session)
    assert verifica.in_ordine, verifica.guasti()
