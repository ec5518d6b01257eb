"""Hours imported from a file: the preview does the same work as the import and undoes it (ADR 0066)."""

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Refusal
from chassis.tokens import Principal
from services.inclusione.rules.importazione import (
    ImportazioneRifiutata,
    OraImportata,
    Politica,
    RigaNonLeggibile,
    leggi_file,
)
from services.inclusione.schemas.ore import EsitoImportazione, OraDiUnPip, RigaFile
from services.inclusione.service.registrazione import registra_ore

ERRORI_ELENCATI = 200


async def anteprima_importazione(
    session: AsyncSession, testo: str, *, principal: Principal, now: datetime
) -> EsitoImportazione:
    """What an import of that file would do now, row by row; nothing is kept.

    Raises:
        FileNonLeggibile: the file is not a table of hours.
    """
    async with session.begin_nested() as prova:
        esito = await _importa(session, testo, principal=principal, now=now)
        await prova.rollback()
    return esito.model_copy(update={"fatte": []})


async def importa_ore(
    session: AsyncSession, testo: str, politica: Politica, *, principal: Principal, now: datetime
) -> EsitoImportazione:
    """Registers the hours of a file: all of them or none, or the good ones only, as the caller chose.

    Raises:
        FileNonLeggibile: the file is not a table of hours.
        ImportazioneRifiutata: a row is refused and all of them were wanted.
    """
    esito = await _importa(session, testo, principal=principal, now=now)
    if politica is Politica.TUTTE_O_NESSUNA and esito.rifiutate:
        raise ImportazioneRifiutata(
            f"{len(esito.rifiutate)} righe su {esito.righe} sono rifiutate: non e' stato registrato nulla.",
            field="csv",
            remedy="Correggere le righe elencate, oppure importare solo le buone.",
            items=[
                {"campo": f"riga {riga.riga}", "messaggio": f"{riga.tipo}: {riga.messaggio}"}
                for riga in esito.rifiutate[:ERRORI_ELENCATI]
            ],
        )
    return esito


async def _importa(session: AsyncSession, testo: str, *, principal: Principal, now: datetime) -> EsitoImportazione:
    numeri: list[int] = []
    righe: list[OraDiUnPip] = []
    rifiutate: list[RigaFile] = []
    quante = 0
    for numero, letta in leggi_file(testo):
        quante += 1
        corpo = letta if isinstance(letta, Refusal) else _corpo(letta)
        if isinstance(corpo, Refusal):
            rifiutate.append(RigaFile(riga=numero, tipo=corpo.slug(), messaggio=corpo.detail))
        else:
            numeri.append(numero)
            righe.append(corpo)
    esito = await registra_ore(session, righe, principal=principal, now=now) if righe else None
    if esito is not None:
        rifiutate += [
            RigaFile(riga=numeri[riga.riga], tipo=riga.tipo, messaggio=riga.messaggio) for riga in esito.rifiutate
        ]
    rifiutate.sort(key=lambda riga: riga.riga)
    return EsitoImportazione(
        righe=quante, buone=quante - len(rifiutate), fatte=esito.fatte if esito else [], rifiutate=rifiutate
    )


def _corpo(letta: OraImportata) -> OraDiUnPip | RigaNonLeggibile:
    """A row as a registration; codes are checked as those that come one by one."""
    try:
        return OraDiUnPip(
            pip_id=letta.pip_id,
            servizio_codice=letta.servizio,
            categoria_indiretta=letta.categoria,
            inizio=letta.inizio,
            fine=letta.fine,
            sessione=letta.sessione,
        )
    except ValidationError:
        return RigaNonLeggibile(
            "Il servizio o la sessione non e' un codice, o l'anno non e' plausibile.",
            field="csv",
            remedy="Usare i codici del catalogo della misura e del registro.",
        )
