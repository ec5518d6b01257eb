"""Bodies of pacts and contributions."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import Body, CodiceEnte, Conteggio, Euro, Istante, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.indennita import StatoPatto
from services.inclusione.rules.patti import Impegno, StatoContributo
from services.inclusione.rules.pip import MetodoFirma
from services.inclusione.schemas.comuni import Frazione, Giorno


class Certificazione(Body):
    """Chi ha certificato che la morosita' e' incolpevole, e quando."""

    da: CodiceEnte
    il: Giorno


class PattoNuovo(Body):
    """Un patto di corresponsabilita': la quota di cio' che la persona riceve che va alla morosita' del nucleo."""

    pip_id: UUID | None = Field(default=None, description="Il piano della persona; in alternativa l'iscrizione")
    iscrizione_id: UUID | None = Field(default=None, description="L'iscrizione, per chi non ha ancora un piano")
    gruppo_id: UUID | None = Field(default=None, description="Il patto di gruppo a cui la persona aderisce")
    quota: Frazione | None = Field(default=None, description="Se assente, la quota del gruppo o della misura")
    impegni: list[Impegno] = Field(default=[], max_length=6)
    metodo: MetodoFirma
    incolpevole: Certificazione | None = None


class PattoVisto(View):
    """Un patto e quanto ha dato finora."""

    patto_id: UUID
    versione: Versione
    persona_id: UUID
    nucleo_id: UUID
    progetto_id: UUID
    gruppo_id: UUID | None
    ente: CodiceEnte
    impegni: list[Impegno] = Field(max_length=6)
    quota: Frazione
    stato: StatoPatto
    incolpevole: Certificazione | None
    lordo: Euro = Field(description="Indennita' e contributi liquidati sotto il patto")
    versato: Euro = Field(description="Quanto e' andato alla morosita'")
    firmato_il: Istante
    cessato_il: Istante | None


class GruppoNuovo(Body):
    """Un patto di gruppo: impegni presi insieme, che ogni persona sottoscrive con un patto proprio."""

    titolo: TestoBreve = Field(description="Che cosa fa il gruppo; mai nomi di persone")
    impegni: list[Impegno] = Field(min_length=1, max_length=6)
    quota: Frazione


class GruppoVisto(View):
    """Un patto di gruppo e quante persone vi aderiscono."""

    gruppo_id: UUID
    versione: Versione
    progetto_id: UUID
    ente: CodiceEnte
    titolo: TestoBreve
    impegni: list[Impegno] = Field(max_length=6)
    quota: Frazione
    stato: StatoPatto
    aderenti: Conteggio
    aperto_il: Istante
    cessato_il: Istante | None


class ContributoNuovo(Body):
    """Un contributo di attivazione, concesso una volta con un atto; si liquida con i lotti."""

    iscrizione_id: UUID
    importo: Euro
    giorno: Giorno
    atto: TestoBreve


class RevocaContributo(Body):
    """La revoca di un contributo non ancora liquidato."""

    motivo: TestoMedio


class ContributoVisto(View):
    """Un contributo di attivazione."""

    contributo_id: UUID
    versione: Versione
    iscrizione_id: UUID
    persona_id: UUID
    progetto_id: UUID
    ente: CodiceEnte
    importo: Euro
    giorno: date
    atto: TestoBreve
    stato: StatoContributo
    concesso_il: Istante
    revocato_il: Istante | None
    motivo: TestoMedio | None
