"""Model-based test: whatever people, landlords and events do, in any order, the ledger agrees with a small model.

More steps: `QUARTIERI_PASSI=200000 pytest tests/puntiluna/test_modello.py`. A step is one fact or act; attendances come
by days, told in any order, some twice, some late. Some acts are cut before their commit, some events come again after.
"""

import asyncio
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chassis.errors import Refusal
from chassis.events import Envelope, encode_body
from chassis.ids import uuid7
from chassis.inbox import Delivery, Inbox
from chassis.tokens import Principal
from services.puntiluna.main import create_app
from services.puntiluna.rules.debiti import RigaDebito, TipoRilevazione
from services.puntiluna.rules.fondi import OrigineFondo
from services.puntiluna.rules.registro import Libro, TipoConto, conto_id_di
from services.puntiluna.rules.riduzioni import MotivoRespinta, RigaRisposta, Risposta
from services.puntiluna.rules.ripartizione import QuotaDiPunti
from services.puntiluna.rules.tariffe import mese_di
from services.puntiluna.service import (
    accrediti,
    debiti,
    distinte,
    donazioni,
    lotti,
    progetti,
    registro,
    riduzioni,
    ripartizioni,
)
from tests.puntiluna.fatti import ADESSO, COMUNE, NUCLEO, PROGETTO_IMPEGNATO, nucleo, progetto
from tests.puntiluna.modello import DEBITO, Casa, Evento, Modello
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest, service_settings

PASSI = int(os.environ.get("QUARTIERI_PASSI", "20000"))
REGOLE_PER_STORIA, STORIE_PER_GIRO = 60, 10

pytestmark = pytest.mark.slow

LETTURA = sa.text(
    """
    SELECT 'saldo' AS voce, conto_id AS di, saldo_cent AS cent FROM conto WHERE conto_id = ANY (CAST(:conti AS uuid[]))
    UNION ALL
    SELECT 'residuo', conto_id, sum(residuo_cent)::bigint FROM recupero
     WHERE conto_id = ANY (CAST(:conti AS uuid[])) GROUP BY conto_id
    UNION ALL
    SELECT 'attesa', nucleo_id, sum(dovuto_cent - concesso_cent)::bigint FROM accredito
     WHERE nucleo_id = ANY (CAST(:nuclei AS uuid[])) GROUP BY nucleo_id
    UNION ALL
    SELECT 'concesso', nucleo_id, sum(concesso_cent)::bigint FROM accredito
     WHERE nucleo_id = ANY (CAST(:nuclei AS uuid[])) GROUP BY nucleo_id
    """
)


class Crollo(Exception):
    """The process dies before its commit."""


class Banco:
    """The service under test on a loop of its own, because Hypothesis drives it from synchronous code."""

    def __init__(self, infra: Infra) -> None:
        self.runner = asyncio.Runner()
        self.infra = infra
        self.clone = self.fai(infra.clone("puntiluna"))
        self.servizio = ServiceUnderTest(
            "puntiluna", create_app, service_settings(self.clone, STORE_URL=infra.store_url(self.clone))
        )
        self.fai(self.servizio.__aenter__())
        self.servizio.set_clock(datetime(2019, 6, 10, 9, tzinfo=UTC))

    def fai(self, azione: Any) -> Any:
        return self.runner.run(azione)

    def chiudi(self) -> None:
        self.fai(self.servizio.__aexit__(None, None, None))
        self.fai(self.infra.drop(self.clone))
        self.runner.close()


@pytest.fixture(scope="module")
def banco(infra: Infra) -> Iterator[Banco]:
    aperto = Banco(infra)
    yield aperto
    aperto.chiudi()


