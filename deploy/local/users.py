"""The people and programs a local platform knows: one table, one line each. Their passwords are generated.

They act for the organisations of the demonstration, so that each finds something of its own there.
"""

from dataclasses import dataclass

from chassis.ruoli import Ruolo

COMUNE = "COMUNE-MANTOVA"
ALER = "ALER-BRESCIA-CREMONA-MANTOVA"
OPERATORE = "SOLCO-MANTOVA"
REGIONE = "REGIONE-LOMBARDIA"


@dataclass(frozen=True)
class User:
    """A demo person: its `sub`, what it is, for whom it acts, and the sentence shown at the terminal."""

    sub: str
    roles: tuple[Ruolo, ...]
    ente: str | None
    what: str


@dataclass(frozen=True)
class Client:
    """A program with credentials of its own (OAuth 2.0 client credentials)."""

    client_id: str
    roles: tuple[Ruolo, ...]
    ente: str | None
    what: str


USERS: tuple[User, ...] = (
    User("ufficio.bandi", (Ruolo.FUNZIONARIO_BANDI,), REGIONE, "pubblica i bandi e approva le graduatorie"),
    User("commissario.a", (Ruolo.COMMISSARIO,), REGIONE, "valuta le domande"),
    User("comune.mantova", (Ruolo.PROPONENTE,), COMUNE, "presenta le domande come capofila"),
    User("ufficio.casa.mantova", (Ruolo.FUNZIONARIO_COMUNE,), COMUNE, "alimenta il fondo, approva gli atti del Comune"),
    User("tesoreria.mantova", (Ruolo.TESORIERE,), COMUNE, "liquida le distinte"),
    User("sportello.lunetta", (Ruolo.OPERATORE_LABORATORIO,), COMUNE, "prende in carico, conferma le presenze"),
    User("solco.mantova", (Ruolo.OPERATORE_ACCREDITATO,), OPERATORE, "conduce i PIP e valida le ore"),
    User("aler.mantova", (Ruolo.ENTE_PROPRIETARIO,), ALER, "invia i debiti, conferma le riduzioni"),
    User("residente.lunetta", (Ruolo.RESIDENTE,), None, "vede i punti del suo nucleo"),
    User("valutazione", (Ruolo.VALUTATORE,), REGIONE, "legge gli indicatori"),
    User("operazioni", (Ruolo.OPERAZIONI,), None, "tiene in piedi la piattaforma"),
    User("amministrazione", (Ruolo.AMMINISTRATORE,), None, "amministra, imposta l'orologio locale"),
)

CLIENTS: tuple[Client, ...] = (
    Client("bandi", (Ruolo.SERVIZIO,), None, "il servizio bandi"),
    Client("laboratori", (Ruolo.SERVIZIO,), None, "il servizio laboratori"),
    Client("inclusione", (Ruolo.SERVIZIO,), None, "il servizio inclusione"),
    Client("puntiluna", (Ruolo.SERVIZIO,), None, "il servizio puntiluna"),
    Client("gestionale.aler.mantova", (Ruolo.ENTE_PROPRIETARIO,), ALER, "il gestionale di ALER"),
)

# May ask for a token of anybody: scenarios and drills use it. It exists because this issuer is never more than local.
DELEGATE = "prova.generale"


def user(sub: str) -> User | None:
    """The demo user with this `sub`, if there is one."""
    return next((found for found in USERS if found.sub == sub), None)


def client(client_id: str) -> Client | None:
    """The program with this id, if there is one."""
    return next((found for found in CLIENTS if found.client_id == client_id), None)


def secret_name(kind: str, name: str) -> str:
    """Where the password of a user (`user`) or the secret of a program (`client`) is kept."""
    return f"{kind}-{name}"
