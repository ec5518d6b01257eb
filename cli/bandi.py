"""`quartieri bandi verifica`: every approved ranking of a call computed again from its kept inputs."""

from chassis.database import Database
from chassis.errors import Refusal
from chassis.settings import load_settings
from cli.console import CommandError, console
from cli.environ import service_environ


async def verify_rankings(codice: str) -> int:
    """Verify the versions of a call's ranking, from the first, and stop at the first that is not what it should be.

    Returns:
        0 when every version comes out of its inputs byte by byte, 1 otherwise.

    Raises:
        CommandError: there is no published call with that code.
    """
    from services.bandi.service.pubblicate import verifica_graduatorie

    settings = load_settings("bandi", service_environ("bandi"))
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="quartieri-bandi")
    verified = 0
    try:
        async with database.transaction() as session:
            async for found in verifica_graduatorie(session, codice):
                if not found.identica:
                    console.print(f"graduatoria {found.numero}: DIVERSA dagli atti", style="red", soft_wrap=True)
                    row = found.prima_differenza
                    if row is not None:
                        console.print(
                            f"  prima riga che differisce: {row.ordine} (protocollo {row.protocollo}): "
                            + ", ".join(row.campi),
                            markup=False,
                            soft_wrap=True,
                        )
                    console.print(f"  impronta approvata   {found.impronta_approvata}")
                    console.print(f"  impronta ricalcolata {found.impronta_ricalcolata}")
                    return 1
                verified += 1
                console.print(f"graduatoria {found.numero}: identica, {found.impronta_approvata}", soft_wrap=True)
    except Refusal as refusal:
        raise CommandError(refusal.detail) from None
    finally:
        await database.close()
    console.print(f"{codice}: {verified} graduatorie ricalcolate, stessi byte.", markup=False)
    return 0
