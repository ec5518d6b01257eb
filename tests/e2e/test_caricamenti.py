"""A document of an application through the gateway: streamed up, given back byte for byte, refused when huge."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.platform import LocalPlatform
from tests.bandi.esempi import bando_corpo
from tests.bandi.test_documenti import odf

MIB = 2**20
ENTE = "COMUNE-CARICAMENTI"


async def pieces(content: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    """A body that comes piece by piece, without a declared length."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_a_document_goes_through_the_gateway_and_comes_back_as_it_was(platform: LocalPlatform) -> None:
    async def who(role: str, ente: str | None = None) -> dict[str, str]:
        token = await platform.token(roles=[role], subject=f"prova.{role}", ente=ente)
        return {"Authorization": f"Bearer {token}"}

    office, lead = await who("funzionario_bandi", "REGIONE-LOMBARDIA"), await who("proponente", ENTE)
    async with httpx.AsyncClient(base_url=platform.gateway_url, timeout=60) as client:

        async def ok(method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
            options = {"json": body} if body is not None else {}
            answer = await client.request(method, f"/rest/bandi/v1{path}", headers=headers, **options)
            assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
            return answer.json() if answer.content else None

        clock = (await client.get("/orologio", headers=await who("amministratore"))).json()
        now = datetime.fromisoformat(clock["adesso"])
        codice = f"CARICAMENTI-{uuid4().hex[:6].upper()}"
        dates = {
            "apre_il": (now - timedelta(days=1)).isoformat(),
            "chiude_il": (now + timedelta(days=30)).isoformat(),
            "termine_ultimo": (now + timedelta(days=900)).date().isoformat(),
        }
        await ok("POST", "/bandi", office, bando_corpo(codice, **dates))
        await ok("POST", f"/bandi/{codice}/pubblicazione", office, {"atto": "prova"})
        draft = await ok("POST", "/domande", lead, {"bando": codice})
        path = f"/domande/{draft['domanda_id']}/documenti"
        made = await ok("POST", path, lead, {"nome": "Relazione.odt"})
        file = f"/rest/bandi/v1{path}/{made['documento_id']}/file"

        content = odf(size=3 * MIB)
        put = await client.put(file, headers=lead, content=pieces(content))
        assert (put.status_code, put.json()["dimensione"]) == (200, len(content)), put.text
        got = await client.get(file, headers=lead)
        assert got.content == content
        assert got.headers["content-type"] == "application/vnd.oasis.opendocument.text"

        huge = await client.put(file, headers=lead, content=bytes(26 * MIB))
        assert huge.status_code == 413, huge.text
        assert huge.json()["type"].endswith("file-troppo-grande")
        assert (await client.get(file, headers=lead)).content == content, "a refused file replaces nothing"

        folder = (
            Path(str(platform.environment()["STORE_URL"]).removeprefix("file://")) / "domande" / draft["domanda_id"]
        )
        assert [item.stat().st_size for item in folder.iterdir()] == [len(content)]
        assert await ok("DELETE", f"{path}/{made['documento_id']}", lead) is None
        assert (await ok("GET", path, lead))["items"] == []
