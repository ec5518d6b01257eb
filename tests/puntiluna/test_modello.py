"""Model-based test: whatever people, landlords and events do, in any order, the ledger agrees with a small model.

More steps: `QUARTIERI_PASSI=500 pytest tests/puntiluna/test_modello.py`.
"""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chassis.errors import Refusal
from chassis.ids import uuid7
from services.puntiluna.main import create_app
from services.puntiluna.rules.debiti import RigaDebito, TipoRilevazione
from services.puntiluna.rules.fondi import OrigineFondo
from services.puntiluna.rules.riduzioni import MotivoRespinta, RigaRisposta, Risposta
from services.puntiluna.rules.ripartizione import QuotaDiPunti
from services.puntiluna.service import accrediti, debiti, donazioni, lotti, progetti, registro, riduzioni, ripartizioni
from tests.puntiluna.fatti import (
    ADESSO,
    ANNULLATA,
    CONFERMATA,
    NUCLEO,
    PROGETTO_IMPEGNATO,
    RETTIFICATA,
    nucleo,
    presenza,
    progetto,
)
from tests.support.infra import Infra
from tests.support.service import ServiceUnderTest, service_settings

PASSI = int(os.environ.get("QUARTIERI_PASSI", "40"))
ESEMPI = int(os.environ.get("QUARTIERI_ESEMPI", "15"))

pytestmark = pytest.mark.slow


@dataclass
class Casa:
    """A household of the model: what it is owed and what it moved (hundredths)."""

    nucleo_id: UUID
    contratto: str
    dovuti: dict[str, int] = field(default_factory=dict)
    ricevuti: int = 0
    donati: int = 0
    pendenti: int = 0
    confermati: int = 0

    @property
    def netto(self) -> int:
        """What it should hold once everything waiting is posted and everything reversed is taken back."""
        return sum(self.dovuti.values()) + self.ricevuti - self.donati - self.pendenti - self.confermati


