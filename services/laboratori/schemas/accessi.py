"""Bodies of desk accesses."""

from uuid import UUID

from pydantic import Field

from chassis.types import Body, Conteggio, View
from services.laboratori.rules.accessi import Canale
from services.laboratori.schemas.tipi import Giorno, Minuti, Momento, Voce


class AccessoNuovo(Body):
    """Un contatto con lo sportello; senza persona e' anonimo."""

    persona_id: UUID | None = None
    canale: Canale
    argomento: Voce = Field(description="Tema del contatto, per esempio lavoro o casa.")
    minuti: Minuti
    avvenuto_il: Momento


class AccessiNuovi(Body):
    """Gli accessi di un foglio di sportello: si scrivono tutti oppure nessuno."""

    accessi: list[AccessoNuovo] = Field(min_length=1, max_length=500)


class AccessiCreati(View):
    """Quanti accessi sono stati registrati."""

    registrati: Conteggio


class AccessiPerCanale(View):
    """Gli accessi di un canale."""

    canale: Canale
    accessi: Conteggio
    persone: Conteggio
    minuti: Conteggio


class RiepilogoAccessi(View):
    """Accessi e persone raggiunte sono numeri diversi: una persona torna, un accesso puo' essere anonimo."""

    dal: Giorno
    al: Giorno
    accessi: Conteggio
    anonimi: Conteggio
    persone: Conteggio = Field(description="Persone diverse raggiunte, contate una volta.")
    minuti: Conteggio
    per_canale: list[AccessiPerCanale] = Field(max_length=20)
