"""`quartieri inclusione`: what is done by hand on the service of plans."""

from chassis.database import Database
from chassis.settings import load_settings
from cli.console import CommandError, console
from cli.environ import service_environ


async def rotate_iban_keys() -> None:
    """Encrypt again, under the first of INCLUSIONE_IBAN_KEYS, the account numbers kept under the others.

    Raises:
        CommandError: some are still under other keys: theirs is not in the environment, or they were written meanwhile.
    """
    from services.inclusione.main import chiavi_iban
    from services.inclusione.service.iban import restano_da_ruotare, ruota_chiavi

    settings = load_settings("inclusione", service_environ("inclusione"))
    keys = chiavi_iban(settings)
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="quartieri-inclusione")
    total, unreadable = 0, 0
    last = None
    try:
        while True:
            async with database.transaction() as session:
                step = await ruota_chiavi(session, chiavi=keys, dopo=last)
            total, unreadable, last = total + step.cifrati, unreadable + step.illeggibili, step.fin_qui
            if last is None:
                break
        async with database.transaction() as session:
            left = await restano_da_ruotare(session, chiavi=keys)
    finally:
        await database.close()
    if left:
        raise CommandError(
            f"{total} IBAN cifrati di nuovo, {left} ancora sotto altre chiavi, di cui {unreadable} illeggibili. "
            "Rimettere la chiave mancante in INCLUSIONE_IBAN_KEYS e ripetere."
        )
    console.print(f"{total} IBAN cifrati con la chiave {keys.current}; sotto le altre chiavi: 0.")
