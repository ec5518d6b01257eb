"""A sandbox landlord: pulls and answers as a real one would, or fails in whatever way it is told to.

It uses the reference client of `docs/aler`, so that what landlords are given is what is tried here.
"""

import importlib.util
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import httpx

CLIENT = Path(__file__).parents[2] / "docs" / "aler" / "aler.py"

Riga = dict[str, Any]


class Modo(StrEnum):
    """How the landlord behaves."""

    REGOLARE = "regolare"
    PARZIALE = "parziale"
    RESPINGE = "respinge"
    MISTO = "misto"
    TACE = "tace"
    RIPETE = "ripete"
    CONTRADDICE = "contraddice"
    TARDA = "tarda"
    SBAGLIA = "sbaglia"
    ALTERA = "altera"
    CORROMPE = "corrompe"
    USURPA = "usurpa"
    INVECCHIA = "invecchia"


DESCRIZIONI = {
    Modo.REGOLARE: "conferma ogni riga",
    Modo.PARZIALE: "conferma la meta' di ogni riga",
    Modo.RESPINGE: "respinge ogni riga: contenzioso",
    Modo.MISTO: "a turno conferma, conferma in parte, respinge, tace",
    Modo.TACE: "preleva e non risponde: le righe scadono",
    Modo.RIPETE: "manda due volte la stessa risposta, con chiavi diverse",
    Modo.CONTRADDICE: "conferma, poi respinge le stesse righe",
    Modo.TARDA: "risponde soltanto alle righe gia' scadute",
    Modo.SBAGLIA: "risponde con importi, motivi e protocolli che non vanno",
    Modo.ALTERA: "risponde con l'impronta di un altro lotto",
    Modo.CORROMPE: "manda un corpo diverso da quello di Content-Digest",
    Modo.USURPA: "risponde a un lotto che non e' suo",
    Modo.INVECCHIA: "manda una rilevazione piu' vecchia dell'ultima",
}


def client_module() -> ModuleType:
    """The reference client, loaded from its file as a landlord would."""
    spec = importlib.util.spec_from_file_location("aler", CLIENT)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(CLIENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Proprietario:
    """A landlord of the sandbox.

    Args:
        http: with the base address of puntiluna and the landlord's token.
        ente: the landlord's code.
        say: where it tells what it does.
    """

    def __init__(self, http: httpx.AsyncClient, ente: str, say: Callable[[str], None] = print) -> None:
        self._client = client_module()
        self._aler = self._client.Aler(http, ente)
        self._http = http
        self._say = say
        self._held: dict[str, Riga] = {}

    async def gira(self, modo: Modo) -> list[str]:
        """Make one round: pull, answer (or fail) as told.

        Returns:
            What the platform said of each line or of the whole, as words of the protocol.
        """
        try:
            found = await self._round(modo)
        except self._client.Rifiutato as refused:
            found = [str(refused.problema["type"]).rpartition(":")[2]]
            self._say(f"rifiutato: {refused}")
        for word in sorted(set(found)):
            self._say(f"{modo}: {word} x {found.count(word)}")
        return found

    async def _round(self, modo: Modo) -> list[str]:
        if modo is Modo.INVECCHIA:
            content = b"contratto_codice,importo\nSANDBOX-1,1.00\n"
            await self._aler.invia_debiti(content, tipo="parziale", al_giorno="2000-01-01")
            return ["presa"]
        if modo is Modo.USURPA:
            batch = {"lotto_id": str(uuid4()), "impronta": "0" * 64}
            return await self._answer(batch, [{"protocollo": 1, "esito": "confermata"}])
        batch = await self._aler.preleva()
        if modo is Modo.TARDA:
            return await self._late(batch)
        if batch is None:
            return ["nulla_da_rispondere"]
        waiting = [row for row in batch["righe"] if row["stato"] == "prenotata"]
        return await self._answer_as(modo, batch, waiting)

    async def _answer_as(self, modo: Modo, batch: Riga, waiting: list[Riga]) -> list[str]:
        confirmed = [_confirmed(row) for row in waiting]
        match modo:
            case Modo.PARZIALE:
                return await self._answer(batch, [_partial(row) for row in waiting])
            case Modo.RESPINGE:
                return await self._answer(batch, [_refused(row) for row in waiting])
            case Modo.MISTO:
                ways = (_confirmed, _partial, _refused)
                chosen = [(ways[row["protocollo"] % 4], row) for row in waiting if row["protocollo"] % 4 < 3]
                return await self._answer(batch, [way(row) for way, row in chosen]) if chosen else ["taciuta"]
            case Modo.TACE:
                return ["taciuta"] * len(waiting)
            case Modo.RIPETE:
                return [*await self._answer(batch, confirmed), *await self._answer(batch, confirmed[::-1])]
            case Modo.CONTRADDICE:
                first = await self._answer(batch, confirmed)
                return first + await self._answer(batch, [_refused(row) for row in waiting])
            case Modo.SBAGLIA:
                wrong = [{**row, "importo": "9999999.99"} for row in confirmed]
                unknown = {"protocollo": 10**12, "esito": "confermata"}
                return await self._answer(batch, [*wrong[1:], _wordless(waiting[0]), unknown])
            case Modo.ALTERA:
                return await self._answer({**batch, "impronta": "0" * 64}, confirmed)
            case Modo.CORROMPE:
                return await self._corrupt(batch, confirmed)
            case _:
                return await self._answer(batch, confirmed)

    async def _answer(self, batch: Riga, rows: list[Riga]) -> list[str]:
        return [outcome["esito"] for outcome in await self._aler.rispondi(batch, rows)]

    async def _late(self, batch: Riga | None) -> list[str]:
        if batch is not None:
            self._held[batch["lotto_id"]] = batch
        for held in list(self._held.values()):
            answer = await self._http.get(f"lotti/{held['lotto_id']}")
            expired = [row for row in answer.json()["righe"] if row["stato"] == "scaduta"]
            if expired:
                del self._held[held["lotto_id"]]
                return await self._answer(held, [_confirmed(row) for row in expired])
        return ["in_ritardo"]

    async def _corrupt(self, batch: Riga, rows: list[Riga]) -> list[str]:
        sent = json.dumps({"righe": rows}).encode()
        headers = {"Content-Type": "application/json", "Content-Digest": self._client.digest(sent + b" ")}
        answer = await self._http.post(f"lotti/{batch['lotto_id']}/risposte", content=sent, headers=headers)
        if not answer.is_success:
            raise self._client.Rifiutato(answer.status_code, answer.json())
        return [row["esito"] for row in answer.json()["righe"]]


def _confirmed(row: Riga) -> Riga:
    return {"protocollo": row["protocollo"], "esito": "confermata", "riferimento": f"SANDBOX-{row['protocollo']}"}


def _partial(row: Riga) -> Riga:
    cents = int(row["importo"].replace(".", "")) // 2
    if cents == 0:
        return _confirmed(row)
    return {"protocollo": row["protocollo"], "esito": "parziale", "importo": f"{cents // 100}.{cents % 100:02d}"}


def _refused(row: Riga) -> Riga:
    return {"protocollo": row["protocollo"], "esito": "respinta", "motivo": "contenzioso"}


def _wordless(row: Riga) -> Riga:
    return {"protocollo": row["protocollo"], "esito": "respinta"}
