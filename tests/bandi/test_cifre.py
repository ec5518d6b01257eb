"""The business figures of money tell what the projects hold, spend and owe."""

from services.bandi.queries import cifre
from tests.bandi.cantiere import cantiere, piano, voce
from tests.bandi.esempi import importi
from tests.support.service import ServiceUnderTest


async def test_money_expenses_recoveries_and_requests_are_counted(bandi: ServiceUnderTest) -> None:
    site = await cantiere(bandi, "CIFRE")
    await site.approva_piano(piano())
    await site.capofila("rimodulazioni", {"motivo": "x", "piano": piano()})
    await site.ufficio("pagamenti", importi(LAB="90.00"))
    await site.spende(voce("50.00", "F1"), tagli=[{"voce": 1, "ammesso": "40.00", "motivo": "x"}])
    await site.capofila("spese", {"voci": [voce("7.00", "F2")]})
    async with bandi.transaction() as session:
        money = await cifre.denaro_per_stato(session)
        assert {stage: money["impegnato", stage] for stage in cifre.IMPORTI} == {
            "programmato": 135_00,
            "ammesso": 135_00,
            "impegnato": 135_00,
            "erogato": 90_00,
        }
        assert await cifre.spese_per_esito(session) == {
            ("da_esaminare",): 7_00,
            ("ammesse",): 40_00,
            ("tagliate",): 10_00,
        }
        assert await cifre.rimodulazioni_per_stato(session) == {("approvata",): 1, ("chiesta",): 1}
        assert await cifre.da_recuperare(session) == {(): 0}
    await site.ufficio("spese/2/esame", {"atto": "x"})
    await site.capofila("rendiconto", {"relazione": "x"})
    await site.ufficio("rendiconto/approvazione", {"atto": "x"})
    async with bandi.transaction() as session:
        assert await cifre.da_recuperare(session) == {(): 90_00 - 42_30}
