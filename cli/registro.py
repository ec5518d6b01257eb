"""`quartieri registro verifica`: the ledger of PuntiLuna checked from its first seal to its last balance."""

from chassis.database import Database
from chassis.settings import load_settings
from cli.console import console
from cli.environ import service_environ


async def verify_ledger() -> int:
    """Verify chains, sums and balances, and print what was found.

    Returns:
        0 when the ledger is in order, 1 otherwise.
    """
    from services.puntiluna.service.registro import verifica_registro

    settings = load_settings("puntiluna", service_environ("puntiluna"))
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="quartieri-registro")
    try:
        async with database.transaction() as session:
            found = await verifica_registro(session)
    finally:
        await database.close()
    for book in found.libri:
        state = "integro" if book.rotto is None else f"ROTTO: {book.rotto}"
        console.print(
            f"{book.libro}: {book.sigilli} sigilli, {book.non_sigillati} da sigillare, radice {book.radice}, {state}",
            markup=False,
            soft_wrap=True,
        )
    faults = {
        "movimenti senza sigillo": found.senza_sigillo,
        "movimenti sbilanciati": found.sbilanciati,
        "saldi diversi dalle righe": found.conti_diversi,
        "conti sotto zero": found.conti_sotto_zero,
        "somme diverse da zero": [f"{name}: {total}" for name, total in found.somme.items() if total],
    }
    for what, rows in faults.items():
        for row in rows:
            console.print(f"{what}: {row}", style="red", markup=False, soft_wrap=True)
    console.print("Il registro e' in ordine." if found.in_ordine else "Il registro NON e' in ordine.")
    return 0 if found.in_ordine else 1
