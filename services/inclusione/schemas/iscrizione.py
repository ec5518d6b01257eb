"""Bodies of enrolments."""

from uuid import UUID

from pydantic import Field

from chassis.types import Body, Codice, CodiceEnte, Istante, Soggetto, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.iscrizione import Canale, Esito, EsitoRegola, TipoProva
from services.inclusione.rules.misura import Livello, Risposta
from services.inclusione.schemas.comuni import CodiceServizio, Riferimento


class Prova(Body):
    """La prova di una risposta: che cosa ha visto l'operatore, mai il contenuto."""

    tipo: TipoProva
    riferimento: Riferimento | None = None


class RispostaCorpo(Body):
    """La risposta a un requisito; un si' o un no portano la loro prova."""

    requisito: CodiceServizio
    risposta: Risposta
    prova: Prova | None = None


class Risposte(Body):
    """Risposte nuove o corrette: le precedenti restano nella storia."""

    risposte: list[RispostaCorpo] = Field(min_length=1, max_length=100)


class IscrizioneNuova(Body):
    """Una persona si iscrive a una misura in un progetto."""

    misura_codice: Codice
    progetto_id: UUID
    persona_id: UUID
    canale: Canale = Canale.SPORTELLO
    risposte: list[RispostaCorpo] = Field(default=[], max_length=100)


class AmmissioneNuova(Body):
    """L'ammissione di una persona a un livello che chiede una selezione."""

    livello: Livello


class VoceVista(View):
    """Una regola della valutazione, che cosa dice e perche'."""

    regola: CodiceServizio | TestoBreve
    testo: TestoMedio
    esito: EsitoRegola
    motivo: TestoMedio


class RispostaVista(View):
    """L'ultima risposta a un requisito."""

    requisito: CodiceServizio
    risposta: Risposta
    prova: TipoProva | None
    riferimento: Riferimento | None
    data_il: Istante


class IscrizioneInElenco(View):
    """Un'iscrizione in elenco."""

    iscrizione_id: UUID
    versione: Versione
    misura_codice: Codice
    misura_numero: Versione
    progetto_id: UUID
    persona_id: UUID
    ente: CodiceEnte
    canale: Canale
    esito: Esito
    iscritta_il: Istante
    valutata_il: Istante


class IscrizioneVista(IscrizioneInElenco):
    """Un'iscrizione con le sue risposte e la spiegazione dell'esito, regola per regola."""

    operatore: Soggetto
    spiegazione: list[VoceVista] = Field(max_length=101)
    risposte: list[RispostaVista] = Field(max_length=100)
    livelli_ammessi: list[Livello] = Field(max_length=10)


class ValutazioneVista(View):
    """Una valutazione della storia di un'iscrizione, con la sua causa."""

    numero: Versione
    esito: Esito
    causa: TestoBreve
    spiegazione: list[VoceVista] = Field(max_length=101)
    valutata_il: Istante


class Valutazioni(View):
    """La storia delle valutazioni, dalla prima."""

    items: list[ValutazioneVista] = Field(max_length=1000)
