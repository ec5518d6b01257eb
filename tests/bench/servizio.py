"""The upstream of the gateway's measurement: a FastAPI application of the kind the services are, without a database.

`/v1/bandi` answers a page of ten validated items; `/v1/costante` answers the same bytes without any work.
"""

import sys
from typing import Any
from uuid import UUID

import uvicorn
from fastapi import FastAPI, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from tests.support.tokens import fetch_test_jwks, make_token


class Voce(BaseModel):
    """One item of the page."""

    model_config = ConfigDict(extra="forbid")

    bando_id: UUID
    codice: str = Field(max_length=64)
    titolo: str = Field(max_length=200)
    dotazione: str = Field(pattern=r"^\d+\.\d{2}$")


class Pagina(BaseModel):
    """A page."""

    items: list[Voce] = Field(max_length=100)
    cursor: str | None = None


VOCI = [
    {
        "bando_id": UUID(int=number),
        "codice": f"AVVISO-{number}",
        "titolo": "Gestione sociale dei quartieri di edilizia residenziale pubblica",
        "dotazione": "7827051.51",
    }
    for number in range(10)
]
app = FastAPI()


@app.get("/v1/bandi")
async def elenca_bandi(response: Response, limit: int = Query(10, ge=1, le=100)) -> Pagina:
    """A page of ten items, validated and serialised as every route of the platform does."""
    response.headers["cache-control"] = "no-store"
    return Pagina(items=[Voce(**voce) for voce in VOCI[:limit]])


@app.get("/jwks")
async def chiavi() -> dict[str, Any]:
    """The keys the gateway verifies the measurement's token with."""
    return await fetch_test_jwks("-")


CONSTANT = Pagina(items=[Voce(**voce) for voce in VOCI]).model_dump_json().encode()


async def service(scope: Any, receive: Any, send: Any) -> None:
    """The application, and beside it one route that costs nothing."""
    if scope["type"] != "http" or scope["path"] != "/v1/costante":
        await app(scope, receive, send)
        return
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(CONSTANT))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": CONSTANT})


if __name__ == "__main__":
    print(make_token("misura", ["residente"]), flush=True)
    uvicorn.run(service, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
