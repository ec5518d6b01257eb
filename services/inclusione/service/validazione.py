"""Hours validated by a second person, annulled, or taken out of the allowance: each pays once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import uuid7
from chassis.outbox import emit
from chassis.tokens import Principal
from services.inclusione.events import OreValidate
from services.inclusione.models import Ora, Pip, PipServizio, TettoPersona
from services.inclusione.queries import indennita as queries_indennita
from services.inclusione.queries import ore as queries
from services.inclusione.queries import pagamento as queries_pagamento
from services.inclusione.queries import pip as queries_pip
from services.inclusione.queries.ore import OraLetta
from services.inclusione.rules.indennita import matura
from services.inclusione.rules.misura import RegoleMisura, tariffa_del
from services.inclusione.rules.ore import PipNonAttivo, costo_ora, verifica_passo, verifica_seconda_persona
from services.inclusione.rules.stati import IN_CORSO, StatoOra
from services.inclusione.schemas.ore import EsitoOre
from services.inclusione.service.misura import regole_di
from services.inclusione.service.ore import Esiti, per_riga


class _Validazione:
    """One bulk validation: rates, caps and what changes, gathered to be written together."""

    def __init__(
        self,
        regole: dict[tuple[UUID, int], RegoleMisura],
        tetti: dict[tuple[UUID, UUID], TettoPersona],
        servizi: dict[tuple[UUID, str], PipServizio],
        stesse: Mapping[UUID, Collection[UUID]],
        *,
        principal: Principal,
        now: datetime,
    ) -> None:
        self.regole = regole
        self.tetti = tetti
        self.servizi = servizi
        self.stesse = stesse
        self.principal = principal
        self.now = now
        self.righe: list[tuple[UUID, int, int]] = []
        self.voci: list[tuple[UUID, UUID, int]] = []
        self.eventi: list[OreValidate] = []
        self._viste: set[UUID] = set()
        self._tariffe: dict[tuple[UUID, int, str, date], tuple[int, int | None]] = {}
        self._piani: dict[UUID, Pip] = {}
        self._costi: Counter[UUID] = Counter()
        self._maturati: Counter[UUID] = Counter()
        self._maturati_persona: Counter[tuple[UUID, UUID]] = Counter()
        self._minuti: Counter[tuple[UUID, str]] = Counter()

    def valida(self, ora: OraLetta, pip: Pip) -> None:
        """Validates one hour: what it costs, what it accrues as far as the caps go, what is told to others."""
        stato = StatoOra.VALIDATA if ora.ore_id in self._viste else ora.stato
        verifica_passo(stato, StatoOra.VALIDATA, diretta=ora.diretta)
        verifica_seconda_persona(ora.registrata_da, self.principal.subject)
        if pip.stato not in IN_CORSO:
            raise PipNonAttivo(
                f"Il piano e' {pip.stato.value}: si validano le ore di un piano in corso.",
                field="pip_id",
                remedy="Le ore di un piano chiuso restano come sono.",
            )
        if ora.servizio_codice is None:
            self._viste.add(ora.ore_id)
            self.righe.append((ora.ore_id, 0, 0))
            return
        costo, indennita = self._importi(ora, ora.servizio_codice, pip)
        self._viste.add(ora.ore_id)
        self.righe.append((ora.ore_id, costo, indennita))
        self._piani[pip.pip_id] = pip
        self._minuti[pip.pip_id, ora.servizio_codice] += ora.minuti
        self._costi[pip.pip_id] += costo
        if indennita:
            self._maturati[pip.pip_id] += indennita
            self._maturati_persona[pip.persona_id, pip.misura_id] += indennita
            self.voci.append((uuid7(), ora.ore_id, indennita))
        cumulabile = self.regole[pip.misura_id, pip.misura_numero].ora_anche_punti
        self.eventi.append(
            evento_di(
                ora, pip, versione=ora.versione + 1, indennita_cent=indennita, cumulabile=cumulabile, now=self.now
            )
        )

    def _importi(self, ora: OraLetta, servizio: str, pip: Pip) -> tuple[int, int]:
        orario, tasso = self._tariffe_del(pip, servizio, ora.giorno)
        costo = costo_ora(ora.minuti, orario)
        if tasso is None or ora.gia_pagata_il is not None:
            return costo, 0
        tetto = self.tetti[pip.persona_id, pip.misura_id].tetto_cent
        chiavi = [(identita, pip.misura_id) for identita in self.stesse[pip.persona_id]]
        maturato = sum(self.tetti[chiave].maturato_cent + self._maturati_persona[chiave] for chiave in chiavi)
        return costo, matura(
            ora.minuti,
            tasso,
            residuo_pip_cent=pip.riservato_indennita_cent - pip.maturato_cent - self._maturati[pip.pip_id],
            residuo_persona_cent=tetto - maturato,
        )

    def _tariffe_del(self, pip: Pip, codice: str, giorno: date) -> tuple[int, int | None]:
        """The unit cost of a service on a day, and the rate of the allowance when it gives one."""
        chiave = (pip.misura_id, pip.misura_numero, codice, giorno)
        note = self._tariffe.get(chiave)
        if note is None:
            regole = self.regole[pip.misura_id, pip.misura_numero]
            servizio = regole.servizio(codice)
            assert servizio is not None  # a signed plan holds only services of its measure's version
            orario = tariffa_del(servizio.costi, giorno, di_che_cosa=f"il servizio {codice}")
            tasso = tariffa_del(regole.indennita, giorno, di_che_cosa="l'indennita'") if servizio.da_indennita else None
            note = self._tariffe[chiave] = (orario, tasso)
        return note

    def riporta(self) -> None:
        """Brings what the hours added to their plans, services and people."""
        for chiave, minuti in self._minuti.items():
            self.servizi[chiave].validati_minuti += minuti
        for pip_id, pip in self._piani.items():
            pip.costo_servizi_cent += self._costi[pip_id]
            pip.maturato_cent += self._maturati[pip_id]
        for persona, cent in self._maturati_persona.items():
            self.tetti[persona].maturato_cent += cent


def evento_di(
    ora: Ora | OraLetta,
    pip: Pip,
    *,
    versione: int,
    indennita_cent: int,
    cumulabile: bool,
    now: datetime,
    stato: StatoOra = StatoOra.VALIDATA,
) -> OreValidate:
    """The event of a person-hour as it is now."""
    assert ora.servizio_codice is not None
    return OreValidate(
        ore_id=ora.ore_id,
        versione=versione,
        pip_id=pip.pip_id,
        persona_id=ora.persona_id,
        progetto_id=pip.progetto_id,
        inizio=ora.inizio,
        fine=ora.fine,
        minuti=ora.minuti,
        servizio_codice=ora.servizio_codice,
        indennizzata=indennita_cent > 0,
        cumulabile=cumulabile,
        stato=stato.value,
        validate_il=ora.validata_il or now,
    )


async def valida_ore(
    session: AsyncSession, identita: Sequence[UUID], *, principal: Principal, now: datetime
) -> EsitoOre:
    """Validates hours in one transaction, each row on its own; each accrues its allowance within both caps.

    The person's cap counts what all their ids accrued: two people may have turned out to be one.

    Raises:
        Nothing for single rows: their refusals are in the answer.

    Source: DOMAIN part inclusione (Hours; Indennita).
    """
    piani = await queries_pip.blocca_piani(session, await queries.piani_delle_ore(session, identita))
    regole = {
        (pip.misura_id, pip.misura_numero): await regole_di(session, pip.misura_id, pip.misura_numero)
        for pip in piani.values()
    }
    stesse = await queries_pagamento.stesse_di(session, {pip.persona_id for pip in piani.values()})
    tetti = await queries_pip.blocca_tetti(
        session,
        [
            (identita, pip.misura_id, regole[pip.misura_id, pip.misura_numero].massimale_persona_cent)
            for pip in piani.values()
            for identita in stesse[pip.persona_id]
        ],
    )
    servizi = {(riga.pip_id, riga.servizio_codice): riga for riga in await queries_pip.servizi(session, piani.keys())}
    validazione = _Validazione(regole, tetti, servizi, stesse, principal=principal, now=now)
    esiti = Esiti([], [])
    await per_riga(session, identita, principal, validazione.valida, esiti, bloccati=piani)
    validazione.riporta()
    await queries.segna_validate(session, validazione.righe, validata_da=principal.subject, now=now)
    await queries_indennita.aggiungi_maturazioni(session, validazione.voci, now=now)
    await emit(session, *validazione.eventi, now=now)
    await session.flush()
    return esiti.vista()
