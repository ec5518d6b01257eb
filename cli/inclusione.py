"""`quartieri inclusione`: what is done by hand on the service of plans."""

from chassis.database import Database
from chassis.settings import load_settings
from chassis.vault import VaultError
from cli.console import CommandError, console
from cli.environ import service_environ


async def rotate_iban_keys() -> None:
    """Encrypt again, under the first of INCLUSIONE_IBAN_KEYS, the account numbers kept under the others.

    Raises:
        CommandError: an account number is under a key that is not in the environment.
    """
    from services.inclusione.main import chiavi_iban
    from services.inclusione.service.iban import ruota_chiavi

    settings = load_settings("inclusione", service_environ("inclusione"))
    keys = chiavi_iban(settings)
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="quartieri-inclusione")
    total = 0
    try:
        while True:
            async with database.transaction() as session:
                done = await ruota_chiavi(session, chiavi=keys)
            total += done
            if not done:
                break
    except VaultError as error:
        raise CommandError(
            f"{total} IBAN cifrati di nuovo, poi: {error}. Rimettere la chiave mancante in INCLUSIONE_IBAN_KEYS."
        ) from error
    finally:
        await database.close()
    console.print(f"{total} IBAN cifrati con la chiave {keys.current}; sotto le altre chiavi: 0.")