class Banco:
    """The service under test on a loop of its own, because Hypothesis drives it from synchronous code."""

    def __init__(self, infra: Infra) -> None:
        self.runner = asyncio.Runner()
        self.infra = infra
        self.clone = self.fai(infra.clone("puntiluna"))
        self.servizio = ServiceUnderTest("puntiluna", create_app, service_settings(self.clone))
        self.fai(self.servizio.__aenter__())

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
    """Earn, correct, cancel, fill, donate, share, reserve, pull, answer, expire: in any order, twice, late."""

    banco: Banco

    @initialize(impegnato=st.integers(100, 4000))
    def apri(self, impegnato: int) -> None:
        self.progetto_id = uuid7()
        self.ente = f"ALER-{uuid7().hex[-10:].upper()}"
        self.case = [Casa(uuid7(), f"C{numero}") for numero in range(3)]
        self.fatte: list[dict[str, Any]] = []
        self.vecchie: list[tuple[str, dict[str, Any]]] = []
        self.impegnato = impegnato
        self.versato = self.da_progetto = self.solidale = 0
        self.prenotate: dict[int, tuple[Casa, int]] = {}
        linee = [{"azione": "9.4.2", "fondo": "FSE", "ammesso_cent": impegnato, "impegnato_cent": impegnato}]
        self._racconta((PROGETTO_IMPEGNATO, progetto(self.progetto_id, linee=linee)))
        for casa in self.case:
            self._racconta((NUCLEO, nucleo(casa.nucleo_id, self.progetto_id, (self.ente, casa.contratto))))
        self._fai(
            debiti.registra_rilevazione,
            self.ente,
            tipo=TipoRilevazione.COMPLETA,
            al_giorno=ADESSO.date(),
            righe=[RigaDebito(casa.contratto, 5000) for casa in self.case],
        )

    def _racconta(self, *eventi: tuple[str, dict[str, Any]]) -> None:
        servizio = self.banco.servizio
        self.banco.fai(servizio.deliver_batch([(soggetto, corpo, uuid7()) for soggetto, corpo in eventi]))

    def _fai(self, caso: Any, *posti: Any, **nomi: Any) -> Any:
        """Run a use case in a transaction; None when it is refused."""

        async def esegui() -> Any:
            async with self.banco.servizio.transaction() as session:
                return await caso(session, *posti, now=self.banco.servizio.clock.now(), **nomi)

        try:
            return self.banco.fai(esegui())
        except Refusal:
            return None

    @rule(quanto=st.integers(1, 3000), origine=st.sampled_from(list(OrigineFondo)))
    def alimenta(self, quanto: int, origine: OrigineFondo) -> None:
        fatta = self._fai(
            progetti.alimenta_fondo,
            self.progetto_id,
            importo_cent=quanto,
            origine=origine,
            atto=str(uuid7()),
            autore="prova",
        )
        permessa = origine is not OrigineFondo.PROGETTO or self.da_progetto + quanto <= self.impegnato
        assert (fatta is not None) is permessa
        if permessa:
            self.versato += quanto
            self.da_progetto += quanto if origine is OrigineFondo.PROGETTO else 0

    @rule(casa=st.integers(0, 2), quarti=st.integers(1, 16), ritardo=st.integers(0, 1000))
    def conferma(self, casa: int, quarti: int, ritardo: int) -> None:
        corpo = presenza(
            self.progetto_id,
            self.case[casa].nucleo_id,
            minuti=15 * quarti,
            confermata_il=(ADESSO + timedelta(minutes=ritardo)).isoformat(),
        )
        self.fatte.append(corpo)
        self.case[casa].dovuti[corpo["presenza_id"]] = 125 * quarti
        self._racconta((CONFERMATA, corpo))

    @rule(quale=st.integers(0, 100), quarti=st.integers(0, 16), insieme=st.booleans())
    def rettifica(self, quale: int, quarti: int, insieme: bool) -> None:
        if not self.fatte:
            return
        prima = self.fatte[quale % len(self.fatte)]
        dopo = prima | {"versione": prima["versione"] + 1, "stato": "confermata" if quarti else "annullata"}
        dopo["minuti"] = 15 * quarti or prima["minuti"]
        self.fatte[quale % len(self.fatte)] = dopo
        casa = next(c for c in self.case if prima["presenza_id"] in c.dovuti)
        casa.dovuti[prima["presenza_id"]] = 125 * quarti
        evento = (RETTIFICATA if quarti else ANNULLATA, dopo)
        self.vecchie.append((CONFERMATA, prima))
        self._racconta(evento, evento, self.vecchie[-1]) if insieme else self._racconta(evento)

    @rule(quale=st.integers(0, 100))
    def arriva_un_vecchio_evento(self, quale: int) -> None:
        if self.vecchie:
            self._racconta(self.vecchie[quale % len(self.vecchie)])

    @rule(da=st.integers(0, 2), a=st.integers(0, 3), quanto=st.integers(1, 1500))
    def dona(self, da: int, a: int, quanto: int) -> None:
        fatta = self._fai(
            donazioni.dona_punti,
            donazioni.Donatore(self.case[da].nucleo_id, None),
            a_progetto_id=self.progetto_id if a == 3 else None,
            a_nucleo_id=self.case[a].nucleo_id if a < 3 else None,
            importo_cent=quanto,
            autore="prova",
        )
        if fatta is not None:
            assert a != da
            self.case[da].donati += quanto
            if a < 3:
                self.case[a].ricevuti += quanto
            else:
                self.solidale += quanto

    @rule(a=st.integers(0, 2), quanto=st.integers(1, 800))
    def ripartisci(self, a: int, quanto: int) -> None:
        quote = [QuotaDiPunti(self.case[a].nucleo_id, quanto)]
        fatta = self._fai(
            ripartizioni.ripartisci_solidale, self.progetto_id, atto=str(uuid7()), quote=quote, autore="prova"
        )
        assert (fatta is not None) is (quanto <= self.solidale)
        if fatta is not None:
            self.solidale -= quanto
            self.case[a].ricevuti += quanto

    @rule(casa=st.integers(0, 2), quanto=st.integers(1, 1500))
    def prenota(self, casa: int, quanto: int) -> None:
        scelta = self.case[casa]
        fatta = self._fai(
            riduzioni.prenota_riduzione,
            scelta.nucleo_id,
            ente=self.ente,
            contratto_codice=scelta.contratto,
            importo_cent=quanto,
            autore="prova",
        )
        if fatta is not None:
            assert scelta.pendenti + scelta.confermati + quanto <= 5000
            scelta.pendenti += quanto
            self.prenotate[fatta.protocollo] = (scelta, quanto)

    @rule(esiti=st.lists(st.tuples(st.sampled_from(list(Risposta)), st.integers(1, 99)), min_size=1, max_size=6))
    def risponde_l_ente(self, esiti: list[tuple[Risposta, int]]) -> None:
        preso = self._fai(lotti.preleva_lotto, self.ente)
        ancora = self._fai(lotti.preleva_lotto, self.ente)
        assert (preso is None) is (ancora is None)
        if preso is None:
            assert not self.prenotate
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
                    casa, importo = self.prenotate.pop(risposta.riga.protocollo)
                    casa.pendenti -= importo
                    casa.confermati += {
                        Risposta.CONFERMATA: importo,
                        Risposta.PARZIALE: risposta.riga.importo_cent or 0,
                        Risposta.RESPINTA: 0,
                    }[risposta.riga.esito]

    @rule()
    def scadono(self) -> None:
        orologio = self.banco.servizio.clock
        adesso = orologio.now()
        orologio.set(adesso + timedelta(days=61))
        self._fai(riduzioni.scadono_riduzioni)
        orologio.set(adesso)
        for casa, importo in self.prenotate.values():
            casa.pendenti -= importo
        self.prenotate.clear()

    @rule()
    def passa_il_tempo(self) -> None:
        self._fai(accrediti.recupera_punti)
        self._fai(accrediti.avanza_tutte_le_attese)
        self._fai(registro.sigilla)

    @invariant()
    def il_registro_e_il_modello_concordano(self) -> None:
        self.banco.fai(self._confronta())

    async def _confronta(self) -> None:
        nuclei = [str(casa.nucleo_id) for casa in self.case]
        async with self.banco.servizio.transaction() as session:
            righe = await session.execute(
                sa.text("SELECT tipo, titolare, saldo_cent FROM conto WHERE titolare = ANY (:t)"),
                {"t": [*nuclei, str(self.progetto_id)]},
            )
            saldi = {(riga.tipo, riga.titolare): riga.saldo_cent for riga in righe}
            righe = await session.execute(
                sa.text(
                    "SELECT nucleo_id::text AS n, sum(dovuto_cent - concesso_cent)::bigint AS attesa, "
                    "sum(concesso_cent)::bigint AS concesso FROM accredito WHERE nucleo_id::text = ANY (:n) GROUP BY 1"
                ),
                {"n": nuclei},
            )
            accrediti_letti = {riga.n: riga for riga in righe}
            righe = await session.execute(
                sa.text(
                    "SELECT c.titolare, sum(r.residuo_cent)::bigint AS residuo FROM recupero r JOIN conto c "
                    "USING (conto_id) WHERE c.titolare = ANY (:n) GROUP BY 1"
                ),
                {"n": nuclei},
            )
            residui = {riga.titolare: riga.residuo for riga in righe}
        concessi = 0
        for casa, chi in zip(self.case, nuclei, strict=True):
            letto = accrediti_letti.get(chi)
            attesa, concesso = (letto.attesa, letto.concesso) if letto else (0, 0)
            concessi += concesso + residui.get(chi, 0)
            assert saldi.get(("nucleo", chi), 0) - residui.get(chi, 0) + attesa == casa.netto
        assert saldi.get(("fondo", str(self.progetto_id)), 0) == self.versato - concessi
        assert saldi.get(("solidale", str(self.progetto_id)), 0) == self.solidale
        assert saldi.get(("apporto", str(self.progetto_id)), 0) == -self.versato
        assert all(saldo >= 0 for (tipo, _), saldo in saldi.items() if tipo != "apporto")

    def teardown(self) -> None:
        if not hasattr(self, "progetto_id"):
            return
        self._fai(
            progetti.alimenta_fondo,
            self.progetto_id,
            importo_cent=1_000_000,
            origine=OrigineFondo.ALTRO,
            atto=str(uuid7()),
            autore="prova",
        )
        self.versato += 1_000_000
        self.passa_il_tempo()
        self.il_registro_e_il_modello_concordano()

        async def finale() -> None:
            async with self.banco.servizio.transaction() as session:
                in_attesa = await session.scalar(
                    sa.text("SELECT count(*) FROM accredito WHERE stato = 'in_attesa_fondo' AND progetto_id = :p"),
                    {"p": self.progetto_id},
                )
                assert in_attesa == 0
                verifica = await registro.verifica_registro(session)
                assert verifica.in_ordine, verifica.guasti()
                assert all(libro.non_sigillati == 0 for libro in verifica.libri)

        self.banco.fai(finale())


def test_any_story_agrees_with_the_model(banco: Banco) -> None:
    Registro.banco = banco
    run_state_machine_as_test(
        Registro,
        settings=settings(
            max_examples=ESEMPI,
            stateful_step_count=PASSI,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
