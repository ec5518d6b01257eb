"""Bodies of the requests to complete an application."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.types import Body, Istante, TestoBreve, TestoMedio, Versione, View
from services.bandi.rules import soccorso as rules
from services.bandi.rules.soccorso import StatoSoccorso, TipoRichiesta
from services.bandi.schemas.domanda import Impronta

Oggetto = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", max_length=64)]


class RichiestaIntegrazione(Body):
    """Una cosa che manca: un documento dell'elenco del bando, un campo rimasto vuoto, un chiarimento."""

    tipo: TipoRichiesta
    oggetto: Oggetto | None = Field(default=None, description="Codice del documento o nome del campo")
    testo: TestoMedio

    def to_rules(self) -> rules.Richiesta:
        """Return the request as the rules see it."""
        return rules.Richiesta(self.tipo, self.oggetto, self.testo)


class SoccorsoNuovo(Body):
    """Una richiesta di integrazione."""

    richieste: list[RichiestaIntegrazione] = Field(min_length=1, max_length=50)
    giorni: Annotated[int, Field(ge=1, le=60)] | None = Field(
        default=None, description="Termine; senza, quello del bando, che e' anche il massimo"
    )


class RispostaIntegrazione(Body):
    """La risposta del capofila; i documenti si caricano prima, fra quelli della domanda."""

    comune: TestoBreve | None = None
    quartiere: TestoBreve | None = None
    chiarimenti: list[TestoMedio] = Field(
        default_factory=list, max_length=50, description="Nell'ordine in cui sono stati chiesti"
    )

    def campi(self) -> dict[str, str]:
        """Return the fields that are given."""
        given = {"comune": self.comune, "quartiere": self.quartiere}
        return {name: value for name, value in given.items() if value is not None}


class RichiestaVista(View):
    """Una cosa che e' stata chiesta."""

    tipo: TipoRichiesta
    oggetto: Oggetto | None
    testo: TestoMedio


class SoccorsoVista(View):
    """Una richiesta di integrazione e, se c'e', la sua risposta."""

    numero: Versione
    stato: StatoSoccorso
    richieste: list[RichiestaVista] = Field(max_length=50)
    chiesto_il: Istante
    scade_il: Istante = Field(description="Ultimo secondo utile, compreso")
    scade_a_roma: TestoBreve
    risposto_il: Istante | None
    comune: TestoBreve | None
    quartiere: TestoBreve | None
    chiarimenti: list[TestoMedio] = Field(max_length=50)
    impronta: Impronta | None = Field(description="SHA-256 della risposta, documenti compresi")


class SoccorsiDomanda(View):
    """Le richieste di integrazione di una domanda, in ordine."""

    items: list[SoccorsoVista] = Field(max_length=100)