class Registro(RuleBasedStateMachine):
    """Earn, correct, cancel, fill, donate, share, reserve, pull, answer, expire, settle: in any order, twice, late."""

    banco: ClassVar[Banco]
    passi: ClassVar[int] = 0
    crolli: ClassVar[int] = 0

    @initialize(impegnato=st.integers(100, 40_000))
    def apri(self, impegnato: int) -> None:
        self.crolla_il_prossimo = False
        self.progetto_id, self.ente = uuid7(), f"ALER-{uuid7().hex[-10:].upper()}"
        self.modello = Modello(self.progetto_id, impegnato, [Casa(uuid7(), f"C{numero}") for numero in range(3)])
        linee = [{"azione": "9.4.2", "fondo": "FSE", "ammesso_cent": impegnato, "impegnato_cent": impegnato}]
        self._racconta([(PROGETTO_IMPEGNATO, progetto(self.progetto_id, linee=linee), uuid7())])
        for casa in self.modello.case:
            self._racconta([(NUCLEO, nucleo(casa.nucleo_id, self.progetto_id, (self.ente, casa.contratto)), uuid7())])
        self._fai(
            debiti.registra_rilevazione,
            self.ente,
            tipo=TipoRilevazione.COMPLETA,
            al_giorno=ADESSO.date(),
            righe=[RigaDebito(casa.contratto, DEBITO) for casa in self.modello.case],
        )

    def _racconta(self, eventi: list[Evento]) -> None:
        """Deliver events; when a crash is due the first delivery is cut before its commit, and comes again after it."""
        servizio = self.banco.servizio
        adesso = servizio.clock.now()

        async def a_meta() -> None:
            inbox = Inbox(servizio.runtime.consumers, servizio.runtime.database, servizio.runtime.metrics)
            consegne = [Delivery(Envelope(i, s, uuid7(), adesso, None), encode_body(c)) for s, c, i in eventi]
            async with servizio.transaction() as session:
                await inbox._apply_new(session, consegne, adesso)
                raise Crollo

        if self._crolla():
            with pytest.raises(Crollo):
                self.banco.fai(a_meta())
            self.banco.fai(servizio.deliver_batch(eventi))
        self.banco.fai(servizio.deliver_batch(eventi))
        type(self).passi += len(eventi)

    def _fai(self, caso: Any, *posti: Any, **nomi: Any) -> Any:
        """Run a use case in a transaction; None when it is refused. When a crash is due it runs in vain first."""

        async def esegui(*, crolla: bool = False) -> Any:
            async with self.banco.servizio.transaction() as session:
                fatto = await caso(session, *posti, now=self.banco.servizio.clock.now(), **nomi)
                if crolla:
                    raise Crollo
                return fatto

        type(self).passi += 1
        try:
            if self._crolla():
                with pytest.raises(Crollo):
                    self.banco.fai(esegui(crolla=True))
                self.il_registro_e_il_modello_concordano()
            return self.banco.fai(esegui())
        except Refusal:
            return None

    def _crolla(self) -> bool:
        deve, self.crolla_il_prossimo = self.crolla_il_prossimo, False
        type(self).crolli += deve
        return deve

    @rule()
    def crolla(self) -> None:
        self.crolla_il_prossimo = True

    @rule(seme=st.integers(0, 2**32), quanti=st.integers(1, 120))
    def giornata(self, seme: int, quanti: int) -> None:
        eventi = self.modello.giornata(random.Random(seme), quanti)
        for inizio in range(0, len(eventi), 60):
            self._racconta(eventi[inizio : inizio + 60])

    @rule(quanto=st.integers(1, 9000), origine=st.sampled_from(list(OrigineFondo)))
    def alimenta(self, quanto: int, origine: OrigineFondo) -> None:
        dal_progetto = origine is OrigineFondo.PROGETTO
        ammessa = self.modello.ammette(quanto, dal_progetto=dal_progetto)
        atto = str(uuid7())
        fatta = self._fai(
            progetti.alimenta_fondo, self.progetto_id, importo_cent=quanto, origine=origine, atto=atto, autore="prova"
        )
        assert (fatta is not None) is ammessa
        if ammessa:
            self.modello.alimenta(quanto, dal_progetto=dal_progetto)

    @rule(da=st.integers(0, 2), a=st.integers(0, 3), quanto=st.integers(1, 1500))
    def dona(self, da: int, a: int, quanto: int) -> None:
        case = self.modello.case
        fatta = self._fai(
            donazioni.dona_punti,
            donazioni.Donatore(case[da].nucleo_id, None),
            a_progetto_id=self.progetto_id if a == 3 else None,
            a_nucleo_id=case[a].nucleo_id if a < 3 else None,
            importo_cent=quanto,
            autore="prova",
        )
        if fatta is not None:
            assert a != da
            self.modello.dona(case[da], case[a] if a < 3 else None, quanto)

    @rule(a=st.integers(0, 2), quanto=st.integers(1, 800))
    def ripartisci(self, a: int, quanto: int) -> None:
        quote = [QuotaDiPunti(self.modello.case[a].nucleo_id, quanto)]
        atto = str(uuid7())
        fatta = self._fai(ripartizioni.ripartisci_solidale, self.progetto_id, atto=atto, quote=quote, autore="prova")
        assert (fatta is not None) is (quanto <= self.modello.solidale)
        if fatta is not None:
            self.modello.solidale -= quanto
            self.modello.case[a].ricevuti += quanto

    @rule(casa=st.integers(0, 2), quanto=st.integers(1, 1500))
    def prenota(self, casa: int, quanto: int) -> None:
        scelta = self.modello.case[casa]
        fatta = self._fai(
            riduzioni.prenota_riduzione,
            scelta.nucleo_id,
            ente=self.ente,
            contratto_codice=scelta.contratto,
            importo_cent=quanto,
            autore="prova",
        )
        if fatta is not None:
            self.modello.prenota(scelta, fatta.protocollo, quanto)

    @rule(esiti=st.lists(st.tuples(st.sampled_from(list(Risposta)), st.integers(1, 99)), min_size=1, max_size=6))
    def risponde_l_ente(self, esiti: list[tuple[Risposta, int]]) -> None:
        preso = self._fai(lotti.preleva_lotto, self.ente)
        ancora = self._fai(lotti.preleva_lotto, self.ente)
        assert (preso is None) is (ancora is None)
        if preso is None:
            assert not self.modello.prenotate
            return
        lotto, righe = preso
        assert [r.protocollo for r in ancora[1]] == [r.protocollo for r in righe]
        risposte = []
        for riga, (esito, parte) in zip(righe, esiti, strict=False):
            importo = riga.importo_cent * parte // 100 if esito is Risposta.PARZIALE else None
            motivo = MotivoRespinta.ALTRO if esito is Risposta.RESPINTA else None
            risposte.append(lotti.RispostaRicevuta(RigaRisposta(riga.protocollo, esito, importo, motivo)))
        for _ in range(2):
            _, giudizi = self._fai(lotti.rispondi_lotto, self.ente, lotto.lotto_id, risposte, autore="ente")
            for risposta, giudizio in zip(risposte, giudizi, strict=True):
                if giudizio.esito == "registrata":
                    riga = risposta.riga
                    self.modello.risponde(riga.protocollo, riga.esito, riga.importo_cent)

    @rule()
    def scadono(self) -> None:
        orologio = self.banco.servizio.clock
        adesso = orologio.now()
        orologio.set(adesso + timedelta(days=61))
        self._fai(riduzioni.scadono_riduzioni)
        orologio.set(adesso)
        self.modello.scadono()

    @rule()
    def liquida(self) -> None:
        uno, altro = (Principal(chi, frozenset({"tesoriere"}), COMUNE, client=False) for chi in ("uno", "altro"))
        periodo = mese_di(self.banco.servizio.clock.now())
        distinta = self._fai(
            distinte.componi_distinta, ente=self.ente, periodo=periodo, progetto_id=self.progetto_id, principal=uno
        )
        assert (distinta.totale_cent if distinta else 0) == self.modello.da_liquidare
        if distinta is None:
            return
        assert self._fai(distinte.approva_distinta, distinta.distinta_id, principal=altro) is not None
        assert self._fai(distinte.liquida_distinta, distinta.distinta_id, atto="mandato", principal=uno) is not None
        self.modello.liquida()

    @rule()
    def passa_il_tempo(self) -> None:
        self._fai(accrediti.recupera_punti)
        self._fai(accrediti.avanza_tutte_le_attese)
        self._fai(registro.sigilla)

    @invariant()
    def il_registro_e_il_modello_concordano(self) -> None:
        if hasattr(self, "modello"):
            self.banco.fai(self._confronta())

    async def _confronta(self) -> None:
        modello, progetto = self.modello, str(self.progetto_id)
        conti = {
            casa.nucleo_id: conto_id_di(Libro.PUNTI, TipoConto.NUCLEO, str(casa.nucleo_id)) for casa in modello.case
        }
        del_progetto = {
            tipo: conto_id_di(Libro.PUNTI, tipo, progetto)
            for tipo in (TipoConto.FONDO, TipoConto.SOLIDALE, TipoConto.APPORTO)
        }
        dell_ente = {
            tipo: conto_id_di(Libro.PUNTI, tipo, self.ente)
            for tipo in (TipoConto.PRENOTATO, TipoConto.CONFERMATO, TipoConto.LIQUIDATO)
        }
        async with self.banco.servizio.transaction() as session:
            lette = await session.execute(
                LETTURA,
                {"conti": [*conti.values(), *del_progetto.values(), *dell_ente.values()], "nuclei": list(conti)},
            )
            voci = {(riga.voce, riga.di): riga.cent for riga in lette}
        concessi = 0
        for casa in modello.case:
            conto = conti[casa.nucleo_id]
            residuo = voci.get(("residuo", conto), 0)
            concessi += voci.get(("concesso", casa.nucleo_id), 0) + residuo
            assert voci.get(("saldo", conto), 0) - residuo + voci.get(("attesa", casa.nucleo_id), 0) == casa.netto
        saldi = {tipo: voci.get(("saldo", conto), 0) for tipo, conto in (del_progetto | dell_ente).items()}
        assert saldi == {
            TipoConto.FONDO: modello.versato - concessi,
            TipoConto.SOLIDALE: modello.solidale,
            TipoConto.APPORTO: -modello.versato,
            TipoConto.PRENOTATO: sum(casa.pendenti for casa in modello.case),
            TipoConto.CONFERMATO: modello.da_liquidare,
            TipoConto.LIQUIDATO: modello.liquidato,
        }
        assert all(cent >= 0 for (_, conto), cent in voci.items() if conto != del_progetto[TipoConto.APPORTO])

    def teardown(self) -> None:
        if not hasattr(self, "modello"):
            return
        self.crolla_il_prossimo = False
        self.alimenta(10_000_000, OrigineFondo.ALTRO)
        self.passa_il_tempo()
        self.il_registro_e_il_modello_concordano()

        async def in_attesa() -> Any:
            async with self.banco.servizio.transaction() as session:
                return await session.scalar(
                    sa.text("SELECT count(*) FROM accredito WHERE stato = 'in_attesa_fondo' AND progetto_id = :p"),
                    {"p": self.progetto_id},
                )

        assert self.banco.fai(in_attesa()) == 0


def test_any_story_agrees_with_the_model(banco: Banco) -> None:
    Registro.banco, Registro.passi, Registro.crolli = banco, 0, 0
    while Registro.passi < PASSI:
        run_state_machine_as_test(
            Registro,
            settings=settings(
                max_examples=STORIE_PER_GIRO,
                stateful_step_count=REGOLE_PER_STORIA,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert Registro.crolli > PASSI // 1000, "the stories must have been cut, or nothing was proved of crashes"

    async def finale() -> None:
        async with banco.servizio.transaction() as session:
            await registro.sigilla(session, now=banco.servizio.clock.now())
            verifica = await registro.verifica_registro(session)
            assert verifica.in_ordine, verifica.guasti()[:5]
            assert all(libro.non_sigillati == 0 for libro in verifica.libri)
            assert verifica.libri[0].sigilli > PASSI // 20

    banco.fai(finale())
