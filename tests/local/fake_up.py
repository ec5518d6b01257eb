"""`quartieri up` with stand-ins for the services: everything else (servers, issuer, supervision) is the real thing."""

import asyncio
import sys
from pathlib import Path

import typer

from cli.console import ending_badly
from cli.up import run_up
from deploy.local import platform
from deploy.local.ports import Ports

platform.COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("fake_cli.py")))

app = typer.Typer()


@app.command()
def main(*, with_parent: bool = False) -> None:
    """Run until stopped."""
    with ending_badly():
        asyncio.run(run_up(Ports.from_env(), load_demo=False, with_parent=with_parent))


app()
