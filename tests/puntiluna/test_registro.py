"""The ledger: posting, isolation of refused movements, seals, and a verification that finds every tampering."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
import sqlalchemy as sa

from chassis.ids import uuid7
from services.puntiluna.jobs import sigilla_movimenti
from services.puntiluna.queries import registro as queries
from services.puntiluna.queries.registro import Registrazione
from services.puntiluna.rules.registro import (
    Causa,
    ChiaveRiusata,
    Conto,
    EsitoRegistrazione,
    Libro,
    Movimento,
    MovimentoNonValido,
    Riga,
    SaldoInsufficiente,
    TipoConto,
)
from services.puntiluna.service.registro import (
    Verifica,
    registra,
    registra_tutti,
    verifica_registro,
)
from tests.puntiluna.fatti import ADESSO, Mondo
from tests.puntiluna.registro import conto, manomesso, movimento, registra_in
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest

REGISTRATO, INSUFFICIENTE = EsitoRegistrazione.REGISTRATO, EsitoRegistrazione.SALDO_INSUFFICIENTE


async def saldo(servizio: ServiceUnderTest, di: Conto) -> int:
    async with servizio.transaction() as session:
        return (await queries.saldi(session, [di.conto_id])).get(di.conto_id, 0)


async def verifica(servizio: ServiceUnderTest) -> Verifica:
    async with servizio.transaction() as session:
        return await verifica_registro(session)


async def test_a_refused_movement_leaves_its_neighbours_alone(puntiluna: ServiceUnderTest) -> None:
    fondo, casa, altra = conto(TipoConto.FONDO), conto(), conto()
    await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), fondo, 100))
    esiti = await registra_in(
        puntiluna,
        movimento(fondo, casa, 60),
        movimento(fondo, altra, 50),
        movimento(fondo, altra, 40),
        movimento(casa, altra, 61),
    )
    assert [esito.esito for esito in esiti] == [REGISTRATO, INSUFFICIENTE, REGISTRATO, INSUFFICIENTE]
    assert [esito.conto_scoperto for esito in esiti] == [None, fondo.conto_id, None, casa.conto_id]
    assert [await saldo(puntiluna, c) for c in (fondo, casa, altra)] == [0, 60, 40]


async def test_the_points_a_batch_brings_can_be_spent_later_in_the_same_batch(puntiluna: ServiceUnderTest) -> None:
    a, b = conto(), conto()
    esiti = await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), a, 10), movimento(a, b, 10))
    assert [esito.esito for esito in esiti] == [REGISTRATO, REGISTRATO]


async def test_the_same_key_posts_once_and_another_movement_under_it_is_refused(puntiluna: ServiceUnderTest) -> None:
    da, a = conto(TipoConto.APPORTO), conto()
    [prima] = await registra_in(puntiluna, movimento(da, a, 10, "una-chiave"))
    [dopo] = await registra_in(puntiluna, movimento(da, a, 10, "una-chiave"))
    assert (dopo.esito, dopo.movimento_id) == (EsitoRegistrazione.GIA_REGISTRATO, prima.movimento_id)
    with pytest.raises(ChiaveRiusata):
        await registra_in(puntiluna, movimento(da, a, 11, "una-chiave"))
    assert await saldo(puntiluna, a) == 10


async def test_the_same_key_on_other_accounts_at_the_same_time_posts_once(puntiluna: ServiceUnderTest) -> None:
    da = conto(TipoConto.APPORTO)

    async def prova(a: Conto) -> object:
        try:
            return await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), a, 10, "contesa"))
        except (ChiaveRiusata, sa.exc.DBAPIError) as errore:
            return errore

    destinatari = [conto() for _ in range(6)]
    await asyncio.gather(*(prova(a) for a in destinatari))
    assert sum([await saldo(puntiluna, a) for a in destinatari]) == 10
    assert await saldo(puntiluna, da) == 0


async def test_a_batch_with_the_same_key_twice_is_refused(puntiluna: ServiceUnderTest) -> None:
    da, a = conto(TipoConto.APPORTO), conto()
    with pytest.raises(MovimentoNonValido):
        await registra_in(puntiluna, movimento(da, a, 1, "doppia"), movimento(da, a, 1, "doppia"))


async def test_movements_that_stand_together_fall_together(puntiluna: ServiceUnderTest) -> None:
    da, a = conto(TipoConto.APPORTO), conto()
    with pytest.raises(SaldoInsufficiente):
        async with puntiluna.transaction() as session:
            await registra_tutti(session, [movimento(da, a, 5), movimento(a, conto(), 6)], now=ADESSO)
    assert await saldo(puntiluna, a) == 0


async def test_many_at_once_on_one_fund_never_overdraw_it_and_lose_nothing(puntiluna: ServiceUnderTest) -> None:
    fondo = conto(TipoConto.FONDO)
    await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), fondo, 1000))
    case = [conto() for _ in range(16)]

    async def accredita(posto: int) -> Sequence[Registrazione]:
        scelte = [case[(posto * 7 + passo) % 16] for passo in range(8)]
        return await registra_in(puntiluna, *(movimento(fondo, casa, 3) for casa in scelte))

    risposte = await asyncio.gather(*(accredita(posto) for posto in range(64)))
    riusciti = [esito for risposta in risposte for esito in risposta if esito.esito is REGISTRATO]
    assert len(riusciti) == 333, "1000 hundredths hold exactly 333 times three"
    assert await saldo(puntiluna, fondo) == 1
    assert sum([await saldo(puntiluna, casa) for casa in case]) == 999
    assert (await verifica(puntiluna)).in_ordine


async def test_households_giving_to_each_other_at_once_do_not_deadlock(puntiluna: ServiceUnderTest) -> None:
    case = [conto() for _ in range(6)]
    await registra_in(puntiluna, *(movimento(conto(TipoConto.APPORTO), casa, 1000) for casa in case))
    coppie = [(a, b) for a in case for b in case if a is not b]
    esiti = await asyncio.gather(*(registra_in(puntiluna, movimento(a, b, 7)) for a, b in coppie * 3))
    assert all(esito.esito is REGISTRATO for risposta in esiti for esito in risposta)
    assert [await saldo(puntiluna, casa) for casa in case] == [1000] * 6


async def test_a_past_balance_is_the_sum_of_what_was_registered_by_then(puntiluna: ServiceUnderTest) -> None:
    da, a = conto(TipoConto.APPORTO), conto()
    for giorno in (0, 1, 2):
        async with puntiluna.transaction() as session:
            await registra(session, [movimento(da, a, 10 + giorno)], now=ADESSO + timedelta(days=giorno))
    async with puntiluna.transaction() as session:
        letti = [
            (await queries.saldi_al(session, [a.conto_id], ADESSO + timedelta(days=d))).get(a.conto_id, 0)
            for d in (-1, 0, 1, 2)
        ]
    assert letti == [0, 10, 21, 33]


@pytest.mark.parametrize(
    "comando",
    [
        "UPDATE conto SET saldo_cent = saldo_cent + 1",
        "UPDATE riga SET importo_cent = importo_cent + 1",
        "DELETE FROM movimento",
        "DELETE FROM sigillo",
        (
            "INSERT INTO conto (conto_id, libro, tipo, titolare, saldo_cent, aperto_il) "
            "VALUES (gen_random_uuid(), 'punti', 'nucleo', 'x', 100, now())"
        ),
        "INSERT INTO saldo_notato SELECT conto_id, now(), 5 FROM conto LIMIT 1",
        "INSERT INTO riga SELECT movimento_id, conto_id, 5, registrato_il FROM riga LIMIT 1",
    ],
)
async def test_the_runtime_role_cannot_touch_the_ledger_by_hand(puntiluna: ServiceUnderTest, comando: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"permission denied|functions only"):
        async with puntiluna.transaction() as session:
            await session.execute(sa.text(comando))


async def test_not_even_the_owner_changes_the_past_or_writes_an_unbalanced_movement(
    puntiluna: ServiceUnderTest,
) -> None:
    connessione = await asyncpg.connect(puntiluna.settings.migration_url)
    try:
        with pytest.raises(asyncpg.PostgresError, match="immutable"):
            await connessione.execute("UPDATE riga SET importo_cent = importo_cent")
        altro = conto()
        await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), altro, 5))
        [esito] = await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), conto(), 5))
        with pytest.raises(asyncpg.PostgresError, match="sum to zero"):
            await connessione.execute(
                "INSERT INTO riga VALUES ($1, $2, 5, $3)", esito.movimento_id, altro.conto_id, ADESSO
            )
        with pytest.raises(asyncpg.PostgresError, match="saldo_non_negativo"):
            await connessione.execute("UPDATE conto SET saldo_cent = -1 WHERE tipo = 'nucleo'")
    finally:
        await connessione.close()


async def test_a_movement_across_two_books_is_refused_by_the_database_too(puntiluna: ServiceUnderTest) -> None:
    da, a = conto(TipoConto.APPORTO), conto(libro=Libro.QUOTE)
    storto = Movimento(uuid7(), Libro.PUNTI, Causa.ACCREDITO, str(uuid7()), (Riga(da, -5), Riga(a, 5)), ADESSO)
    with pytest.raises(sa.exc.DBAPIError, match="another book"):
        await registra_in(puntiluna, storto)


async def test_sealing_takes_everything_in_order_and_verification_agrees(puntiluna: ServiceUnderTest) -> None:
    prima = await verifica(puntiluna)
    assert sum(libro.non_sigillati for libro in prima.libri) > 0
    await puntiluna.run_job(sigilla_movimenti)
    dopo = await verifica(puntiluna)
    assert dopo.in_ordine, dopo.guasti()
    assert [libro.non_sigillati for libro in dopo.libri] == [0, 0]
    stato = (await puntiluna.get("/v1/registro", roles=["operazioni"])).json()["libri"]
    assert [(libro["libro"], libro["sigilli"]) for libro in stato] == [
        (libro.libro, libro.sigilli) for libro in dopo.libri
    ]


async def test_a_line_rewritten_with_its_balances_is_found_by_its_seal(
    puntiluna: ServiceUnderTest, infra: Infra
) -> None:
    da, a = conto(TipoConto.APPORTO), conto()
    [esito] = await registra_in(puntiluna, movimento(da, a, 10))
    await registra_in(puntiluna, movimento(da, a, 20))
    await puntiluna.run_job(sigilla_movimenti)
    cambio = (
        "UPDATE riga SET importo_cent = importo_cent + sign(importo_cent)::int * $2 WHERE movimento_id = $1",
        (
            "UPDATE conto c SET saldo_cent = (SELECT sum(importo_cent) FROM riga r WHERE r.conto_id = c.conto_id) "
            "WHERE conto_id = ANY ($1)"
        ),
    )
    async with manomesso(puntiluna, infra) as mano:
        for verso in (5, -5):
            await mano.execute(cambio[0], esito.movimento_id, verso)
            await mano.execute(cambio[1], [da.conto_id, a.conto_id])
            trovata = await verifica(puntiluna)
            if verso > 0:
                rotto = trovata.libri[0].rotto
                assert rotto is not None
                assert (rotto.movimento_id, rotto.motivo) == (
                    esito.movimento_id,
                    "il movimento è cambiato dopo il sigillo",
                )
                corpo = (await puntiluna.get("/v1/registro/verifica", roles=["amministratore"])).json()
                assert (corpo["in_ordine"], len(corpo["guasti"])) == (False, 1)
        rimessa = await verifica(puntiluna)
        assert rimessa.in_ordine, rimessa.guasti()


async def test_a_balance_changed_alone_is_found_by_its_lines(puntiluna: ServiceUnderTest, infra: Infra) -> None:
    a = conto()
    await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), a, 10))
    async with manomesso(puntiluna, infra) as mano:
        await mano.execute("UPDATE conto SET saldo_cent = 9999 WHERE conto_id = $1", a.conto_id)
        trovata = await verifica(puntiluna)
        assert [(d.conto_id, d.saldo_cent, d.righe_cent) for d in trovata.conti_diversi] == [(a.conto_id, 9999, 10)]
        assert trovata.somme["punti"] == 9989
        await mano.execute("UPDATE conto SET saldo_cent = 10 WHERE conto_id = $1", a.conto_id)


async def test_a_movement_removed_or_never_queued_is_found(puntiluna: ServiceUnderTest, infra: Infra) -> None:
    [esito] = await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), conto(), 10))
    async with manomesso(puntiluna, infra) as mano:
        await mano.execute("DELETE FROM da_sigillare WHERE movimento_id = $1", esito.movimento_id)
        assert (await verifica(puntiluna)).senza_sigillo == (esito.movimento_id,)
        await mano.execute("INSERT INTO da_sigillare (movimento_id, libro) VALUES ($1, 'punti')", esito.movimento_id)
    await puntiluna.run_job(sigilla_movimenti)
    async with manomesso(puntiluna, infra) as mano:
        n: int = await mano.fetchval("SELECT n FROM sigillo WHERE movimento_id = $1", esito.movimento_id)
        salvata = await mano.fetchrow("SELECT * FROM sigillo WHERE movimento_id = $1", esito.movimento_id)
        assert salvata is not None
        altro: UUID = await mano.fetchval("SELECT movimento_id FROM sigillo WHERE libro = 'punti' AND n = 1")
        await mano.execute("UPDATE sigillo SET prev = repeat('f', 64) WHERE movimento_id = $1", altro)
        rotto = (await verifica(puntiluna)).libri[0].rotto
        assert rotto is not None
        assert (rotto.n, rotto.motivo) == (1, "l'anello non rimanda al precedente")
        await mano.execute("UPDATE sigillo SET prev = repeat('0', 64) WHERE movimento_id = $1", altro)
        assert n > 1
    assert (await verifica(puntiluna)).in_ordine


async def test_sealers_at_the_same_time_make_one_chain(puntiluna: ServiceUnderTest) -> None:
    from services.puntiluna.service.registro import sigilla

    async def un_sigillatore() -> int:
        async with puntiluna.transaction() as session:
            return await sigilla(session, now=puntiluna.clock.now())

    async def registratore() -> None:
        for _ in range(10):
            await registra_in(puntiluna, movimento(conto(TipoConto.APPORTO), conto(), 1))

    fatti = await asyncio.gather(registratore(), registratore(), *(un_sigillatore() for _ in range(6)))
    await un_sigillatore()
    assert len(fatti) == 8
    trovata = await verifica(puntiluna)
    assert trovata.in_ordine, trovata.guasti()
    assert trovata.libri[0].non_sigillati == 0


async def test_attendances_confirmed_all_at_once_on_one_fund_are_all_paid(puntiluna: ServiceUnderTest) -> None:
    mondo = await Mondo(puntiluna).apri("10000.00")
    famiglie = [(await mondo.nucleo_moroso())[0] for _ in range(5)]
    await asyncio.gather(*(mondo.presenza(famiglie[posto % 5]) for posto in range(60)))
    cifre = await mondo.cifre()
    assert (cifre["punti_emessi"], cifre["presenze"], cifre["saldo_fondo"]) == ("600.00", 60, "9400.00")


async def test_past_balances_hold_whatever_the_order_of_the_instants_and_however_many_lines(
    puntiluna: ServiceUnderTest,
) -> None:
    caso = random.Random(20201130)
    da, a = conto(TipoConto.APPORTO), conto()
    scritti: list[tuple[datetime, int]] = []
    for _ in range(40):
        quando = ADESSO + timedelta(hours=caso.randint(0, 200))
        importi = [caso.randint(1, 50) for _ in range(caso.randint(1, 40))]
        async with puntiluna.transaction() as session:
            await registra(session, [movimento(da, a, importo) for importo in importi], now=quando)
        scritti += [(quando, importo) for importo in importi]
    assert len(scritti) > 512
    async with puntiluna.transaction() as session:
        notati = await session.scalar(
            sa.text("SELECT count(*) FROM saldo_notato WHERE conto_id = :c"), {"c": a.conto_id}
        )
        assert notati > 3
        for ore in range(-1, 202, 7):
            istante = ADESSO + timedelta(hours=ore)
            atteso = sum(importo for quando, importo in scritti if quando <= istante)
            assert await queries.saldi_al(session, [a.conto_id, da.conto_id], istante) == {
                a.conto_id: atteso,
                da.conto_id: -atteso,
            }
    assert (await verifica(puntiluna)).in_ordine


async def test_a_noted_balance_changed_by_hand_is_found(puntiluna: ServiceUnderTest, infra: Infra) -> None:
    async with manomesso(puntiluna, infra) as mano:
        riga = await mano.fetchrow("UPDATE saldo_notato SET saldo_cent = saldo_cent + 1 RETURNING conto_id, al")
        assert riga is not None
        trovata = await verifica(puntiluna)
        assert (riga["conto_id"], riga["al"]) in trovata.notati_diversi
        await mano.execute("UPDATE saldo_notato SET saldo_cent = saldo_cent - 1")
    assert (await verifica(puntiluna)).in_ordine
