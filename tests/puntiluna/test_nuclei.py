"""What a household does and sees: donations, sharing of the pool, statement, and nobody else's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis import tables
from chassis.ids import uuid7
from chassis.peers import Identity
from services.puntiluna.rules.registro import Causa, Conto, Libro, Riga, TipoConto
from services.puntiluna.service import estratti
from services.puntiluna.service.registro import componi_movimento
from tests.puntiluna.conftest import Identita
from tests.puntiluna.fatti import ANNULLATA, COMUNE, NUCLEO, Mondo, nucleo, problema
from tests.puntiluna.registro import registra_in
from tests.support.service import ServiceUnderTest


async def _dona(servizio: ServiceUnderTest, **corpo: Any) -> Any:
    return await servizio.post("/v1/donazioni", json=corpo, roles=["operatore_laboratorio"])


async def _con_punti(servizio: ServiceUnderTest) -> tuple[Mondo, UUID]:
    mondo = await Mondo(servizio).apri("100.00")
    famiglia, _ = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia)
    return mondo, famiglia


async def test_a_donation_moves_points_and_issues_none(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    altra, _ = await mondo.nucleo_moroso()
    assert (await _dona(puntiluna, importo="4.00", da_nucleo_id=str(famiglia), a_nucleo_id=str(altra))).is_success
    assert [await mondo.saldo(famiglia), await mondo.saldo(altra)] == ["6.00", "4.00"]
    assert (await mondo.cifre())["punti_emessi"] == "10.00"
    [riga] = (await mondo.estratto(altra))["movimenti"]
    assert (riga["descrizione"], riga["voce"]) == ("Donazione ricevuta", "ricevuti")
    assert str(famiglia) not in str(riga), "who receives never learns who gave"


async def test_points_that_can_only_be_given_leave_first(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    famiglia, contratto = await mondo.nucleo_moroso("0.00")
    await mondo.presenza(famiglia)
    await mondo.debiti({contratto: "50.00"}, al_giorno="2019-05-02")
    await mondo.presenza(famiglia)
    dono = {"importo": "12.00", "da_nucleo_id": str(famiglia), "a_progetto_id": str(mondo.progetto_id)}
    assert (await _dona(puntiluna, **dono)).is_success
    estratto = await mondo.estratto(famiglia)
    assert (estratto["saldo"], estratto["saldo_donatore"], estratto["donati"]) == ("8.00", "0.00", "12.00")


async def test_donations_that_cannot_be_made_are_refused(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    da, al_fondo = {"da_nucleo_id": str(famiglia)}, {"a_progetto_id": str(mondo.progetto_id)}
    problema(await _dona(puntiluna, importo="10.01", **da, **al_fondo), 409, "saldo-insufficiente")
    problema(await _dona(puntiluna, importo="1.00", **da, a_nucleo_id=str(famiglia)), 409, "donazione-in-proprio")
    problema(await _dona(puntiluna, importo="1.00", **da), 422, "destinatario-mancante")
    problema(
        await _dona(puntiluna, importo="1.00", **da, **al_fondo, a_nucleo_id=str(uuid7())), 422, "destinatario-mancante"
    )
    problema(await _dona(puntiluna, importo="1.00", **al_fondo), 422, "donatore-mancante")
    problema(await _dona(puntiluna, importo="1.00", **da, a_nucleo_id=str(uuid7())), 422, "destinatario-sconosciuto")
    problema(await _dona(puntiluna, importo="1.00", **da, a_progetto_id=str(uuid7())), 422, "destinatario-sconosciuto")
    assert await mondo.saldo(famiglia) == "10.00"


async def test_the_pool_is_shared_out_by_an_act_all_or_nothing(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    altra, _ = await mondo.nucleo_moroso()
    await _dona(puntiluna, importo="9.00", da_nucleo_id=str(famiglia), a_progetto_id=str(mondo.progetto_id))

    async def ripartisci(atto: str, *quote: tuple[UUID, str], ente: str = COMUNE) -> Any:
        return await puntiluna.post(
            f"/v1/progetti/{mondo.progetto_id}/ripartizioni",
            json={"atto": atto, "quote": [{"nucleo_id": str(n), "importo": i} for n, i in quote]},
            roles=["funzionario_comune"],
            ente=ente,
        )

    problema(await ripartisci("A1", (famiglia, "5.00"), (altra, "4.01")), 409, "saldo-insufficiente")
    problema(await ripartisci("A1", (altra, "1.00"), (altra, "1.00")), 422, "ripartizione-non-valida")
    problema(await ripartisci("A1", (uuid7(), "1.00")), 422, "destinatario-sconosciuto")
    problema(await ripartisci("A1", (altra, "1.00"), ente="COMUNE-CREMONA"), 403, "fuori-competenza")
    fatta = await ripartisci("A1", (famiglia, "5.00"), (altra, "4.00"))
    assert (fatta.status_code, fatta.json()["totale"], fatta.json()["nuclei"]) == (201, "9.00", 2)
    problema(await ripartisci("A1", (altra, "1.00")), 409, "atto-gia-registrato")
    assert [await mondo.saldo(famiglia), await mondo.saldo(altra)] == ["6.00", "4.00"]
    assert (await mondo.cifre())["saldo_solidale"] == "0.00"


async def test_a_resident_sees_and_moves_only_their_own_household(
    puntiluna: ServiceUnderTest, identita: Identita
) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    altra, contratto = await mondo.nucleo_moroso()
    identita.persone["anna"] = Identity(uuid7(), famiglia)
    proprio = await puntiluna.get(f"/v1/nuclei/{famiglia}/estratto-conto", roles=["residente"], sub="anna")
    assert proprio.json()["saldo"] == "10.00"
    for coda in ("estratto-conto", "estratto-conto.csv", "riduzioni"):
        altrui = await puntiluna.get(f"/v1/nuclei/{altra}/{coda}", roles=["residente"], sub="anna")
        problema(altrui, 403, "nucleo-di-altri")
    corpo = {"ente_proprietario": mondo.ente, "contratto_codice": contratto, "importo": "1.00"}
    prenota = await puntiluna.post(f"/v1/nuclei/{altra}/riduzioni", json=corpo, roles=["residente"], sub="anna")
    problema(prenota, 403, "nucleo-di-altri")
    dono = {"importo": "1.00", "a_progetto_id": str(mondo.progetto_id)}
    rubata = await puntiluna.post(
        "/v1/donazioni", json=dono | {"da_nucleo_id": str(altra)}, roles=["residente"], sub="anna"
    )
    problema(rubata, 403, "nucleo-di-altri")
    assert (await puntiluna.post("/v1/donazioni", json=dono, roles=["residente"], sub="anna")).status_code == 201
    async with puntiluna.transaction() as session:
        negati = await session.scalar(
            sa.select(sa.func.count())
            .select_from(tables.access_register)
            .where(tables.access_register.c.soggetto == "anna", tables.access_register.c.esito == "negato")
        )
    assert negati == 5, "each refusal is written down, though its transaction was rolled back"


async def test_a_desk_reading_is_written_in_the_register(puntiluna: ServiceUnderTest) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    await mondo.estratto(famiglia)
    async with puntiluna.transaction() as session:
        scopi = await session.scalars(
            sa.select(tables.access_register.c.scopo).where(tables.access_register.c.oggetto_id == str(famiglia))
        )
        assert list(scopi) == ["Legge l'estratto conto di un nucleo"]


async def test_the_statement_is_the_same_as_it_was_at_any_past_instant(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    inizio = puntiluna.clock.now()
    try:
        famiglia, contratto = await mondo.nucleo_moroso("100.00")
        fatta = await mondo.presenza(famiglia, minuti=240)
        istanti, saldi = [], []

        async def segna() -> None:
            istanti.append(puntiluna.clock.now().isoformat())
            saldi.append(await mondo.estratto(famiglia))
            puntiluna.set_clock(puntiluna.clock.now() + timedelta(days=1))

        await segna()
        await mondo.prenota(famiglia, contratto, "15.00")
        await segna()
        lotto = await mondo.lotto()
        await mondo.rispondi(lotto["lotto_id"], {"protocollo": 1, "esito": "parziale", "importo": "10.00"})
        await segna()
        await puntiluna.deliver(ANNULLATA, fatta | {"versione": 2, "stato": "annullata"})
        await segna()
        assert [(e["saldo"], e["prenotati"], e["spesi"]) for e in saldi] == [
            ("20.00", "0.00", "0.00"),
            ("5.00", "15.00", "0.00"),
            ("10.00", "0.00", "10.00"),
            ("0.00", "0.00", "10.00"),
        ]
        for istante, allora in zip(istanti, saldi, strict=True):
            adesso = await mondo.estratto(famiglia, al=istante)
            uguali = ("saldo", "prenotati", "spesi", "movimenti", "morosita", "guadagnati")
            assert {k: adesso[k] for k in uguali} == {k: allora[k] for k in uguali}
        assert [e["morosita"][0]["residuo"] for e in saldi] == ["100.00", "100.00", "90.00", "90.00"]
    finally:
        puntiluna.set_clock(inizio)


async def test_the_statement_tells_each_movement_in_italian_page_by_page_and_as_csv(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    await mondo.presenza(famiglia, fascia="gold", minuti=75)
    await _dona(puntiluna, importo="1.00", da_nucleo_id=str(famiglia), a_progetto_id=str(mondo.progetto_id))
    prima = await mondo.estratto(famiglia, limit="2")
    seconda = await mondo.estratto(famiglia, limit="2", cursor=prima["cursor"])
    righe = [(r["descrizione"], r["punti"], r["saldo"]) for r in prima["movimenti"] + seconda["movimenti"]]
    assert righe == [
        ("Donazione al fondo Solidal", "-1.00", "34.00"),
        ("Attività del 19/05/2019 (1 h 15 min, gold)", "25.00", "35.00"),
        ("Attività del 19/05/2019 (2 ore, base)", "10.00", "10.00"),
    ]
    csv = await puntiluna.get(f"/v1/nuclei/{famiglia}/estratto-conto.csv", roles=["funzionario_comune"], ente=COMUNE)
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(csv.text.strip().split("\r\n")) == 4
    assert "Donazione al fondo Solidal,-1.00,34.00" in csv.text
    sconosciuto = await puntiluna.get(f"/v1/nuclei/{uuid7()}/estratto-conto", roles=["operatore_laboratorio"])
    problema(sconosciuto, 404, "nucleo-sconosciuto")


async def test_a_movement_of_both_accounts_of_a_household_is_cut_by_no_page_and_sums_know_no_limit(
    puntiluna: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    fondo = Conto(Libro.PUNTI, TipoConto.FONDO, str(mondo.progetto_id))
    suoi = [Conto(Libro.PUNTI, tipo, str(famiglia)) for tipo in (TipoConto.NUCLEO, TipoConto.DONATORE)]
    doppio = componi_movimento(
        libro=Libro.PUNTI,
        causa=Causa.RIPORTO,
        chiave=str(uuid7()),
        righe=[Riga(fondo, -300), Riga(suoi[0], 100), Riga(suoi[1], 200)],
        accaduto_il=puntiluna.clock.now(),
    )
    await registra_in(puntiluna, doppio)
    pagine, cursore = [], None
    for _ in range(3):
        pagina = await mondo.estratto(famiglia, limit="1", **({"cursor": cursore} if cursore else {}))
        pagine += [r["punti"] for r in pagina["movimenti"]]
        cursore = pagina["cursor"]
    assert (sorted(pagine), cursore) == (["1.00", "10.00", "2.00"], None)
    contratto = f"C-{uuid7().hex[-10:]}"
    await puntiluna.deliver(NUCLEO, nucleo(famiglia, mondo.progetto_id, (mondo.ente, contratto), versione=9))
    await mondo.debiti({contratto: "50.00"})
    for _ in range(3):
        await mondo.prenota(famiglia, contratto, "1.00")
    monkeypatch.setattr(estratti, "RIDUZIONI_MASSIME", 1)
    estratto = await mondo.estratto(famiglia)
    assert (len(estratto["riduzioni"]), estratto["prenotati"]) == (1, "3.00")


async def test_an_operator_of_another_lab_and_an_officer_of_another_comune_are_refused(
    puntiluna: ServiceUnderTest, identita: Identita
) -> None:
    mondo, famiglia = await _con_punti(puntiluna)
    identita.estranei.add("operatore.altrove")
    percorso = f"/v1/nuclei/{famiglia}"
    for coda in ("estratto-conto", "estratto-conto.csv", "riduzioni"):
        for chi in (
            {"roles": ["operatore_laboratorio"], "sub": "operatore.altrove"},
            {"roles": ["funzionario_comune"], "ente": "COMUNE-CREMONA"},
            {"roles": ["funzionario_comune"]},
        ):
            problema(await puntiluna.get(f"{percorso}/{coda}", **chi), 403, "nucleo-di-altri")
        assert (await puntiluna.get(f"{percorso}/{coda}", roles=["funzionario_comune"], ente=COMUNE)).is_success
    corpo = {"ente_proprietario": mondo.ente, "contratto_codice": "C", "importo": "1.00"}
    chi = {"roles": ["operatore_laboratorio"], "sub": "operatore.altrove"}
    problema(await puntiluna.post(f"{percorso}/riduzioni", json=corpo, **chi), 403, "nucleo-di-altri")
    dono = {"importo": "1.00", "da_nucleo_id": str(famiglia), "a_progetto_id": str(mondo.progetto_id)}
    problema(await puntiluna.post("/v1/donazioni", json=dono, **chi), 403, "nucleo-di-altri")
    fatta = await mondo.presenza(famiglia)
    accredito = f"/v1/accrediti/{fatta['presenza_id']}"
    problema(await puntiluna.get(accredito, **chi), 403, "nucleo-di-altri")
    estraneo = await puntiluna.get(accredito, roles=["funzionario_comune"], ente="COMUNE-CREMONA")
    problema(estraneo, 403, "fuori-competenza")
