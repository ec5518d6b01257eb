"""What a household asks and sees: reductions, standing choice, statement."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import (
    Body,
    CodiceEnte,
    Conteggio,
    Euro,
    EuroConSegno,
    Istante,
    Punti,
    PuntiConSegno,
    TestoBreve,
    Versione,
    View,
)
from services.puntiluna.rules.estratto import VoceEstratto
from services.puntiluna.rules.registro import Libro
from services.puntiluna.rules.riduzioni import OrigineRiduzione, StatoRiduzione
from services.puntiluna.schemas.comuni import ContrattoCodice, Parola, Protocollo, PuntiPositivi


class RiduzioneNuova(Body):
    """A reduction of arrears to reserve."""

    ente_proprietario: CodiceEnte
    contratto_codice: ContrattoCodice
    importo: PuntiPositivi = Field(description="punti da spendere: un euro di morosità per punto")


class RiduzioneVista(View):
    """A reduction of a household."""

    riduzione_id: UUID
    versione: Versione
    nucleo_id: UUID
    ente_proprietario: CodiceEnte
    contratto_codice: ContrattoCodice
    protocollo: Protocollo
    origine: OrigineRiduzione
    importo: Euro
    confermato: Euro
    debito_prima: Euro = Field(description="morosità ancora riducibile al momento della prenotazione")
    stato: StatoRiduzione
    motivo: Parola | None
    riferimento: TestoBreve | None
    automatica: bool = Field(description="chiesta dalla scelta permanente del nucleo")
    prenotata_il: Istante
    scade_il: Istante
    risposta_il: Istante | None


class SceltaNuova(Body):
    """A household's standing choice."""

    automatica: bool = Field(description="vero: i punti riducono la morosità da soli, appena ci sono")
    minimo: PuntiPositivi = Field(default=10_00, description="la più piccola riduzione che valga la pena")
    riserva: Punti = Field(default=0, description="punti che restano sempre al nucleo")


class SceltaVista(View):
    """A household's standing choice."""

    nucleo_id: UUID
    versione: Versione | None = Field(description="assente se il nucleo non ha mai scelto")
    automatica: bool
    minimo: Punti
    riserva: Punti
    scelta_il: Istante | None


class RigaEstrattoVista(View):
    """A line of the statement."""

    movimento_id: UUID
    registrato_il: Istante
    riferito_al: Istante
    voce: VoceEstratto
    descrizione: TestoBreve
    punti: PuntiConSegno
    saldo: PuntiConSegno


class NovitaVista(View):
    """What just happened to a household."""

    movimento_id: UUID
    registrato_il: Istante
    voce: VoceEstratto
    descrizione: TestoBreve
    libro: Libro = Field(description="punti, oppure quote: il denaro delle indennità")
    punti: PuntiConSegno = Field(description="zero quando il proprietario conferma punti già prenotati, o nelle quote")
    euro: EuroConSegno = Field(description="quote di indennità: zero nei movimenti di punti")
    confermato: Euro | None = Field(description="di quanto il proprietario ha ridotto la morosità")
    riferimento: TestoBreve | None = Field(description="numero della conferma del proprietario")


class AttivitaEstrattoVista(View):
    """Points earned by one kind of activity."""

    voce: Parola = Field(description="fascia, o categoria dell'attività indiretta")
    presenze: Conteggio
    punti: PuntiConSegno


class RiduzioneEstrattoVista(View):
    """A reduction as it was at the instant of the statement."""

    riduzione_id: UUID
    protocollo: Protocollo
    ente_proprietario: CodiceEnte
    contratto_codice: ContrattoCodice
    origine: OrigineRiduzione
    importo: Euro
    confermato: Euro
    debito_prima: Euro = Field(description="morosità riducibile quando è stata prenotata")
    debito_dopo: Euro = Field(description="la stessa, meno ciò che il proprietario ha confermato")
    stato: StatoRiduzione
    motivo: Parola | None
    riferimento: TestoBreve | None = Field(description="numero della conferma del proprietario")
    prenotata_il: Istante
    risposta_il: Istante | None


class DebitoEstrattoVista(View):
    """The arrears of a contract, before and after."""

    ente_proprietario: CodiceEnte
    contratto_codice: ContrattoCodice
    iniziale: Euro | None = Field(description="primo importo comunicato dal proprietario")
    comunicato: Euro | None = Field(description="ultimo importo comunicato; assente se mai comunicato")
    al_giorno: date | None
    ridotto: Euro = Field(description="riduzioni confermate in tutto")
    residuo: Euro | None = Field(description="ultimo importo meno le riduzioni confermate dopo di esso")


class EstrattoConto(View):
    """The statement of a household."""

    nucleo_id: UUID
    al: Istante
    saldo: Punti = Field(description="punti del nucleo")
    saldo_donatore: Punti = Field(description="punti che si possono solo donare")
    spendibili: Punti = Field(description="saldo meno i punti in recupero")
    guadagnati: Punti
    attivita: list[AttivitaEstrattoVista] = Field(max_length=200, description="i punti guadagnati, per tipo")
    ricevuti: Punti
    donati: Punti
    prenotati: Punti = Field(description="punti in attesa della risposta del proprietario")
    spesi: Punti = Field(description="punti confermati dal proprietario")
    in_attesa_fondo: Punti = Field(description="punti maturati che attendono il fondo del progetto")
    quote_disponibili: Euro = Field(description="quote di indennità non ancora destinate")
    quote_confermate: Euro
    movimenti: list[RigaEstrattoVista] = Field(max_length=500)
    riduzioni: list[RiduzioneEstrattoVista] = Field(max_length=500)
    morosita: list[DebitoEstrattoVista] = Field(max_length=100)
    cursor: str | None = Field(
        default=None, max_length=2000, pattern=r"^[A-Za-z0-9_.=-]*$", description="per i movimenti precedenti"
    )
