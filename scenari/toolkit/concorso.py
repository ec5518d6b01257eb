"""A call of a scenario, from its draft to its funded projects, with the people who act on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenari.toolkit.dichiarazioni import aderiscono, dichiarano
from scenari.toolkit.http import Actor
from scenari.toolkit.stage import Stage

COMMISSARIO = "commissario.unico"


@dataclass(frozen=True, slots=True)
class Concorso:
    """One call: its code and the organisation that promotes it."""

    stage: Stage
    codice: str
    promotore: str

    @property
    def ufficio(self) -> Actor:
        """Return an officer of the promoting body."""
        return self.stage.actor("funzionario_bandi", subject=f"ufficio.{self.promotore.lower()}", ente=self.promotore)

    def capofila(self, ente: str) -> Actor:
        """Return who acts for an organisation that leads an application or a project."""
        return self.stage.actor("proponente", subject=f"proponente.{ente.lower()}", ente=ente)

    async def pubblica(self, corpo: Mapping[str, Any], *, atto: str) -> None:
        """Draft the call, publish it by an act and appoint its commission of one."""
        body = {"codice": self.codice, "ente_promotore": self.promotore, **corpo}
        await self.ufficio.post("bandi", "/bandi", body, step=f"{self.codice} bando")
        await self.ufficio.post(
            "bandi", f"/bandi/{self.codice}/pubblicazione", {"atto": atto}, step=f"{self.codice} pubblicazione"
        )
        commission = {"atto": "nomina (sintetico)", "commissari": [COMMISSARIO]}
        await self.ufficio.post(
            "bandi", f"/bandi/{self.codice}/commissione", commission, step=f"{self.codice} commissione"
        )
        self.stage.step("bando pubblicato")

    async def presenta(self, ente: str, contenuto: Mapping[str, Any]) -> dict[str, Any]:
        """Write an application, have its partners accept it and present it; return its receipt."""
        lead = self.capofila(ente)
        body = {"bando": self.codice, "contenuto": contenuto}
        draft = await lead.post("bandi", "/domande", body, step=f"bozza {ente}")
        await aderiscono(self.stage, [draft])
        path = f"/domande/{draft['domanda_id']}/presentazione"
        receipt: dict[str, Any] = await lead.post("bandi", path, step=f"presentazione {ente}")
        return receipt

    async def ammetti(self, domanda_id: str, punti: Mapping[str, str]) -> None:
        """Admit an application and score it."""
        path = f"/domande/{domanda_id}"
        await self.ufficio.post(
            "bandi", f"{path}/istruttoria", {"esito": "ammissibile"}, step=f"istruttoria {domanda_id}"
        )
        if punti:
            await dichiarano(self.stage, self.codice, [COMMISSARIO], [domanda_id])
            sheet = {"punteggi": [{"criterio": codice, "punti": value} for codice, value in punti.items()]}
            commissioner = self.stage.actor("commissario", subject=COMMISSARIO)
            await commissioner.post("bandi", f"{path}/schede", sheet, step=f"scheda {domanda_id}")

    async def approva(self, atto: str) -> dict[str, Any]:
        """Approve the ranking by an act."""
        ranking: dict[str, Any] = await self.ufficio.post(
            "bandi", f"/bandi/{self.codice}/graduatorie", {"atto": atto}, step=f"graduatoria {atto}"
        )
        self.stage.step("graduatoria approvata")
        return ranking

    async def progetti(self) -> dict[str, dict[str, Any]]:
        """Return the funded projects by their lead, as anybody reads them."""
        found = await self.stage.visitor.items("bandi", "/progetti", params={"bando": self.codice})
        return {project["capofila"]: project for project in found}

    async def denaro(self) -> dict[str, Any]:
        """Return the money of the call, as anybody reads it."""
        money: dict[str, Any] = await self.stage.visitor.get("bandi", f"/bandi/{self.codice}/avanzamento")
        return money

    async def approva_piano(
        self, progetto: Mapping[str, Any], piano: Mapping[str, Any], *, motivo: str, atto: str
    ) -> dict[str, Any]:
        """Have the lead of a project ask for a plan and the office approve it; return the plan."""
        path = f"/progetti/{progetto['progetto_id']}/rimodulazioni"
        ente = progetto["capofila"]
        asked = await self.capofila(ente).post(
            "bandi", path, {"motivo": motivo, "piano": piano}, step=f"piano chiesto {ente} {motivo}"
        )
        plan: dict[str, Any] = await self.ufficio.post(
            "bandi", f"{path}/{asked['numero']}/approvazione", {"atto": atto}, step=f"piano approvato {ente} {motivo}"
        )
        return plan


def membro(ente: str, denominazione: str, categoria: str, ruolo: str = "partner") -> dict[str, str]:
    """Return a member of a partnership as an application writes it."""
    return {"ente": ente, "denominazione": denominazione, "categoria": categoria, "ruolo": ruolo}


def importi(linee: Sequence[Mapping[str, Any]], stadio: str, atto: str) -> dict[str, Any]:
    """Return the body of an act that moves the whole amount a project has at a stage, on each line."""
    return {"atto": atto, "importi": [{"linea": linea["linea"], "importo": linea[stadio]} for linea in linee]}
