"""A call with many applications: everybody writes at once, they present in order, the commission scores them all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from scenari.toolkit.concorso import COMMISSARIO, Concorso
from scenari.toolkit.dichiarazioni import aderiscono, dichiarano


@dataclass(frozen=True, slots=True)
class Proposta:
    """One application of a story: who leads it, what it says, the points it gets.

    ``punti`` is empty where nothing is scored; ``motivo`` says why the office does not admit it.
    """

    ente: str
    contenuto: Mapping[str, Any]
    punti: Mapping[str, str]
    motivo: str | None = None


class ConcorsoNumeroso(Concorso):
    """A call whose applications are told as a list."""

    async def presentano(self, proposte: Iterable[Proposta], label: str = "domanda") -> list[str]:
        """Have everybody write at once, their partners accept, and present one after the other.

        Args:
            proposte: the applications, in order of arrival.
            label: what tells these applications from others of the same call.

        Returns:
            The ids of the applications, in the same order.
        """
        stories = list(proposte)
        steps = [f"{self.codice} {label} {n}" for n in range(1, len(stories) + 1)]
        drafts = await self.stage.gather(
            f"{self.codice}: bozze", [partial(self._draft, *pair) for pair in zip(stories, steps, strict=True)]
        )
        await aderiscono(self.stage, drafts)
        for story, step, draft in zip(stories, steps, drafts, strict=True):
            path = f"/domande/{draft['domanda_id']}/presentazione"
            await self.capofila(story.ente).post("bandi", path, step=f"{step} presentazione")
        return [str(draft["domanda_id"]) for draft in drafts]

    async def rifiutata(self, proposta: Proposta, label: str, stato: int) -> str:
        """Have somebody present what the call refuses and return the name of the refusal."""
        draft = await self._draft(proposta, f"{self.codice} {label}")
        await aderiscono(self.stage, [draft])
        path = f"/domande/{draft['domanda_id']}/presentazione"
        lead, step = self.capofila(proposta.ente), f"{self.codice} {label} presentazione"
        return nome(await lead.request("POST", "bandi", path, step=step, expected=stato))

    async def esamina(self, proposte: Iterable[Proposta], ids: Iterable[str]) -> list[dict[str, Any]]:
        """Decide on every application."""
        pairs = list(zip(proposte, ids, strict=True))
        return await self.stage.gather(f"{self.codice}: istruttoria", [partial(self._decide, *pair) for pair in pairs])

    async def valuta(self, proposte: Iterable[Proposta], ids: Iterable[str]) -> None:
        """Have the commission declare that nothing ties it to the admitted applications, and score them."""
        pairs = [(story, item) for story, item in zip(proposte, ids, strict=True) if story.motivo is None]
        await dichiarano(self.stage, self.codice, [COMMISSARIO], [item for _, item in pairs])
        await self.stage.gather(f"{self.codice}: schede", [partial(self._score, *pair) for pair in pairs])

    async def gradua(self, atto: str, finestra: str | None = None) -> dict[str, Any]:
        """Approve the next version of the ranking, of a window where the call has them."""
        body = {"atto": atto} | ({"finestra": finestra} if finestra else {})
        path = f"/bandi/{self.codice}/graduatorie"
        answer: dict[str, Any] = await self.ufficio.post("bandi", path, body, step=f"{self.codice} {atto}")
        return answer

    async def righe(self, numero: int) -> list[dict[str, Any]]:
        """Return the rows of a published ranking, as anybody reads them."""
        return await self.stage.visitor.items("bandi", f"/bandi/{self.codice}/graduatorie/{numero}/righe")

    async def elenco_progetti(self) -> list[dict[str, Any]]:
        """Return the projects of the call, as anybody reads them; one lead may have several."""
        return await self.stage.visitor.items("bandi", "/progetti", params={"bando": self.codice})

    async def letto(self) -> dict[str, Any]:
        """Return the call as anybody reads it."""
        answer: dict[str, Any] = await self.stage.visitor.get("bandi", f"/bandi/{self.codice}")
        return answer

    async def _draft(self, proposta: Proposta, step: str) -> dict[str, Any]:
        body = {"bando": self.codice, "contenuto": dict(proposta.contenuto)}
        answer: dict[str, Any] = await self.capofila(proposta.ente).post("bandi", "/domande", body, step=step)
        return answer

    async def _decide(self, proposta: Proposta, domanda_id: str) -> dict[str, Any]:
        admitted = proposta.motivo is None
        body = {"esito": "ammissibile"} if admitted else {"esito": "non_ammissibile", "motivi": [proposta.motivo]}
        path = f"/domande/{domanda_id}/istruttoria"
        answer: dict[str, Any] = await self.ufficio.post("bandi", path, body, step=f"istruttoria {domanda_id}")
        return answer

    async def _score(self, proposta: Proposta, domanda_id: str) -> None:
        body = {"punteggi": [{"criterio": code, "punti": points} for code, points in proposta.punti.items()]}
        commissioner = self.stage.actor("commissario", subject=COMMISSARIO)
        await commissioner.post("bandi", f"/domande/{domanda_id}/schede", body, step=f"scheda {domanda_id}")


def nome(answer: Any) -> str:
    """Return the name of a refusal."""
    return str(answer.body["type"]).removeprefix("urn:quartieri:problema:")


def contenuto_singolo(
    ente: str, categoria: str, titolo: str, mesi: int, importi: Mapping[str, str], **places: str
) -> dict[str, Any]:
    """Return what somebody who applies alone writes: the whole cost asked on each line.

    Args:
        ente: who applies.
        categoria: what it is, for the call.
        titolo: of the project.
        mesi: how long it lasts.
        importi: euro asked by line, as decimal text.
        places: `comune` and `quartiere`, where known.
    """
    return {
        "titolo": titolo,
        "durata_mesi": mesi,
        "membri": [{"ente": ente, "denominazione": titolo, "categoria": categoria, "ruolo": "capofila"}],
        "sotto_progetti": [
            {"linea": linea, "titolo": titolo, "costo": importo, "contributo": importo}
            for linea, importo in importi.items()
        ],
        **places,
    }
