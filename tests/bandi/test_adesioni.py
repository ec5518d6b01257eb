"""The consent of the partners: asked by name, given by their own user, undone when the terms change."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bandi.rules.adesioni import (
    Adesione,
    EsitoAdesione,
    StatoAdesione,
    condizioni_di,
    difetti_adesioni,
    invitati,
    stato_adesione,
)
from services.bandi.rules.difetti import difetti_domanda
from services.bandi.rules.domanda import Quota, RuoloPartner
from tests.bandi.esempi import CHIUDE, CONTENUTO, REGOLE, Ufficio, contenuto_corpo, problem
from tests.support.service import ServiceUnderTest

PROPONENTE = ["proponente"]
LEAD = "COMUNE-MANTOVA"
LAB, INC = CONTENUTO.sotto_progetti


def with_shares(*quote: Quota) -> tuple[str, ...]:
    """The defects of the example when its laboratory is divided so."""
    parts = (replace(LAB, quote=quote), INC)
    return tuple(d.messaggio for d in difetti_domanda(REGOLE, replace(CONTENUTO, sotto_progetti=parts)))


def test_a_partner_is_asked_and_neither_the_lead_nor_a_supporter() -> None:
    friend = replace(CONTENUTO.membri[1], ente="AMICI", ruolo=RuoloPartner.SOSTENITORE)
    assert [m.ente for m in invitati(replace(CONTENUTO, membri=(*CONTENUTO.membri, friend)))] == ["SOLCO", "AGAPE"]


def test_every_partner_who_has_not_accepted_is_a_defect_that_says_why() -> None:
    for stato, words in (
        (StatoAdesione.IN_ATTESA, "non ha ancora accettato"),
        (StatoAdesione.RIFIUTATA, "ha rifiutato"),
        (StatoAdesione.SUPERATA, "deve rispondere di nuovo"),
    ):
        (found,) = difetti_adesioni(CONTENUTO, {"SOLCO": stato, "AGAPE": StatoAdesione.ACCETTATA})
        assert (found.campo, found.regola) == ("membri.SOLCO", "adesioni")
        assert words in found.messaggio
    assert len(list(difetti_adesioni(CONTENUTO, {}))) == 2


def test_the_terms_are_place_category_and_money_and_not_the_words_of_the_project() -> None:
    terms = condizioni_di("B", LEAD, CONTENUTO, "SOLCO")
    assert condizioni_di("B", LEAD, replace(CONTENUTO, titolo="Altro", durata_mesi=3), "SOLCO") == terms
    money = replace(LAB, quote=(Quota(LEAD, 6_000_00, 5_000_00), Quota("SOLCO", 4_000_00, 4_000_00)))
    for other in (
        condizioni_di("C", LEAD, CONTENUTO, "SOLCO"),
        condizioni_di("B", "COMUNE-B", CONTENUTO, "SOLCO"),
        condizioni_di("B", LEAD, replace(CONTENUTO, sotto_progetti=(money, INC)), "SOLCO"),
    ):
        assert other != terms
    shared = replace(CONTENUTO, sotto_progetti=(money, INC))
    assert condizioni_di("B", LEAD, shared, "AGAPE") == condizioni_di("B", LEAD, CONTENUTO, "AGAPE"), (
        "the money of one partner is no term of another"
    )
    given_once = Adesione(EsitoAdesione.ACCETTATA, terms)
    assert stato_adesione(given_once, terms) is StatoAdesione.ACCETTATA
    assert stato_adesione(given_once, "0" * 64) is StatoAdesione.SUPERATA


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ((Quota(LEAD, 10_000_00, 8_000_00),), "le quote di contributo fanno 8000.00, non 9000.00"),
        ((Quota(LEAD, 9_999_99, 9_000_00),), "le quote di costo fanno 9999.99, non 10000.00"),
        ((Quota(LEAD, 5_000_00, 4_500_00), Quota(LEAD, 5_000_00, 4_500_00)), "ha 2 quote"),
        ((Quota(LEAD, 5_000_00, 4_500_00), Quota("ALTRI", 5_000_00, 4_500_00)), "non e' nel partenariato"),
        ((Quota(LEAD, 1_000_00, 4_500_00), Quota("SOLCO", 9_000_00, 4_500_00)), "supera il suo costo"),
    ],
)
def test_shares_are_of_members_once_each_and_make_the_whole(quote: tuple[Quota, ...], words: str) -> None:
    assert any(words in message for message in with_shares(*quote))


@given(st.integers(0, 9_000_00), st.integers(0, 1_000_00))
def test_any_division_of_the_whole_between_two_members_is_good(contributo: int, own: int) -> None:
    rest = Quota(LEAD, LAB.costo_cent - contributo - own, LAB.contributo_cent - contributo)
    mine = Quota("SOLCO", contributo + own, contributo)
    if rest.contributo_cent <= rest.costo_cent:
        assert with_shares(mine, rest) == ()
        assert with_shares(mine, replace(rest, contributo_cent=rest.contributo_cent + 1)) != ()


async def test_a_partner_finds_its_invitations_reads_them_and_answers_for_itself(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "INVITI").pubblica()
    draft = await office.proposta("COMUNE-INVITI")
    path = f"/v1/domande/{draft['domanda_id']}"
    partner: dict[str, Any] = {"roles": ["operatore_accreditato"], "ente": "SOLCO", "sub": "solco.uno"}
    listed = await office.ok("GET", "/v1/adesioni?limit=1", **partner)
    (invitation,) = listed["items"]
    assert (invitation["domanda_id"], invitation["bando"], invitation["stato"]) == (
        draft["domanda_id"],
        "INVITI",
        "in_attesa",
    )
    assert (await office.ok("GET", path, **partner))["contenuto"]["titolo"] == "Progetto di COMUNE-INVITI"
    answer = {"esito": "accettata", "condizioni": invitation["condizioni"]}
    stranger = await bandi.post(f"{path}/adesione", json=answer, roles=PROPONENTE, ente="ESTRANEO")
    assert (stranger.status_code, problem(stranger)) == (403, "ente-non-nel-partenariato")
    lead = await bandi.post(f"{path}/adesione", json=answer, roles=PROPONENTE, ente="COMUNE-INVITI")
    assert problem(lead) == "ente-non-nel-partenariato", "nobody accepts for another"
    done = await bandi.post(f"{path}/adesione", json=answer, **partner)
    assert (done.status_code, done.json()["stato"]) == (200, "accettata")
    seen = await office.ok("GET", path, roles=PROPONENTE, ente="COMUNE-INVITI")
    assert [(item["ente"], item["stato"]) for item in seen["adesioni"]] == [("SOLCO", "accettata")]
    assert "solco.uno" not in str(seen), "who answered is not told to the lead"


async def test_an_application_is_not_presented_while_a_partner_has_not_accepted(bandi: ServiceUnderTest) -> None:
    office = await Ufficio(bandi, "ADESIONI").pubblica()
    draft = await office.proposta("COMUNE-A")
    path = f"/v1/domande/{draft['domanda_id']}"
    who = {"roles": PROPONENTE, "ente": "COMUNE-A"}
    solco = {"roles": PROPONENTE, "ente": "SOLCO"}
    terms = draft["adesioni"][0]["condizioni"]
    check = await office.ok("GET", f"{path}/verifica", **who)
    assert [(item["campo"], item["regola"]) for item in check["difetti"]] == [("membri.SOLCO", "adesioni")]
    refused = await bandi.post(f"{path}/presentazione", **who)
    assert (refused.status_code, problem(refused)) == (422, "domanda-incompleta")
    assert refused.json()["errori"][0]["campo"] == "membri.SOLCO"

    mute = await bandi.post(f"{path}/adesione", json={"esito": "rifiutata", "condizioni": terms}, **solco)
    assert (mute.status_code, problem(mute)) == (422, "motivo-del-rifiuto")
    no = {"esito": "rifiutata", "condizioni": terms, "motivo": "Non abbiamo operatori"}
    assert (await office.ok("POST", f"{path}/adesione", no, **solco))["stato"] == "rifiutata"
    assert problem(await bandi.post(f"{path}/presentazione", **who)) == "domanda-incompleta"

    changed = contenuto_corpo("COMUNE-A")
    changed["sotto_progetti"][0]["quote"] = [
        {"ente": "COMUNE-A", "costo": "60.00", "contributo": "60.00"},
        {"ente": "SOLCO", "costo": "40.00", "contributo": "40.00"},
    ]
    saved = await bandi.put(f"{path}/contenuto", json=changed, headers={"If-Match": '"v1"'}, **who)
    (now,) = saved.json()["adesioni"]
    assert now["stato"] == "superata"
    late = await bandi.post(f"{path}/adesione", json={"esito": "accettata", "condizioni": terms}, **solco)
    assert (late.status_code, problem(late)) == (409, "condizioni-cambiate")
    yes = {"esito": "accettata", "condizioni": now["condizioni"]}
    assert (await office.ok("POST", f"{path}/adesione", yes, **solco))["stato"] == "accettata"

    receipt = await office.ok("POST", f"{path}/presentazione", **who)
    closed = await bandi.post(f"{path}/adesione", json=no | {"condizioni": now["condizioni"]}, **solco)
    assert (closed.status_code, problem(closed)) == (409, "adesione-chiusa")
    replacement = await office.ok("POST", f"/v1/domande/{receipt['domanda_id']}/sostituzione", **who)
    assert replacement["adesioni"][0]["stato"] == "accettata", "same terms, same consent"
    assert bandi.clock.now() < CHIUDE + timedelta(days=1)
