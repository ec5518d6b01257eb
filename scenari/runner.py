"""Plays the named scenarios, and those they stand on, and says whether every figure came out as expected."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import scenari
from scenari.toolkit import Gateway, Report, Stage, StageTimeout, TokenSource, UnexpectedAnswer

SUPPORT = frozenset({"runner", "toolkit", "facts", "percorsi"})


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: its name, what must be played before it, and how it is played."""

    name: str
    title: str
    requires: tuple[str, ...]
    play: Callable[[Stage], Awaitable[None]]


def known_scenarios() -> dict[str, Scenario]:
    """Return every scenario of this package by name, in alphabetical order."""
    found: dict[str, Scenario] = {}
    for module_info in sorted(pkgutil.iter_modules(scenari.__path__), key=lambda info: info.name):
        if module_info.name in SUPPORT:
            continue
        module = importlib.import_module(f"scenari.{module_info.name}")
        found[module.NAME] = Scenario(
            name=module.NAME,
            title=module.TITLE,
            requires=tuple(module.REQUIRES),
            play=cast(Callable[[Stage], Awaitable[None]], module.play),
        )
    return found


def in_order(names: Sequence[str], known: dict[str, Scenario]) -> list[Scenario]:
    """Return the named scenarios (all of them when none is named) after those they require, each once.

    Raises:
        ValueError: a name is unknown, or two scenarios require each other.
    """
    ordered: list[Scenario] = []
    visiting: set[str] = set()

    def visit(name: str) -> None:
        if name not in known:
            message = f"scenario sconosciuto: {name}; esistono: {', '.join(known)}"
            raise ValueError(message)
        if known[name] in ordered:
            return
        if name in visiting:
            message = f"lo scenario {name} richiede se stesso"
            raise ValueError(message)
        visiting.add(name)
        for required in known[name].requires:
            visit(required)
        ordered.append(known[name])

    for name in names or list(known):
        visit(name)
    return ordered


async def run(
    names: Sequence[str] = (),
    *,
    gateway_url: str,
    tokens: TokenSource,
    progress: bool = True,
    console: Console | None = None,
    in_flight: int = 16,
    transport: httpx.AsyncBaseTransport | None = None,
) -> int:
    """Play the named scenarios (all when none is named), with those they require first, on one platform.

    Args:
        names: names of scenarios.
        gateway_url: base address of the gateway.
        tokens: where the tokens of the people come from.
        progress: show progress bars.
        console: where tables are printed.
        in_flight: how many requests at a time.
        transport: another way to the gateway than the network.

    Returns:
        0 when every row of every table holds, 1 otherwise.

    Raises:
        ValueError: a scenario is unknown.
    """
    console = console or Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    gateway = Gateway(gateway_url, tokens, concurrency=in_flight, transport=transport)
    failed: list[str] = []
    try:
        for scenario in in_order(names, known_scenarios()):
            report = Report(scenario.title)
            error: str | None = None
            with Progress(*columns, console=console, disable=not progress) as bars:
                stage = Stage(scenario.name, gateway, report, bars, in_flight=in_flight)
                try:
                    await scenario.play(stage)
                except (UnexpectedAnswer, StageTimeout, httpx.HTTPError) as interruption:
                    error = f"{type(interruption).__name__}: {interruption}"
            report.print(console)
            failed += [f"{scenario.name}: {row.section} / {row.label}" for row in report.differences]
            if error is not None:
                failed.append(f"{scenario.name}: interrotto: {error}")
                break
    finally:
        await gateway.close()
    if failed:
        console.print(f"[bold red]{len(failed)} differenze[/bold red]")
        for line in failed:
            console.print(f"  {line}", markup=False, highlight=False)
        return 1
    console.print("[bold green]Tutti i valori ottenuti sono quelli attesi.[/bold green]")
    return 0
