"""The consent of the partners: what is asked of each, what each has answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.bandi.models import AdesionePartner, Domanda
from services.bandi.queries import adesioni as queries
from services.bandi.queries import bandi as queries_bandi
from services.bandi.queries import domande as queries_domande
from services.bandi.rules.adesioni import (
    Adesione,
    EsitoAdesione,
    StatoAdesione,
    condizioni_di,
    controlla_adesione,
    invitati,
    stato_adesione,
)
from services.bandi.rules.domanda import Contenuto, Membro, StatoDomanda
from services.bandi.schemas.domanda import AdesioneNuova, AdesioneVista, ContenutoDomanda, InvitoVista


async def rispondi_adesione(
    session: AsyncSession, domanda_id: UUID, corpo: AdesioneNuova, *, ente: str, autore: str, now: datetime
) -> AdesioneVista:
    """Record what a partner answers to an application that names it; a later answer takes the place of the earlier.

    Raises:
        EnteNonNelPartenariato, AdesioneChiusa, CondizioniCambiate, MotivoDelRifiuto.
    """
    domanda = await queries_domande.blocca_domanda(session, domanda_id)
    bando = await queries_bandi.bando_per_id(session, domanda.bando_id)
    contenuto = ContenutoDomanda.model_validate(domanda.bozza).to_rules()
    attuali = condizioni_di(bando.codice, domanda.capofila, contenuto, ente)
    controlla_adesione(
        StatoDomanda(domanda.stato),
        contenuto,
        ente,
        esito=corpo.esito,
        motivo=corpo.motivo,
        lette=corpo.condizioni,
        attuali=attuali,
    )
    risposta = AdesionePartner(
        domanda_id=domanda_id,
        ente=ente,
        esito=corpo.esito,
        motivo=corpo.motivo,
        condizioni=attuali,
        decisa_da=autore,
        decisa_il=now,
    )
    await queries.scrivi_adesione(session, risposta.model_dump())
    membro = next(membro for membro in contenuto.membri if membro.ente == ente)
    return AdesioneVista(**_fields(membro, attuali, risposta))


async def adesioni_della_domanda(
    session: AsyncSession, domanda: Domanda, bando_codice: str, contenuto: Contenuto
) -> list[AdesioneVista]:
    """Return where the consent of each partner stands, in the order of the partnership."""
    given = await queries.adesioni(session, domanda.domanda_id)
    return [
        AdesioneVista(
            **_fields(
                membro, condizioni_di(bando_codice, domanda.capofila, contenuto, membro.ente), given.get(membro.ente)
            )
        )
        for membro in invitati(contenuto)
    ]


async def stati_adesioni(
    session: AsyncSession, domanda: Domanda, bando_codice: str, contenuto: Contenuto
) -> dict[str, StatoAdesione]:
    """Return where the consent of each partner stands, by organisation."""
    found = await adesioni_della_domanda(session, domanda, bando_codice, contenuto)
    return {item.ente: item.stato for item in found}


async def elenco_inviti(session: AsyncSession, ente: str, *, dopo: UUID | None, quante: int) -> list[InvitoVista]:
    """Return the applications that name an organisation among their partners, the latest first."""
    items = []
    for domanda, codice, risposta in await queries.inviti(session, ente, dopo=dopo, quante=quante):
        contenuto = ContenutoDomanda.model_validate(domanda.bozza).to_rules()
        membro = next(membro for membro in invitati(contenuto) if membro.ente == ente)
        terms = condizioni_di(codice, domanda.capofila, contenuto, ente)
        items.append(
            InvitoVista(
                **_fields(membro, terms, risposta),
                domanda_id=domanda.domanda_id,
                bando=codice,
                capofila=domanda.capofila,
                titolo=contenuto.titolo,
                domanda=StatoDomanda(domanda.stato),
            )
        )
    return items


def _fields(membro: Membro, condizioni: str, risposta: AdesionePartner | None) -> dict[str, object]:
    answered = Adesione(EsitoAdesione(risposta.esito), risposta.condizioni) if risposta else None
    return {
        "ente": membro.ente,
        "denominazione": membro.denominazione,
        "stato": stato_adesione(answered, condizioni),
        "condizioni": condizioni,
        "motivo": risposta.motivo if risposta else None,
        "decisa_il": risposta.decisa_il if risposta else None,
    }
