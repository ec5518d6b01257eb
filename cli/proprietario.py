"""`quartieri proprietario`: a landlord of the local platform, well behaved or not."""

import asyncio

import httpx

from cli.console import CommandError
from cli.token import local_token
from deploy.local.environment import url
from deploy.local.home import Home
from deploy.local.proprietario import Modo, Proprietario
from deploy.local.users import client

PROGRAM = "gestionale.aler.mantova"


async def run_landlord(modo: Modo, *, rounds: int, pause_s: float) -> None:
    """Make rounds as the landlord of the demonstration, against the platform that runs here.

    Args:
        modo: how it behaves.
        rounds: how many rounds; 0 for ever.
        pause_s: seconds between two rounds.

    Raises:
        CommandError: no platform answers.
    """
    program = client(PROGRAM)
    if program is None or program.ente is None:
        raise CommandError(f"{PROGRAM}: programma sconosciuto.")
    base = url(Home.default().ports(), "gateway") + "/rest/puntiluna/v1/"
    done = 0
    while rounds == 0 or done < rounds:
        if done:
            await asyncio.sleep(pause_s)
        headers = {"Authorization": f"Bearer {local_token(PROGRAM)}"}
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=60, trust_env=False) as http:
            try:
                await Proprietario(http, program.ente).gira(modo)
            except httpx.TransportError as error:
                raise CommandError(f"La piattaforma non risponde a {base}: avviala con `make run`.") from error
        done += 1
