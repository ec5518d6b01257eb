"""The ledger in a hundred lines: what households are owed, give, reserve and get confirmed, without any database."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from services.puntiluna.rules.riduzioni import Risposta
from tests.puntiluna.fatti import ADESSO, ANNULLATA, CONFERMATA, RETTIFICATA, presenza

DEBITO = 5000

Evento = tuple[str, dict[str, Any], UUID]


@dataclass
class Casa:
    """A household: what it is owed and what it moved (hundredths)."""

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


@dataclass
class Modello:
    """A project, its households, the attendances told of them, the landlord's lines."""

    progetto_id: UUID
    impegnato: int
    case: list[Casa]
    versato: int = 0
    da_progetto: int = 0
    solidale: int = 0
    da_liquidare: int = 0
    liquidato: int = 0
    fatte: list[dict[str, Any]] = field(default_factory=list)
    vecchi: list[Evento] = field(default_factory=list)
    prenotate: dict[int, tuple[Casa, int]] = field(default_factory=dict)

    def ammette(self, quanto: int, *, dal_progetto: bool) -> bool:
        """Whether an act may fill the fund."""
        return not dal_progetto or self.da_progetto + quanto <= self.impegnato

    def alimenta(self, quanto: int, *, dal_progetto: bool) -> None:
        """Fill the fund."""
        self.versato += quanto
        self.da_progetto += quanto if dal_progetto else 0

    def giornata(self, caso: random.Random, quanti: int) -> list[Evento]:
        """Earn, correct, cancel, tell again, tell late: as many facts, in an order that says nothing."""
        eventi: list[Evento] = []
        for _ in range(quanti):
            gesto = caso.choices(("nuova", "corretta", "annullata", "vecchia", "doppia"), (5, 3, 1, 2, 2))[0]
            if gesto == "nuova" or not self.fatte:
                eventi.append(self._conferma(caso))
            elif gesto in {"corretta", "annullata"}:
                eventi.append(self._corregge(caso, annulla=gesto == "annullata"))
            elif gesto == "vecchia" and self.vecchi:
                soggetto, corpo, _ = caso.choice(self.vecchi)
                eventi.append((soggetto, corpo, uuid7()))
            else:
                eventi.append(caso.choice(self.vecchi))
        caso.shuffle(eventi)
        return eventi

    def _conferma(self, caso: random.Random) -> Evento:
        casa, quarti = caso.choice(self.case), caso.randint(1, 16)
        quando = (ADESSO + timedelta(minutes=caso.randint(0, 1000))).isoformat()
        corpo = presenza(self.progetto_id, casa.nucleo_id, minuti=15 * quarti, confermata_il=quando)
        self.fatte.append(corpo)
        casa.dovuti[corpo["presenza_id"]] = 125 * quarti
        return self._ricorda((CONFERMATA, corpo, uuid7()))

    def _corregge(self, caso: random.Random, *, annulla: bool) -> Evento:
        quale = caso.randrange(len(self.fatte))
        prima, quarti = self.fatte[quale], 0 if annulla else caso.randint(1, 16)
        dopo = prima | {"versione": prima["versione"] + 1, "stato": "confermata" if quarti else "annullata"}
        dopo["minuti"] = 15 * quarti or prima["minuti"]
        self.fatte[quale] = dopo
        casa = next(c for c in self.case if prima["presenza_id"] in c.dovuti)
        casa.dovuti[prima["presenza_id"]] = 125 * quarti
        return self._ricorda((RETTIFICATA if quarti else ANNULLATA, dopo, uuid7()))

    def _ricorda(self, evento: Evento) -> Evento:
        self.vecchi.append(evento)
        return evento

    def dona(self, da: Casa, a: Casa | None, quanto: int) -> None:
        """Give to a household, or to the pool."""
        da.donati += quanto
        if a is None:
            self.solidale += quanto
        else:
            a.ricevuti += quanto

    def prenota(self, casa: Casa, protocollo: int, quanto: int) -> None:
        """Reserve; never beyond the debt."""
        assert casa.pendenti + casa.confermati + quanto <= DEBITO
        casa.pendenti += quanto
        self.prenotate[protocollo] = (casa, quanto)

    def risponde(self, protocollo: int, esito: Risposta, parte: int | None) -> None:
        """The landlord's first answer to a line."""
        casa, quanto = self.prenotate.pop(protocollo)
        confermato = {Risposta.CONFERMATA: quanto, Risposta.PARZIALE: parte or 0, Risposta.RESPINTA: 0}[esito]
        casa.pendenti -= quanto
        casa.confermati += confermato
        self.da_liquidare += confermato

    def scadono(self) -> None:
        """The term passes for every line without an answer."""
        for casa, quanto in self.prenotate.values():
            casa.pendenti -= quanto
        self.prenotate.clear()

    def liquida(self) -> None:
        """What was confirmed is paid."""
        self.liquidato += self.da_liquidare
        self.da_liquidare = 0
