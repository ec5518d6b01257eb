"""`quartieri registro verifica`: the ledger of PuntiLuna checked from its first seal to its last signed root."""

from pathlib import Path

from chassis.database import Database
from chassis.settings import SettingsError, load_settings
from chassis.signing import open_signing
from chassis.store import ObjectStore, open_store
from cli.console import console
from cli.environ import service_environ


async def verify_ledger(roots: Path | None = None) -> int:
    """Verify chains, sums, balances and signed roots, and print what was found.

    Args:
        roots: an absolute folder with copies of the signed roots, in place of the platform's own archive.

    Returns:
        0 when the ledger is in order, 1 otherwise.
    """
    from services.puntiluna.service.registro import verifica_registro

    settings = load_settings("puntiluna", service_environ("puntiluna"))
    store = ObjectStore(roots.as_uri()) if roots else open_store(settings)
    signing = open_signing(settings)
    if store is None or signing is None:
        raise SettingsError(
            "Configuration error in the environment:\n  STORE_URL and PUNTILUNA_SIGNING_KEY are required"
        )
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="quartieri-registro")
    try:
        async with database.transaction() as session:
            found = await verifica_registro(session, store, signing)
    finally:
        await database.close()
    for book in found.libri:
        state = "integro" if book.rotto is None else f"ROTTO all'anello {book.rotto.n}"
        _say(f"{book.libro}: {book.sigilli} sigilli, {book.non_sigillati} da sigillare, radice {book.radice}, {state}")
    if found.radici is not None:
        last = f", l'ultima del {found.radici.ultima.giorno:%d/%m/%Y}" if found.radici.ultima else ""
        _say(f"radici firmate: {found.radici.quante}{last}; {found.radici.non_firmati} sigilli attendono la prossima")
    for where, why in found.guasti():
        _say(f"{where}: {why}", style="red")
    _say("Il registro e' in ordine." if found.in_ordine else "Il registro NON e' in ordine.")
    return 0 if found.in_ordine else 1


def _say(line: str, style: str | None = None) -> None:
    console.print(line, style=style, markup=False, soft_wrap=True)
