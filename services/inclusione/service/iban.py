"""Where people are paid: account numbers kept encrypted, read only to pay, erased with the person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.sepa import check_iban
from chassis.vault import Keyring, Sealed
from services.inclusione.models import IbanPersona, Segreto
from services.inclusione.queries import pagamento as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules.iscrizione import PersonaCancellata
from services.inclusione.schemas.pagamento import IbanVisto

SCOPO = "inclusione iban"
DELLA_PERSONA = ""
"""Who wrote an account, when it was the person."""


def cifra(chiavi: Keyring, iban: str) -> Segreto:
    """An account number as it is kept: encrypted, and bound to its own row."""
    segreto_id = uuid7()
    cifrato = chiavi.seal(iban, place=segreto_id.bytes)
    return Segreto(segreto_id=segreto_id, chiave_id=cifrato.key_id, cifrato=cifrato.data)


def decifra(chiavi: Keyring, segreto: Segreto) -> str:
    """The account number a row keeps.

    Raises:
        VaultError: its key is not in the environment, or the row was changed.
    """
    return chiavi.open(Sealed(segreto.chiave_id, segreto.cifrato), place=segreto.segreto_id.bytes)


async def registra_iban(
    session: AsyncSession, persona_id: UUID, iban: str, *, chiavi: Keyring, ente: str, autore: str, now: datetime
) -> IbanVisto:
    """Keeps the account of a person; the same account again from the same hand changes nothing.

    Args:
        ente: the operator that writes it, for what it follows alone; `DELLA_PERSONA` for whatever is paid.

    Raises:
        IbanNonValido: wrong length, structure or check digits.
        PersonaCancellata: the person asked to be erased.

    Source: issue of inclusione ("IBANs are encrypted at rest with a key from the environment"); ADR 0070.
    """
    compatto = check_iban(iban)
    attuale = await queries_persone.persona_attuale(session, persona_id)
    await queries_persone.blocca_persona(session, attuale)
    stesse = await queries_persone.stesse_persone(session, attuale)
    if await queries_persone.cancellata(session, stesse):
        raise PersonaCancellata("La persona ha chiesto la cancellazione.", remedy="Non si registra altro di lei.")
    ultimo = await queries.ultimo_iban(session, stesse, [ente])
    if ultimo is not None and await _letto(session, ultimo, chiavi) == compatto:
        return _vista(ultimo, compatto)
    segreto = cifra(chiavi, compatto)
    session.add(segreto)
    await session.flush()
    mio = (await queries.iban_di(session, [attuale])).get(attuale)
    nota = IbanPersona(
        persona_id=attuale,
        versione=mio.versione + 1 if mio else 1,
        segreto_id=segreto.segreto_id,
        ente=ente,
        registrato_da=autore,
        registrato_il=now,
    )
    session.add(nota)
    await session.flush()
    return _vista(nota, compatto)


async def leggi_iban(session: AsyncSession, persona_id: UUID, *, chiavi: Keyring, ente: str) -> IbanVisto:
    """The account on which a person is paid for what an operator follows, masked.

    Raises:
        NotFound: none is registered.
    """
    attuale = await queries_persone.persona_attuale(session, persona_id)
    stesse = await queries_persone.stesse_persone(session, attuale)
    ultimo = await queries.ultimo_iban(session, stesse, [DELLA_PERSONA, ente])
    if ultimo is None:
        raise NotFound("Nessun conto registrato per la persona.", field="persona_id")
    return _vista(ultimo, await _letto(session, ultimo, chiavi))


async def _letto(session: AsyncSession, nota: IbanPersona, chiavi: Keyring) -> str:
    segreto = await queries.segreto(session, nota.segreto_id)
    assert segreto is not None  # a foreign key
    return decifra(chiavi, segreto)


def _vista(nota: IbanPersona, iban: str) -> IbanVisto:
    return IbanVisto(
        persona_id=nota.persona_id,
        versione=nota.versione,
        mascherato=f"{iban[:2]}{'*' * (len(iban) - 6)}{iban[-4:]}",
        registrato_il=nota.registrato_il,
    )


async def dimentica_iban(session: AsyncSession, persona_id: UUID) -> None:
    """Erases the accounts of a person, every version of them: files that held them cannot be made again."""
    attuale = await queries_persone.persona_attuale(session, persona_id)
    await queries.dimentica_iban(session, await queries_persone.stesse_persone(session, attuale))


async def ruota_chiavi(session: AsyncSession, *, chiavi: Keyring, limit: int = 500) -> int:
    """Encrypts again under the current key what is under an older one.

    Returns:
        How many account numbers were written again: 0 when the older keys may go.

    Raises:
        VaultError: one of them is under a key that is not in the environment any more.
    """
    segreti = await queries.da_cifrare_di_nuovo(session, chiavi.current, limit)
    for segreto in segreti:
        nuovo = chiavi.seal(decifra(chiavi, segreto), place=segreto.segreto_id.bytes)
        segreto.chiave_id, segreto.cifrato = nuovo.key_id, nuovo.data
    await session.flush()
    return len(segreti)
