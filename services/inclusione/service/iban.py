"""Where people are paid: account numbers kept encrypted, read only to pay, erased with the person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.sepa import check_iban
from chassis.vault import Keyring, Sealed, VaultError
from services.inclusione.models import IbanPersona, Segreto
from services.inclusione.queries import pagamento as queries
from services.inclusione.queries import persone as queries_persone
from services.inclusione.rules.iscrizione import PersonaCancellata
from services.inclusione.rules.pagamento import IbanIlleggibile
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
    if ultimo is not None and await _stesso(session, ultimo, compatto, chiavi):
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
        IbanIlleggibile: it is under a key that is not in the environment any more.
    """
    attuale = await queries_persone.persona_attuale(session, persona_id)
    stesse = await queries_persone.stesse_persone(session, attuale)
    ultimo = await queries.ultimo_iban(session, stesse, [DELLA_PERSONA, ente])
    if ultimo is None:
        raise NotFound("Nessun conto registrato per la persona.", field="persona_id")
    try:
        return _vista(ultimo, await _letto(session, ultimo, chiavi))
    except VaultError as error:
        raise IbanIlleggibile(
            "Il conto registrato non si puo' piu' leggere: la sua chiave non e' nell'ambiente.",
            remedy="Registrare di nuovo l'IBAN della persona.",
        ) from error


async def _stesso(session: AsyncSession, nota: IbanPersona, iban: str, chiavi: Keyring) -> bool:
    """Whether an account is that one; what no key opens any more is another."""
    try:
        return await _letto(session, nota, chiavi) == iban
    except VaultError:
        return False


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


@dataclass(frozen=True, slots=True)
class Rotazione:
    """What one step wrote again, what it could not read, and the last row it saw (None at the end)."""

    cifrati: int
    illeggibili: int
    fin_qui: UUID | None


async def ruota_chiavi(
    session: AsyncSession, *, chiavi: Keyring, dopo: UUID | None = None, limit: int = 500
) -> Rotazione:
    """Encrypts again under the current key what is under an older one; what no key opens is left as it is.

    Args:
        dopo: the last row of the step before.
        limit: rows of one step, from 1.
    """
    segreti = await queries.da_cifrare_di_nuovo(session, chiavi.current, dopo, limit)
    cifrati = 0
    for segreto in segreti:
        try:
            iban = decifra(chiavi, segreto)
        except VaultError:
            continue
        nuovo = chiavi.seal(iban, place=segreto.segreto_id.bytes)
        segreto.chiave_id, segreto.cifrato = nuovo.key_id, nuovo.data
        cifrati += 1
    await session.flush()
    return Rotazione(cifrati, len(segreti) - cifrati, segreti[-1].segreto_id if segreti else None)


async def restano_da_ruotare(session: AsyncSession, *, chiavi: Keyring) -> int:
    """How many account numbers are not under the current key: 0 when the older ones may go."""
    return await queries.sotto_altre_chiavi(session, chiavi.current)
