"""Solidal: donations, sharing of the common pool, where points come from and where they go."""

from uuid import UUID

from pydantic import Field

from chassis.types import Body, CodiceEnte, Conteggio, Istante, Punti, TestoBreve, View
from services.puntiluna.rules.riduzioni import StatoRiduzione
from services.puntiluna.rules.ripartizione import CriterioRipartizione
from services.puntiluna.schemas.comuni import Impronta, Parola, Protocollo, PuntiPositivi


class DonazioneNuova(Body):
    """Points to give."""

    importo: PuntiPositivi
    a_progetto_id: UUID | None = Field(default=None, description="dona al fondo Solidal di questo progetto")
    a_nucleo_id: UUID | None = Field(default=None, description="dona a questo nucleo, che non saprà da chi")
    da_nucleo_id: UUID | None = Field(default=None, description="solo per l'operatore: il nucleo che dona")
    da_persona_id: UUID | None = Field(
        default=None, description="la persona che dona i punti guadagnati senza nucleo; l'operatore solo una che segue"
    )


class DonazioneVista(View):
    """A donation."""

    donazione_id: UUID
    importo: Punti
    a_progetto_id: UUID | None
    a_nucleo_id: UUID | None
    da_nucleo_id: UUID | None
    da_persona_id: UUID | None
    movimento_id: UUID
    donata_il: Istante


class QuotaRipartizione(Body):
    """What a household receives from the pool."""

    nucleo_id: UUID
    importo: PuntiPositivi


class RipartizioneNuova(Body):
    """An act that shares the pool out."""

    atto: TestoBreve
    quote: list[QuotaRipartizione] | None = Field(
        default=None, min_length=1, max_length=1000, description="le quote, una per nucleo; oppure `criterio`"
    )
    criterio: CriterioRipartizione | None = Field(default=None, description="come nella simulazione")
    totale: PuntiPositivi | None = Field(default=None, description="come nella simulazione")
    impronta: Impronta | None = Field(default=None, description="l'impronta che la simulazione ha dato")


class RipartizioneVista(View):
    """An act that shared the pool out."""

    ripartizione_id: UUID
    progetto_id: UUID
    atto: TestoBreve
    criterio: CriterioRipartizione | None
    nuclei: Conteggio
    totale: Punti
    ripartita_il: Istante


class SimulazioneNuova(Body):
    """A sharing to simulate."""

    criterio: CriterioRipartizione = Field(
        description="`proporzionale` al bisogno, `uguale` per tutti, `piu_antichi` prima"
    )
    totale: PuntiPositivi | None = Field(default=None, description="assente: tutto il fondo Solidal")


class QuotaSimulataVista(View):
    """What a household would receive."""

    nucleo_id: UUID
    importo: Punti


class SimulazioneVista(View):
    """What a criterion would give to each household; nothing moved."""

    criterio: CriterioRipartizione
    totale: Punti
    impronta: Impronta = Field(description="da ripetere nell'atto, che vale solo se le quote sono ancora queste")
    quote: list[QuotaSimulataVista] = Field(max_length=10_000)


class FonteVista(View):
    """Points of one source behind a reduction."""

    progetto_id: UUID = Field(description="progetto il cui fondo ha emesso i punti")
    importo: Punti
    solidale: bool = Field(description="passati da un fondo Solidal")
    donazioni: list[UUID] = Field(max_length=100, description="donazioni da cui sono passati, nell'ordine")


class ProvenienzaVista(View):
    """Which funds and donations paid a reduction."""

    riduzione_id: UUID
    protocollo: Protocollo
    stato: StatoRiduzione
    importo: Punti = Field(description="confermato, oppure prenotato se il proprietario non ha ancora risposto")
    fonti: list[FonteVista] = Field(max_length=1000)


class DestinazioneVista(View):
    """Where some of the points are."""

    dove: Parola = Field(description="nucleo, donatore, solidale, prenotati, confermati, liquidati, tornati_al_fondo")
    ente_proprietario: CodiceEnte | None
    importo: Punti


class DestinazioniVista(View):
    """Where the points of a donation, or of a fund, are now."""

    totale: Punti
    destinazioni: list[DestinazioneVista] = Field(max_length=1000)
