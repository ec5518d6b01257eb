"""Attendances become points, in whatever order and however often they are told."""

from datetime import timedelta

from chassis.ids import uuid7
from services.puntiluna.jobs import avanzano_le_attese, si_recuperano_punti, si_rivalutano_presenze
from services.puntiluna.service.registro import verifica_registro
from tests.puntiluna.fatti import ADESSO, ANNULLATA, CONFERMATA, RETTIFICATA, Mondo, nucleo, presenza
from tests.support.service import ServiceUnderTest


async def test_two_base_hours_give_ten_points(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia)
    assert await mondo.saldo(famiglia) == "10.00"
    cifre = await mondo.cifre()
    assert (cifre["punti_emessi"], cifre["ore"], cifre["saldo_fondo"]) == ("10.00", "2.00", "9990.00")


async def test_silver_doubles_and_gold_quadruples(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    await mondo.presenza(famiglia, fascia="silver", minuti=60)
    await mondo.presenza(famiglia, fascia="gold", minuti=75)
    assert await mondo.saldo(famiglia) == "35.00"


async def test_an_indirect_activity_waits_for_its_own_tariff_and_then_is_paid_by_it(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    fatta = await mondo.presenza(
        famiglia, fascia="nessuna", diretta=False, categoria_indiretta="centro_aggregazione_giovanile", minuti=60
    )
    accredito = await puntiluna.get(f"/v1/accrediti/{fatta['presenza_id']}", roles=["operatore_laboratorio"])
    assert accredito.json()["stato"] == "senza_tariffa"
    tariffa = {"progetto_id": str(mondo.progetto_id), "tipo": "indiretta", "voce": "centro_aggregazione_giovanile"}
    risposta = await puntiluna.post(
        "/v1/tariffe",
        json=tariffa | {"punti_ora": "1.00", "dal": "2019-01-01"},
        roles=["funzionario_comune"],
        ente="COMUNE-MANTOVA",
    )
    assert risposta.status_code == 201, risposta.text
    await puntiluna.run_job(si_rivalutano_presenze)
    assert await mondo.saldo(famiglia) == "1.00"
    assert (await mondo.cifre())["ore_indirette"] == "1.00"


async def test_an_event_told_twice_counts_once(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    corpo = presenza(mondo.progetto_id, famiglia)
    evento = await puntiluna.deliver(CONFERMATA, corpo)
    await puntiluna.deliver(CONFERMATA, corpo, event_id=evento)
    await puntiluna.deliver(CONFERMATA, corpo)
    assert await mondo.saldo(famiglia) == "10.00"


async def test_a_correction_moves_only_the_difference_both_ways(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    corpo = await mondo.presenza(famiglia)
    await puntiluna.deliver(RETTIFICATA, corpo | {"versione": 2, "minuti": 60})
    assert await mondo.saldo(famiglia) == "5.00"
    await puntiluna.deliver(RETTIFICATA, corpo | {"versione": 3, "minuti": 180})
    assert await mondo.saldo(famiglia) == "15.00"
    stornati = [e for e in await puntiluna.emitted("puntiluna.punti.stornati.v1") if e["nucleo_id"] == str(famiglia)]
    assert [(e["versione"], e["punti_cent"]) for e in stornati] == [(2, 500)]


async def test_a_cancellation_that_comes_first_is_remembered(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    corpo = presenza(mondo.progetto_id, famiglia)
    await puntiluna.deliver(ANNULLATA, corpo | {"versione": 2, "stato": "annullata"})
    await puntiluna.deliver(CONFERMATA, corpo)
    assert await mondo.saldo(famiglia) == "0.00"
    assert (await mondo.cifre())["ore"] == "0.00"


async def test_a_cancelled_attendance_gives_its_points_back_to_the_fund(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    famiglia, _ = await mondo.nucleo_moroso()
    corpo = await mondo.presenza(famiglia)
    await puntiluna.deliver(ANNULLATA, corpo | {"versione": 2, "stato": "annullata"})
    cifre = await mondo.cifre()
    assert (cifre["saldo_fondo"], cifre["punti_emessi"], cifre["presenze"]) == ("100.00", "0.00", 0)


async def test_a_whole_batch_with_versions_mixed_up_keeps_the_newest_of_each(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    prima, seconda = presenza(mondo.progetto_id, famiglia), presenza(mondo.progetto_id, famiglia)
    await puntiluna.deliver_batch(
        [
            (RETTIFICATA, prima | {"versione": 3, "minuti": 15}, uuid7()),
            (CONFERMATA, seconda, uuid7()),
            (CONFERMATA, prima, uuid7()),
            (RETTIFICATA, prima | {"versione": 2, "minuti": 240}, uuid7()),
        ]
    )
    assert await mondo.saldo(famiglia) == "11.25"


async def test_points_wait_for_an_empty_fund_and_post_in_order_of_confirmation(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri(None)
    prima, _ = await mondo.nucleo_moroso()
    seconda, _ = await mondo.nucleo_moroso()
    terza, _ = await mondo.nucleo_moroso()
    await mondo.presenza(seconda, confermata_il=(ADESSO + timedelta(hours=2)).isoformat())
    await mondo.presenza(prima, confermata_il=(ADESSO + timedelta(hours=1)).isoformat(), minuti=240)
    await mondo.presenza(terza, confermata_il=(ADESSO + timedelta(hours=3)).isoformat(), minuti=15)
    assert (await mondo.estratto(prima))["in_attesa_fondo"] == "20.00"
    await mondo.alimenta("25.00")
    saldi = [await mondo.saldo(famiglia) for famiglia in (prima, seconda, terza)]
    assert saldi == ["20.00", "0.00", "0.00"], "the third is small enough, but may not overtake the second"
    cifre = await mondo.cifre()
    assert (cifre["presenze_in_attesa"], cifre["in_attesa_fondo"]) == (2, "11.25")
    await mondo.alimenta("100.00")
    assert [await mondo.saldo(f) for f in (prima, seconda, terza)] == ["20.00", "10.00", "1.25"]
    accreditati = await puntiluna.emitted("puntiluna.punti.accreditati.v1")
    di_seconda = [e for e in accreditati if e["nucleo_id"] == str(seconda)]
    assert [(e["versione"], e["stato"]) for e in di_seconda] == [(1, "in_attesa_fondo"), (2, "accreditato")]


async def test_a_new_attendance_does_not_overtake_those_that_wait(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("15.00")
    prima, _ = await mondo.nucleo_moroso()
    seconda, _ = await mondo.nucleo_moroso()
    await mondo.presenza(prima, minuti=240)
    await mondo.presenza(seconda, minuti=60)
    assert [await mondo.saldo(prima), await mondo.saldo(seconda)] == ["0.00", "0.00"]


async def test_money_that_returns_to_the_fund_lets_the_waiting_points_through(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("10.00")
    prima, _ = await mondo.nucleo_moroso()
    seconda, _ = await mondo.nucleo_moroso()
    corpo = await mondo.presenza(prima)
    await mondo.presenza(seconda)
    await puntiluna.deliver(ANNULLATA, corpo | {"versione": 2, "stato": "annullata"})
    await puntiluna.run_job(avanzano_le_attese)
    assert [await mondo.saldo(prima), await mondo.saldo(seconda)] == ["0.00", "10.00"]


async def test_points_already_given_away_are_recovered_from_the_next_ones(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    famiglia, _ = await mondo.nucleo_moroso()
    corpo = await mondo.presenza(famiglia)
    dono = {"importo": "8.00", "a_progetto_id": str(mondo.progetto_id), "da_nucleo_id": str(famiglia)}
    assert (await puntiluna.post("/v1/donazioni", json=dono, roles=["operatore_laboratorio"])).status_code == 201
    await puntiluna.deliver(ANNULLATA, corpo | {"versione": 2, "stato": "annullata"})
    cifre = await mondo.cifre()
    assert (await mondo.saldo(famiglia), cifre["da_recuperare"], cifre["saldo_fondo"]) == ("0.00", "8.00", "92.00")
    await mondo.presenza(famiglia, minuti=60)
    assert (await mondo.estratto(famiglia))["spendibili"] == "0.00", "what is being recovered cannot be spent"
    await puntiluna.run_job(si_recuperano_punti)
    cifre = await mondo.cifre()
    assert (await mondo.saldo(famiglia), cifre["da_recuperare"], cifre["saldo_fondo"]) == ("0.00", "3.00", "92.00")
    await mondo.presenza(famiglia)
    await puntiluna.run_job(si_recuperano_punti)
    cifre = await mondo.cifre()
    assert (await mondo.saldo(famiglia), cifre["da_recuperare"], cifre["punti_emessi"]) == ("7.00", "0.00", "15.00")


async def test_an_attendance_cancelled_and_confirmed_again_forgives_what_was_to_recover(
    puntiluna: ServiceUnderTest,
) -> None:
    mondo = await Mondo(puntiluna).apri("100.00")
    famiglia, _ = await mondo.nucleo_moroso()
    corpo = await mondo.presenza(famiglia)
    dono = {"importo": "10.00", "a_progetto_id": str(mondo.progetto_id), "da_nucleo_id": str(famiglia)}
    assert (await puntiluna.post("/v1/donazioni", json=dono, roles=["operatore_laboratorio"])).status_code == 201
    await puntiluna.deliver(ANNULLATA, corpo | {"versione": 2, "stato": "annullata"})
    await puntiluna.deliver(CONFERMATA, corpo | {"versione": 3})
    cifre = await mondo.cifre()
    assert (cifre["punti_emessi"], cifre["da_recuperare"], cifre["saldo_fondo"]) == ("10.00", "0.00", "90.00")


async def test_an_attendance_moved_to_another_household_moves_its_points(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    prima, _ = await mondo.nucleo_moroso()
    seconda, _ = await mondo.nucleo_moroso()
    corpo = await mondo.presenza(prima)
    await puntiluna.deliver(RETTIFICATA, corpo | {"versione": 2, "nucleo_id": str(seconda)})
    assert [await mondo.saldo(prima), await mondo.saldo(seconda)] == ["0.00", "10.00"]


async def test_who_has_no_arrears_earns_points_that_can_only_be_given(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    senza_debito, _ = await mondo.nucleo_moroso("0.00")
    await mondo.presenza(senza_debito)
    estratto = await mondo.estratto(senza_debito)
    assert (estratto["saldo"], estratto["saldo_donatore"]) == ("0.00", "10.00")
    senza_contratto = uuid7()
    await puntiluna.deliver("laboratori.nucleo.aggiornato.v1", nucleo(senza_contratto, mondo.progetto_id))
    await mondo.presenza(senza_contratto)
    assert (await mondo.estratto(senza_contratto))["saldo_donatore"] == "10.00"


async def test_a_debt_never_told_is_not_a_zero_debt(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso(None)
    await mondo.presenza(famiglia)
    assert await mondo.saldo(famiglia) == "10.00"


async def test_a_person_without_household_can_give_what_they_earned(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    fatta = await mondo.presenza(None)
    dono = {"importo": "10.00", "a_progetto_id": str(mondo.progetto_id), "da_persona_id": fatta["persona_id"]}
    assert (await puntiluna.post("/v1/donazioni", json=dono, roles=["operatore_laboratorio"])).status_code == 201
    cifre = await mondo.cifre()
    assert (cifre["saldo_solidale"], cifre["punti_emessi"]) == ("10.00", "10.00"), "a donation issues no points"


async def test_attendances_without_points_say_why(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri()
    famiglia, _ = await mondo.nucleo_moroso()
    motivi = []
    for cambi in ({"fascia": "nessuna"}, {"progetto_id": None}):
        fatta = presenza(mondo.progetto_id, famiglia) | cambi
        await puntiluna.deliver(CONFERMATA, fatta)
        letto = await puntiluna.get(f"/v1/accrediti/{fatta['presenza_id']}", roles=["operatore_laboratorio"])
        motivi.append((letto.json()["stato"], letto.json()["motivo"]))
    assert motivi == [
        ("non_dovuto", "l'attività non dà punti"),
        ("non_dovuto", "il laboratorio non appartiene a un progetto con un fondo punti"),
    ]


async def test_the_ledger_verifies_after_all_of_this(puntiluna: ServiceUnderTest) -> None:
    async with puntiluna.transaction() as session:
        verifica = await verifica_registro(session)
    assert verifica.in_ordine, verifica.guasti()
    assert sum(libro.non_sigillati for libro in verifica.libri) > 20
