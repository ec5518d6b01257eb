"""`quartieri up`: the platform in the foreground, told step by step, stopped in order."""

import asyncio
import os
import sys
import time
from pathlib import Path

import httpx
from rich.table import Table

from cli.console import CommandError, console, error_console
from cli.names import SERVICES
from cli.signals import end_with_parent, until_stopped
from deploy.local import users
from deploy.local.environment import url
from deploy.local.home import Home
from deploy.local.platform import LocalPlatform
from deploy.local.ports import HOST, Ports

_DESCRIPTIONS = {
    "gateway": "la porta pubblica; documentazione in /docs, stato in /status",
    "bandi": "bandi, domande, graduatorie, progetti",
    "laboratori": "persone, nuclei, attivita', presenze",
    "inclusione": "PIP, dote, ore, indennita'",
    "puntiluna": "fondi, punti, riduzioni, distinte",
    "issuer": "emittente locale dei token",
}


async def run_up(ports: Ports, *, load_demo: bool, with_parent: bool) -> None:
    """Run the platform until it is asked to stop or one of its processes dies.

    Args:
        ports: of every process.
        load_demo: play the scenarios the first time.
        with_parent: stop when the parent process dies.

    Raises:
        CommandError: the environment says this is not a local machine.
        LocalError: it could not start, or a process died; the message says which and why.
    """
    if os.environ.get("QUARTIERI_ENV", "local") != "local":
        raise CommandError(
            "`quartieri up` avvia una piattaforma locale, ma QUARTIERI_ENV dice che questa non lo e': "
            "in produzione usa `quartieri serve` per ogni processo."
        )
    if with_parent:
        end_with_parent()
    platform = LocalPlatform(Home.default(), ports, report=lambda step: console.print(f"[dim]- {step}[/dim]"))
    await until_stopped(_live(platform, load_demo=load_demo), platform.watch)


async def _live(platform: LocalPlatform, *, load_demo: bool) -> None:
    began = time.monotonic()
    try:
        async with platform:
            console.print(f"Pronta in {time.monotonic() - began:.1f} s.")
            if load_demo:
                await _load_demo(platform)
            _show(platform)
            await _show_clock(platform)
            try:
                await asyncio.Event().wait()  # until it is cancelled
            finally:
                console.print("[dim]- arresto: gateway, servizi, NATS, PostgreSQL[/dim]")
    finally:
        console.print("[dim]- fermata[/dim]")


async def _load_demo(platform: LocalPlatform) -> None:
    done = platform.stamp("demo")
    if done.exists():
        return
    from scenari.runner import run

    console.print("Carico la dimostrazione (solo la prima volta; --no-demo la salta).")
    if await run((), gateway_url=platform.gateway_url, tokens=platform, console=console) == 0:
        done.write_text("caricata", "utf-8")
    else:
        error_console.print("La dimostrazione non e' completa: al prossimo avvio ci riprovo.", style="yellow")


async def _show_clock(platform: LocalPlatform) -> None:
    """Say what time it is on the platform when it is not real time, and that all is ready."""
    try:
        async with httpx.AsyncClient(base_url=url(platform.ports, SERVICES[0]), timeout=10) as client:
            clock = (await client.get("/orologio")).raise_for_status().json()
    except httpx.HTTPError:
        clock = {}  # the process that does not answer is the business of whoever watches it
    if clock.get("spostato"):
        console.print(
            f"Orologio:   sulla piattaforma e' il {clock['adesso'][:10]}, la data della dimostrazione "
            "(un amministratore lo sposta con PUT /orologio)",
            markup=False,
            soft_wrap=True,
        )
    console.print("Ctrl-C ferma tutto.")


def _show(platform: LocalPlatform) -> None:
    table = Table("nome", "indirizzo o ruolo", "che cosa", title="Quartieri", title_justify="left")
    for name, text in _DESCRIPTIONS.items():
        table.add_row(name, url(platform.ports, name), text)
    for name, server in (("postgres", platform.postgres), ("nats", platform.nats)):
        ours = server is not None
        where = f"{HOST}:{platform.ports.of(name)}" if ours else "indicato dall'ambiente"
        table.add_row(name, where, "incorporato" if ours else "")
    table.add_section()
    for user in users.USERS:
        table.add_row(user.sub, ", ".join(user.roles), user.what)
    for program in users.CLIENTS:
        if program.ente is not None:
            table.add_row(program.client_id, ", ".join(program.roles), program.what)
    console.print(table)
    command = f"{Path(sys.executable).parent.name}/quartieri token ufficio.bandi"
    if Path(sys.prefix).name == ".venv":
        command = f".venv/{command}"
    console.print(
        f"Un token:   {command}",
        f'Una prova:  curl -H "Authorization: Bearer $({command})" {platform.gateway_url}/rest/bandi/v1/bandi',
        f"Registri:   {platform.home.logs}",
        sep="\n",
        markup=False,
        soft_wrap=True,
    )
