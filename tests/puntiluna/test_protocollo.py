"""The landlord protocol under attack and by the book: signed batches, digests, files, reconciliation, refusals kept."""

import base64
import hashlib
import json
import time
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.ids import uuid7
from chassis.signing import FirmaNonValida, verify
from services.puntiluna.jobs import si_riducono_morosita
from services.puntiluna.rules.riduzioni import TIPO_LOTTO
from services.puntiluna.rules.scelte import importo_automatico
from tests.puntiluna.fatti import Mondo, prenotata, problema
from tests.support.service import ServiceUnderTest


async def _ente(servizio: ServiceUnderTest, mondo: Mondo, percorso: str, corpo: Any = None, **altro: Any) -> Any:
    return await servizio.post(percorso, json=corpo, roles=["ente_proprietario"], ente=mondo.ente, **altro)


async def _registrati(servizio: ServiceUnderTest, scopo: str) -> int:
    async with servizio.transaction() as session:
        return int(
            await session.scalar(
                sa.text("SELECT count(*) FROM registro_accessi WHERE esito = 'negato' AND scopo = :scopo"),
                {"scopo": scopo},
            )
            or 0
        )


async def test_a_batch_is_signed_once_and_its_answer_carries_the_digest_of_its_bytes(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, _, contratto = await prenotata(puntiluna)
    risposta = await _ente(puntiluna, mondo, "/v1/lotti")
    digest = base64.b64encode(hashlib.sha256(risposta.content).digest()).decode()
    assert risposta.headers["content-digest"] == f"sha-256=:{digest}:"
    lotto = risposta.json()["lotto"]
    chiavi = (await puntiluna.get("/v1/chiavi")).json()
    firmato = json.loads(verify(lotto["firma"], chiavi, typ=TIPO_LOTTO))
    assert (firmato["lotto_id"], firmato["ente_proprietario"]) == (lotto["lotto_id"], mondo.ente)
    assert firmato["righe"] == [{"protocollo": 1, "contratto_codice": contratto, "importo": "20.00"}]
    assert (await mondo.lotto())["firma"] == lotto["firma"], "frozen: the same signature, not another of the same"
    testa, corpo, coda = lotto["firma"].split(".")
    alterato = base64.urlsafe_b64encode(base64.urlsafe_b64decode(corpo + "==").replace(b'"20.00"', b'"99.00"')).decode()
    with pytest.raises(FirmaNonValida):
        verify(f"{testa}.{alterato.rstrip('=')}.{coda}", chiavi, typ=TIPO_LOTTO)


async def test_what_is_not_the_landlords_or_was_tampered_with_is_refused_recorded_and_changes_nothing(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, famiglia, contratto = await prenotata(puntiluna)
    altro, altra_famiglia, _ = await prenotata(puntiluna)
    lotto, altrui = await mondo.lotto(), await altro.lotto()
    corpo = {"righe": [{"protocollo": 1, "esito": "confermata"}]}
    percorso = f"/v1/lotti/{lotto['lotto_id']}/risposte"

    async def rifiutata(scopo: str, risposta: Any, stato: int, tipo: str, prima: int) -> None:
        problema(risposta, stato, tipo)
        assert await _registrati(puntiluna, scopo) == prima + 1
        for casa, lei in ((mondo, famiglia), (altro, altra_famiglia)):
            estratto = await casa.estratto(lei)
            assert (estratto["prenotati"], estratto["spesi"]) == ("20.00", "0.00")

    sconosciuto, alterato, digest = (
        "rifiutato: " + t for t in ("lotto-sconosciuto", "lotto-alterato", "corpo-alterato")
    )
    prima = await _registrati(puntiluna, sconosciuto)
    await rifiutata(sconosciuto, await _ente(puntiluna, altro, percorso, corpo), 404, "lotto-sconosciuto", prima)
    letto = await puntiluna.get(f"/v1/lotti/{lotto['lotto_id']}", roles=["ente_proprietario"], ente=altro.ente)
    await rifiutata(sconosciuto, letto, 404, "lotto-sconosciuto", prima + 1)
    quante = await _registrati(puntiluna, alterato)
    di_un_altro = await _ente(puntiluna, mondo, percorso, corpo | {"impronta": altrui["impronta"]})
    await rifiutata(alterato, di_un_altro, 409, "lotto-alterato", quante)
    for valore in (f"sha-256=:{base64.b64encode(b'x' * 32).decode()}:", "md5=:x:", "sha-256=:%%%:"):
        quante = await _registrati(puntiluna, digest)
        cambiato = await _ente(puntiluna, mondo, percorso, corpo, headers={"Content-Digest": valore})
        await rifiutata(digest, cambiato, 422, "corpo-alterato", quante)
    superata = "rifiutato: rilevazione-superata"
    await mondo.debiti({contratto: "500.00"}, al_giorno="2019-05-10")
    vecchia = {
        "tipo": "parziale",
        "al_giorno": "2019-05-09",
        "righe": [{"contratto_codice": contratto, "importo": "1.00"}],
    }
    quante = await _registrati(puntiluna, superata)
    stantia = await _ente(puntiluna, mondo, "/v1/debiti/rilevazioni", vecchia)
    await rifiutata(superata, stantia, 409, "rilevazione-superata", quante)
    assert (await mondo.estratto(famiglia))["morosita"][0]["comunicato"] == "500.00"


async def test_an_answer_with_the_right_digests_is_taken_once_and_its_replay_is_kept_apart(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, famiglia, _ = await prenotata(puntiluna)
    lotto = await mondo.lotto()
    corpo = {"impronta": lotto["impronta"], "righe": [{"protocollo": 1, "esito": "confermata"}]}
    contenuto = json.dumps(corpo).encode()
    digest = base64.b64encode(hashlib.sha512(contenuto).digest()).decode()
    for atteso in ("registrata", "gia_registrata"):
        risposta = await puntiluna.post(
            f"/v1/lotti/{lotto['lotto_id']}/risposte",
            content=contenuto,
            headers={"Content-Digest": f"sha-512=:{digest}:", "Content-Type": "application/json"},
            roles=["ente_proprietario"],
            ente=mondo.ente,
        )
        assert [riga["esito"] for riga in risposta.json()["righe"]] == [atteso]
    assert (await mondo.estratto(famiglia))["spesi"] == "20.00"
    async with puntiluna.transaction() as session:
        tenute = await session.scalars(
            sa.text("SELECT esito FROM risposta WHERE lotto_id = :lotto ORDER BY risposta_id"),
            {"lotto": UUID(lotto["lotto_id"])},
        )
        assert list(tenute) == ["registrata", "gia_registrata"]


async def _csv(servizio: ServiceUnderTest, mondo: Mondo, testo: str | bytes, **parametri: str) -> Any:
    return await servizio.post(
        "/v1/debiti/rilevazioni/csv",
        content=testo,
        params={"tipo": "completa", "al_giorno": "2019-05-01"} | parametri,
        headers={"Content-Type": "text/csv; charset=utf-8"},
        roles=["ente_proprietario"],
        ente=mondo.ente,
    )


async def test_a_file_is_taken_whole_or_each_wrong_line_is_named(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    presa = await _csv(puntiluna, mondo, "contratto_codice;importo\r\nA-1;10,50\r\nA-2;0.00\r\n\r\n")
    assert (presa.status_code, presa.json()["totale"], presa.json()["righe"]) == (201, "10.50", 2)
    errata = await _csv(puntiluna, mondo, "contratto_codice,importo\nA-1,1.00\nB 2,1.00\nA-3,1\nA-4\nA-5,9.99\n")
    rifiuto = problema(errata, 422, "rilevazione-con-errori")
    assert [riga["campo"] for riga in rifiuto["errori"]] == ["riga 3", "riga 4", "riga 5"]
    for contenuto in ("", "codice,importo\nA-1,1.00", "contratto_codice,importo\n", b"\xff\xfe", 'a\n"b'):
        problema(await _csv(puntiluna, mondo, contenuto), 422, "rilevazione-con-errori")
    doppia = await _csv(puntiluna, mondo, "contratto_codice,importo\nA-1,1.00\nA-1,2.00\n")
    problema(doppia, 422, "contratto-ripetuto")
    dopo = await _csv(puntiluna, mondo, "contratto_codice,importo\nA-2,3.00\n", al_giorno="2019-05-02")
    assert dopo.json()["non_comunicate"] == 1
    sbagliato = await puntiluna.post(
        "/v1/debiti/rilevazioni/csv",
        json={},
        params={"tipo": "completa", "al_giorno": "2019-05-01"},
        roles=["ente_proprietario"],
        ente=mondo.ente,
    )
    problema(sbagliato, 415, "unsupported-media-type")


async def test_a_hundred_thousand_debts_are_taken_in_one_file(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso(None, "K-50000")
    righe = "".join(f"K-{n},{n % 900}.{n % 100:02d}\n" for n in range(100_000))
    inizio = time.monotonic()
    presa = await _csv(puntiluna, mondo, "contratto_codice,importo\n" + righe)
    durata = time.monotonic() - inizio
    assert presa.status_code == 201, presa.text
    assert (presa.json()["righe"], presa.json()["non_abbinate"]) == (100_000, 99_999)
    assert durata < 30
    assert (await mondo.estratto(famiglia))["morosita"][0]["comunicato"] == f"{50_000 % 900}.00"
    troppe = await _csv(puntiluna, mondo, "contratto_codice,importo\n" + righe + "K-X,1.00\n")
    problema(troppe, 422, "rilevazione-con-errori")


async def test_reconciliation_lists_every_difference_with_an_act_and_changes_nothing(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia, minuti=480)
    for _ in range(6):
        await mondo.prenota(famiglia, contratto, "5.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(
        lotto["lotto_id"],
        *({"protocollo": n, "esito": "confermata"} for n in (1, 2, 3, 4)),
        {"protocollo": 5, "esito": "respinta", "motivo": "altro"},
    )
    giorno = puntiluna.clock.now().date().isoformat()
    riga = {"contratto_codice": contratto, "importo": "5.00"}
    prima = await mondo.estratto(famiglia)
    esito = await _ente(
        puntiluna,
        mondo,
        "/v1/riconciliazioni",
        {
            "dal": giorno,
            "al": giorno,
            "righe": [
                {"protocollo": 1} | riga,
                {"protocollo": 2} | riga | {"importo": "4.00"},
                {"protocollo": 3} | riga | {"contratto_codice": "ALTRO-1"},
                {"protocollo": 5} | riga,
                {"protocollo": 6} | riga,
                {"protocollo": 99} | riga,
            ],
        },
    )
    assert esito.status_code == 201, esito.text
    corpo = esito.json()
    assert (corpo["concordi"], corpo["differenze"]) == (1, 6)
    assert (corpo["totale_ente"], corpo["totale_piattaforma"]) == ("29.00", "20.00")
    percorso = f"/v1/riconciliazioni/{corpo['riconciliazione_id']}/differenze"
    pagina = await puntiluna.get(percorso, roles=["ente_proprietario"], ente=mondo.ente)
    assert [(d["protocollo"], d["tipo"], d["atto_proposto"]) for d in pagina.json()["items"]] == [
        (2, "importo_diverso", "correggi_importo"),
        (3, "contratto_diverso", "correggi_contratto"),
        (4, "non_registrata", "registra_presso_ente"),
        (5, "respinta_qui", "annulla_presso_ente"),
        (6, "senza_risposta", "rispondi_al_lotto"),
        (99, "sconosciuta", "annulla_presso_ente"),
    ]
    dopo = await mondo.estratto(famiglia)
    assert {nome: valore for nome, valore in dopo.items() if nome != "al"} == {
        nome: valore for nome, valore in prima.items() if nome != "al"
    }
    altrui = await puntiluna.get(percorso, roles=["ente_proprietario"], ente=Mondo(puntiluna).ente)
    problema(altrui, 404, "riconciliazione-sconosciuta")
    elenco = await puntiluna.get("/v1/riconciliazioni", roles=["ente_proprietario"], ente=mondo.ente)
    assert [r["riconciliazione_id"] for r in elenco.json()["items"]] == [corpo["riconciliazione_id"]]
    rovesciato = {"dal": "2019-05-02", "al": "2019-05-01", "righe": []}
    problema(await _ente(puntiluna, mondo, "/v1/riconciliazioni", rovesciato), 422, "periodo-rovesciato")
    for periodo in ({"dal": "0001-01-01", "al": "2019-05-31"}, {"dal": "2019-05-01", "al": "9999-12-31"}):
        lontano = await _ente(puntiluna, mondo, "/v1/riconciliazioni", periodo | {"righe": []})
        problema(lontano, 422, "periodo-fuori-limiti")
    enormi = [{"protocollo": n, "contratto_codice": "C-1", "importo": "9999999999999.99"} for n in (1, 2)]
    troppi = {"dal": "2019-05-01", "al": "2019-05-31", "righe": enormi}
    problema(await _ente(puntiluna, mondo, "/v1/riconciliazioni", troppi), 422, "totale-fuori-limiti")


async def _scegli(servizio: ServiceUnderTest, famiglia: UUID, etag: str | None = None, **scelta: Any) -> Any:
    return await servizio.put(
        f"/v1/nuclei/{famiglia}/scelta-riduzioni",
        json=scelta,
        headers={"If-Match": etag} if etag else {},
        roles=["operatore_laboratorio"],
    )


async def test_a_standing_choice_reserves_by_itself_and_does_not_insist_on_what_was_refused(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, contratto = await mondo.nucleo_moroso("500.00")
    percorso = f"/v1/nuclei/{famiglia}/scelta-riduzioni"
    mai = (await puntiluna.get(percorso, roles=["operatore_laboratorio"])).json()
    assert (mai["automatica"], mai["versione"]) == (False, None)
    await mondo.presenza(famiglia, minuti=180)
    await puntiluna.run_job(si_riducono_morosita)
    assert (await mondo.estratto(famiglia))["riduzioni"] == []
    scelta = await _scegli(puntiluna, famiglia, automatica=True, minimo="10.00", riserva="3.00")
    assert scelta.json()["versione"] == 1
    problema(await _scegli(puntiluna, famiglia, automatica=False), 428, "precondition-required")
    await puntiluna.run_job(si_riducono_morosita)
    estratto = await mondo.estratto(famiglia)
    assert (estratto["saldo"], estratto["prenotati"]) == ("3.00", "12.00")
    lotto = await mondo.lotto()
    await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "respinta", "motivo": "contenzioso"})
    await puntiluna.run_job(si_riducono_morosita)
    assert await mondo.lotto() is None, "what was refused is not asked again"
    await mondo.debiti({contratto: "2.00"}, al_giorno="2019-05-02")
    await puntiluna.run_job(si_riducono_morosita)
    assert (await mondo.lotto())["totale"] == "2.00", "less than the least, but it ends the arrears"
    elenco = await puntiluna.get(f"/v1/nuclei/{famiglia}/riduzioni", roles=["operatore_laboratorio"])
    assert [r["automatica"] for r in elenco.json()["items"]] == [True, True]
    ferma = await _scegli(puntiluna, famiglia, scelta.headers["etag"], automatica=False)
    assert (ferma.status_code, ferma.json()["versione"]) == (200, 2)
    ignoto = await _scegli(puntiluna, uuid7(), automatica=True)
    problema(ignoto, 404, "scelta-sconosciuta")


@pytest.mark.parametrize(
    ("spendibile", "riserva", "minimo", "riducibile", "atteso"),
    [(100, 0, 10, 500, 100), (100, 95, 10, 500, 0), (100, 95, 10, 5, 5), (100, 100, 1, 5, 0), (8, 0, 10, 500, 0)],
)
def test_an_automatic_reduction_takes_what_is_worth_it(
    spendibile: int, riserva: int, minimo: int, riducibile: int, atteso: int
) -> None:
    importo = importo_automatico(
        spendibile_cent=spendibile, riserva_cent=riserva, minimo_cent=minimo, riducibile_cent=riducibile
    )
    assert importo == atteso
