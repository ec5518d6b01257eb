"""`quartieri demo`: the scenarios on a platform of their own, made for the occasion and thrown away."""

from collections.abc import Sequence

from cli.console import CommandError, console
from cli.signals import until_stopped


async def run_demo(names: Sequence[str]) -> int:
    """Play the named scenarios (all, when none is named).

    Returns:
        0 when every figure is the expected one.

    Raises:
        CommandError: a name is unknown.
    """
    from deploy.local.platform import LocalPlatform
    from scenari.runner import in_order, known_scenarios, run

    try:
        in_order(list(names), known_scenarios())
    except ValueError as error:
        raise CommandError(str(error)) from None
    platform = LocalPlatform.throwaway()
    platform.report = lambda step: console.print(f"[dim]{step}[/dim]")

    async def play() -> int:
        async with platform:
            return await run(list(names), gateway_url=platform.gateway_url, tokens=platform, console=console)

    finished, code = await until_stopped(play(), platform.watch)
    return code if finished and code is not None else 130
