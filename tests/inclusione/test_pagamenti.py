"""Account numbers encrypted at rest, payment files made again at will, what the bank sends back, keys replaced."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from chassis.ids import uuid7
from chassis.peers import Anagrafica, Identity
from chassis.settings import SettingsError
from chassis.vault import Keyring
from cli import inclusione as comando
from cli.console import CommandError
from services.inclusione.main import create_app
from services.inclusione.queries import pagamento as queries
from services.inclusione.service import iban as service
from tests.inclusione.storia import Storia, ok, rifiuto
from tests.support.infra import base_env

LUNEDI = datetime(2019, 3, 4, 8, tzinfo=UTC)
IBAN = "IT60X0542811101000000123456"
ALTRO = "DE89370400440532013000"
COMUNE = "FR1420041010050500013M02606"
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


class Registro:
    """Stands for laboratori: says names, and writes down for what purpose they were asked."""

    def __init__(self, mancanti: Sequence[UUID] = ()) -> None:
        self.mancanti = set(mancanti)
        self.chieste: list[tuple[list[UUID], str]] = []

    async def names_of(self, people: Sequence[UUID], *, purpose: str) -> dict[UUID, Anagrafica]:
        """Names, as the real one gives them; None for whoever was erased."""
        self.chieste.append((list(people), purpose))
        return {
            persona: Anagrafica(persona, None, None, None, None)
            if persona in self.mancanti
            else Anagrafica(persona, "Canarina", f"Segretissima{persona.hex[-4:]}", None, None)
            for persona in people
        }

    async def identity_of(self, sub: str) -> Identity:
        """The person behind a `sub`."""
        return Identity(UUID(sub.removeprefix("resi-")), None)


async def pagata(storia: Storia, ore: int = 3) -> str:
    """A person with hours of the allowance to be paid."""
    persona_id = str(uuid7())
    pip = await storia.attivo(await storia.iscrivi(UUID(persona_id)), FORMAZIONE=20)
    await storia.convalida(pip["pip_id"], *(storia.ora(LUNEDI + timedelta(days=giorno)) for giorno in range(ore)))
    return persona_id


async def con_iban(storia: Storia, persona_id: str, iban: str = IBAN) -> Any:
    """The operator writes where the person is paid."""
    return await storia.op("PUT", f"/persone/{persona_id}/iban", json={"iban": iban})


async def lotto(storia: Storia) -> str:
    """The lead liquidates March: the path of the batch."""
    corpo = {"fino_al": "2019-03-31", "atto": "Det. 1/2019"}
    risposta = ok(await storia.comune("POST", f"/linee/{storia.progetto_id}/lotti", json=corpo))
    return f"/linee/{storia.progetto_id}/lotti/{risposta['lotto_id']}"


async def flusso(storia: Storia, percorso: str, **altro: Any) -> Any:
    """The treasury makes a payment file."""
    corpo = {"debitore": "Comune di Prova", "iban": COMUNE, "esecuzione": "2019-04-03"} | altro
    return await storia.comune("POST", f"{percorso}/flussi", json=corpo)


async def test_an_account_is_kept_encrypted_shown_masked_and_never_repeated(storia: Storia) -> None:
    await storia.apri()
    persona_id = str(uuid7())
    rifiuto(await con_iban(storia, persona_id), 403, "forbidden")
    await storia.iscrivi(UUID(persona_id))
    scritto = ok(await con_iban(storia, persona_id, "it60 X054 2811 1010 0000 0123 456"), 200)
    assert scritto["mascherato"] == "IT" + "*" * 21 + "3456"
    assert ok(await con_iban(storia, persona_id), 200) == scritto
    assert ok(await con_iban(storia, persona_id, ALTRO), 200)["versione"] == 2
    letto = ok(await storia.op("GET", f"/persone/{persona_id}/iban"), 200)
    assert letto["mascherato"].endswith("3000")
    sbagliato = rifiuto(await con_iban(storia, persona_id, "IT61X0542811101000000123456"), 422, "iban-non-valido")
    assert "0542811101000000123456" not in str(sbagliato)
    async with storia.servizio.transaction() as session:
        righe = list((await session.execute(sa.text("SELECT t.*::text FROM segreto t"))).scalars())
        righe += (await session.execute(sa.text("SELECT t.*::text FROM iban_persona t"))).scalars().all()
        letture = await session.scalar(
            sa.text(
                "SELECT count(*) FROM registro_accessi WHERE oggetto = 'iban' AND oggetto_id = :p AND esito"
                " = 'consentito'"
            ),
            {"p": persona_id},
        )
    assert righe
    assert not any("0542811101" in riga or "37040044" in riga for riga in righe)
    assert letture == 4


async def test_a_payment_file_holds_names_only_while_it_is_made_and_is_the_same_when_made_again(
    storia: Storia,
) -> None:
    await storia.apri()
    persona_id, senza = await pagata(storia), await pagata(storia, 2)
    ok(await con_iban(storia, persona_id), 200)
    percorso = await lotto(storia)
    storia.servizio.app.state.identita = registro = Registro()
    primo = ok(await flusso(storia, percorso))
    assert (primo["numero"], primo["righe"], primo["totale"], primo["restano"]) == (1, 1, "12.00", 1)
    nulla = rifiuto(await flusso(storia, percorso), 409, "niente-pagabile")
    assert "1 senza IBAN" in nulla["detail"]
    assert registro.chieste == []
    file = await storia.comune("GET", f"{percorso}/flussi/{primo['flusso_id']}/pain001")
    assert file.headers["content-type"] == "application/xml"
    radice = ET.fromstring(file.content)  # noqa: S314 - made by the service under test
    assert radice.findtext(".//p:CdtTrfTxInf//p:Cdtr/p:Nm", namespaces=NS) == f"Canarina Segretissima{persona_id[-4:]}"
    assert radice.findtext(".//p:CdtrAcct//p:IBAN", namespaces=NS) == IBAN
    assert radice.findtext(".//p:DbtrAcct//p:IBAN", namespaces=NS) == COMUNE
    assert radice.findtext(".//p:InstdAmt", namespaces=NS) == "12.00"
    assert registro.chieste[0] == ([UUID(persona_id)], "intestazione dei pagamenti di un lotto di indennita'")
    ok(await con_iban(storia, persona_id, ALTRO), 200)
    di_nuovo = await storia.comune("GET", f"{percorso}/flussi/{primo['flusso_id']}/pain001")
    assert di_nuovo.content == file.content, "the account is that of the day the file was made"
    ok(await con_iban(storia, senza, ALTRO), 200)
    secondo = ok(await flusso(storia, percorso))
    assert (secondo["numero"], secondo["righe"], secondo["restano"]) == (2, 1, 0)
    elenco = ok(await storia.comune("GET", f"{percorso}/flussi"), 200)["items"]
    assert [riga["numero"] for riga in elenco] == [1, 2]


async def test_what_the_bank_sends_back_goes_into_the_next_file_and_nothing_twice(storia: Storia) -> None:
    await storia.apri()
    persona_id = await pagata(storia)
    ok(await con_iban(storia, persona_id), 200)
    percorso = await lotto(storia)
    primo = ok(await flusso(storia, percorso))
    (pagamento,) = primo["pagamenti"]
    esiti = {"respinti": [{"liquidazione_id": pagamento["liquidazione_id"], "motivo": "Conto estinto"}]}
    respinto = ok(await storia.comune("POST", f"{percorso}/flussi/{primo['flusso_id']}/esiti", json=esiti))
    assert (respinto["respinte"], respinto["restano"]) == (1, 1)
    percorso_esiti = f"{percorso}/flussi/{primo['flusso_id']}/esiti"
    rifiuto(await storia.comune("POST", percorso_esiti, json=esiti), 409, "pagamento-non-nel-flusso")
    ok(await con_iban(storia, persona_id, ALTRO), 200)
    secondo = ok(await flusso(storia, percorso))
    assert secondo["pagamenti"][0]["liquidazione_id"] == pagamento["liquidazione_id"]
    rifiuto(await flusso(storia, percorso), 409, "niente-pagabile")
    with pytest.raises(sa.exc.IntegrityError, match="uq_flusso_pagamento_riga_viva"):
        async with storia.servizio.transaction() as session:
            await session.execute(
                sa.text("UPDATE flusso_pagamento_riga SET esito = 'inviato', motivo = NULL WHERE esito = 'respinto'")
            )


@pytest.mark.parametrize(
    ("altro", "tipo"),
    [
        ({"esecuzione": "2019-03-31"}, "esecuzione-non-valida"),
        ({"esecuzione": "2019-06-30"}, "esecuzione-non-valida"),
        ({"iban": "IT00X0542811101000000123456"}, "iban-non-valido"),
    ],
)
async def test_a_file_no_bank_would_take_is_refused(storia: Storia, altro: dict[str, Any], tipo: str) -> None:
    await storia.apri()
    ok(await con_iban(storia, await pagata(storia)), 200)
    rifiuto(await flusso(storia, await lotto(storia), **altro), 422, tipo)


async def test_files_of_others_are_refused_and_unknown_ones_are_not_found(storia: Storia) -> None:
    await storia.apri()
    ok(await con_iban(storia, await pagata(storia)), 200)
    percorso = await lotto(storia)
    fatto = ok(await flusso(storia, percorso))
    altro = Storia(storia.servizio)
    rifiuto(await flusso(altro, percorso), 403, "forbidden")
    for coda in ("", f"/{fatto['flusso_id']}", f"/{fatto['flusso_id']}/pain001"):
        rifiuto(await altro.comune("GET", f"{percorso}/flussi{coda}"), 403, "forbidden")
    rifiuto(await storia.comune("GET", f"{percorso}/flussi/{uuid7()}"), 404, "not-found")
    rifiuto(await flusso(storia, f"/linee/{storia.progetto_id}/lotti/{uuid7()}"), 404, "not-found")


async def test_an_erased_person_leaves_no_account_behind(storia: Storia) -> None:
    await storia.apri()
    persona_id = await pagata(storia)
    ok(await con_iban(storia, persona_id), 200)
    percorso = await lotto(storia)
    fatto = ok(await flusso(storia, percorso))
    await storia.servizio.deliver("laboratori.persona.cancellata.v1", {"persona_id": persona_id, "versione": 2})
    async with storia.servizio.transaction() as session:
        conti = await session.scalar(
            sa.text("SELECT count(*) FROM iban_persona WHERE persona_id = :p"), {"p": persona_id}
        )
    assert conti == 0
    storia.servizio.app.state.identita = Registro()
    rifiuto(
        await storia.comune("GET", f"{percorso}/flussi/{fatto['flusso_id']}/pain001"), 410, "flusso-non-ricostruibile"
    )
    rifiuto(await con_iban(storia, persona_id), 409, "persona-cancellata")


async def test_whoever_was_two_people_is_paid_on_the_account_of_either(storia: Storia) -> None:
    await storia.apri()
    persona_id, doppia = await pagata(storia), str(uuid7())
    await storia.iscrivi(UUID(doppia))
    ok(await con_iban(storia, doppia, ALTRO), 200)
    await storia.servizio.deliver(
        "laboratori.persona.unita.v1", {"persona_id": doppia, "assorbita_id": persona_id, "versione": 2}
    )
    assert ok(await flusso(storia, await lotto(storia)))["righe"] == 1


async def test_an_operator_moves_no_money_of_another_one(storia: Storia) -> None:
    await storia.apri()
    persona_id = await pagata(storia)
    altra = Storia(storia.servizio)
    await altra.apri()
    await altra.iscrivi(UUID(persona_id))
    ok(await con_iban(altra, persona_id, ALTRO), 200)
    percorso = await lotto(storia)
    nulla = rifiuto(await flusso(storia, percorso), 409, "niente-pagabile")
    assert "1 senza IBAN" in nulla["detail"]
    rifiuto(await storia.op("GET", f"/persone/{persona_id}/iban"), 404, "not-found")
    ok(await con_iban(storia, persona_id, ALTRO), 200)
    ok(await con_iban(storia, persona_id), 200)
    storia.servizio.set_clock(datetime(2019, 4, 2, 8, tzinfo=UTC))
    ok(await con_iban(altra, persona_id, "NL91ABNA0417164300"), 200)
    fatto = ok(await flusso(storia, percorso))
    storia.servizio.app.state.identita = Registro()
    file = await storia.comune("GET", f"{percorso}/flussi/{fatto['flusso_id']}/pain001")
    assert IBAN in file.text
    assert "NL91" not in file.text


async def test_a_resident_writes_their_own_account(storia: Storia) -> None:
    await storia.apri()
    persona_id = await pagata(storia)
    storia.servizio.app.state.identita = Registro()
    sub = f"resi-{persona_id}"
    scritto = await storia.servizio.put("/v1/io/iban", json={"iban": IBAN}, roles=["residente"], sub=sub)
    assert ok(scritto, 200)["persona_id"] == persona_id
    assert ok(await flusso(storia, await lotto(storia)))["righe"] == 1


async def test_replaced_keys_open_what_the_old_ones_closed_and_then_replace_them(storia: Storia) -> None:
    await storia.apri()
    persone = [await pagata(storia, 1) for _ in range(3)]
    for persona_id in persone:
        ok(await con_iban(storia, persona_id), 200)
    settings = storia.servizio.settings
    assert settings.iban_keys is not None
    vecchia = settings.iban_keys.get_secret_value()
    entrambe = Keyring.parse(f"una-chiave-nuova-e-casuale-{'9' * 20},{vecchia}", purpose=service.SCOPO)
    ruotati, ultimo = 0, None
    while True:
        async with storia.servizio.transaction() as session:
            passo = await service.ruota_chiavi(session, chiavi=entrambe, dopo=ultimo, limit=2)
        ruotati, ultimo = ruotati + passo.cifrati, passo.fin_qui
        assert passo.illeggibili == 0
        if ultimo is None:
            break
    assert ruotati >= 3
    nuova = Keyring.parse(f"una-chiave-nuova-e-casuale-{'9' * 20}", purpose=service.SCOPO)
    async with storia.servizio.transaction() as session:
        letto = await service.leggi_iban(session, UUID(persone[0]), chiavi=nuova, ente=storia.operatore)
        assert letto.mascherato.endswith("3456")
        chiavi = (await session.scalars(sa.text("SELECT DISTINCT chiave_id FROM segreto"))).all()
    assert chiavi == [nuova.current]
    async with storia.servizio.transaction() as session:
        indietro = Keyring.parse(f"{vecchia},una-chiave-nuova-e-casuale-{'9' * 20}", purpose=service.SCOPO)
        await service.ruota_chiavi(session, chiavi=indietro, limit=10_000)
        assert await service.restano_da_ruotare(session, chiavi=indietro) == 0


async def test_an_account_under_a_lost_key_is_told_and_written_again(storia: Storia) -> None:
    await storia.apri()
    persona_id = await pagata(storia, 1)
    ok(await con_iban(storia, persona_id), 200)
    chiavi = storia.servizio.app.state.chiavi_iban
    persa = Keyring.parse(f"una-chiave-che-andra-persa-{'7' * 20}", purpose=service.SCOPO)
    async with storia.servizio.transaction() as session:
        conto = await queries.ultimo_iban(session, [UUID(persona_id)], [storia.operatore])
        assert conto is not None
        sigillo = persa.seal(IBAN, place=conto.segreto_id.bytes)
        await session.execute(
            sa.text("UPDATE segreto SET chiave_id = :k, cifrato = :c WHERE segreto_id = :s"),
            {"k": sigillo.key_id, "c": sigillo.data, "s": conto.segreto_id},
        )
    rifiuto(await storia.op("GET", f"/persone/{persona_id}/iban"), 410, "iban-illeggibile")
    assert ok(await con_iban(storia, persona_id), 200)["versione"] == 2
    async with storia.servizio.transaction() as session:
        passo = await service.ruota_chiavi(session, chiavi=chiavi, limit=10_000)
        assert (passo.cifrati, passo.illeggibili) == (0, 1)
        assert await service.restano_da_ruotare(session, chiavi=chiavi) == 1
    await storia.servizio.deliver("laboratori.persona.cancellata.v1", {"persona_id": persona_id, "versione": 2})


async def test_the_command_that_replaces_keys_says_how_many_and_what_is_missing(
    storia: Storia, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await storia.apri()
    ok(await con_iban(storia, await pagata(storia, 1)), 200)
    settings = storia.servizio.settings
    assert settings.iban_keys is not None
    vecchia, nuova = settings.iban_keys.get_secret_value(), f"un-altra-chiave-nuova-{'8' * 20}"
    ambiente = {
        **base_env(),
        "INCLUSIONE_DATABASE_URL": settings.database_url.get_secret_value(),
        "NATS_URL": "nats://x",
    }

    async def ruota(chiavi: str) -> str:
        monkeypatch.setattr(comando, "service_environ", lambda _: {**ambiente, "INCLUSIONE_IBAN_KEYS": chiavi})
        await comando.rotate_iban_keys()
        return capsys.readouterr().out

    with pytest.raises(CommandError, match="Rimettere la chiave mancante"):
        await ruota(nuova)
    fatti = await ruota(f"{nuova},{vecchia}")
    assert not fatti.startswith("0 IBAN")
    assert (await ruota(f"{nuova},{vecchia}")).startswith("0 IBAN")
    assert not (await ruota(f"{vecchia},{nuova}")).startswith("0 IBAN")
    assert IBAN not in fatti


@pytest.mark.parametrize("chiavi", ["", "changeme", "x" * 40])
async def test_the_service_does_not_start_without_good_keys(storia: Storia, chiavi: str) -> None:
    senza = storia.servizio.settings.model_copy(update={"iban_keys": SecretStr(chiavi) if chiavi else None})
    with pytest.raises(SettingsError, match="INCLUSIONE_IBAN_KEYS"):
        create_app(senza, background=False)
