"""Bodies of enrolments."""

from datetime import date
from uuid import UUID

from pydantic import Field

from chassis.types import Body, Codice, CodiceEnte, Conteggio, Istante, Soggetto, TestoBreve, TestoMedio, Versione, View
from services.inclusione.rules.conformita import Conformita
from services.inclusione.rules.iscrizione import Canale, Esito, EsitoRegola, TipoProva
from services.inclusione.rules.misura import Livello, Risposta
from services.inclusione.rules.stati import StatoPip
from services.inclusione.schemas.comuni import CodiceServizio, Giorno, Riferimento


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


class RispostaDelResidente(Body):
    """La risposta di chi si iscrive da se': e' una sua dichiarazione."""

    requisito: CodiceServizio
    risposta: Risposta


class IscrizioneDelResidente(Body):
    """Chi chiama si iscrive a una misura presso un operatore del progetto."""

    misura_codice: Codice
    progetto_id: UUID
    ente: CodiceEnte = Field(description="L'operatore accreditato che seguira' l'iscrizione")
    risposte: list[RispostaDelResidente] = Field(default=[], max_length=100)


class VerificaCorpo(RispostaCorpo):
    """Com'e' adesso un requisito da mantenere, e da quale giorno."""

    giorno: Giorno | None = Field(default=None, description="Se assente, oggi; mai dopo oggi")


class Verifiche(Body):
    """Verifiche in itinere: l'idoneita' iniziale resta com'era."""

    verifiche: list[VerificaCorpo] = Field(min_length=1, max_length=100)


class RispostaProfilo(Body):
    """La risposta a una voce della profilazione."""

    voce: CodiceServizio
    opzione: CodiceServizio


class ProfiloNuovo(Body):
    """Le risposte a tutte le voci della tabella dei punteggi."""

    risposte: list[RispostaProfilo] = Field(min_length=1, max_length=50)


class PuntiVista(View):
    """I punti di una voce e la risposta che li da'."""

    voce: CodiceServizio
    testo: TestoMedio
    opzione: CodiceServizio
    risposta: TestoBreve
    punti: Conteggio


class ProfiloVisto(View):
    """Il profilo di una persona: punti, fascia e perche', voce per voce."""

    numero: Versione
    misura_numero: Versione
    punti: Conteggio
    fascia: CodiceServizio
    voci: list[PuntiVista] = Field(max_length=50)
    profilata_il: Istante


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
    spiegazione: list[VoceVista] = Field(max_length=102)
    risposte: list[RispostaVista] = Field(max_length=100)
    livelli_ammessi: list[Livello] = Field(max_length=10)
    profilo: ProfiloVisto | None = Field(description="L'ultimo profilo, se la misura profila")


class ValutazioneVista(View):
    """Una valutazione della storia di un'iscrizione, con la sua causa."""

    numero: Versione
    esito: Esito
    causa: TestoBreve
    spiegazione: list[VoceVista] = Field(max_length=102)
    valutata_il: Istante


class Valutazioni(View):
    """La storia delle valutazioni, dalla prima."""

    items: list[ValutazioneVista] = Field(max_length=1000)


class VerificaVista(RispostaVista):
    """L'ultima verifica in itinere di un requisito."""

    giorno: date


class ConformitaVista(View):
    """Se il percorso mantiene ancora i requisiti, regola per regola; l'idoneita' iniziale non cambia."""

    iscrizione_id: UUID
    esito: Conformita
    spiegazione: list[VoceVista] = Field(max_length=101)
    verifiche: list[VerificaVista] = Field(max_length=100)


class DuplicatoVisto(View):
    """Un'altra iscrizione della stessa persona: la misura e lo stato del piano, non chi la segue."""

    misura_codice: Codice
    esito: Esito
    stato_piano: StatoPip | None
    inizio: date | None
    fine: date | None


class Duplicati(View):
    """Le altre iscrizioni della stessa persona sulla piattaforma."""

    items: list[DuplicatoVisto] = Field(max_length=100)


class IscrizionePropria(View):
    """L'iscrizione come la vede la persona: l'esito e il profilo, con il perche'."""

    iscrizione_id: UUID
    misura_codice: Codice
    progetto_id: UUID
    ente: CodiceEnte
    canale: Canale
    esito: Esito
    spiegazione: list[VoceVista] = Field(max_length=102)
    conformita: ConformitaVista
    profilo: ProfiloVisto | None
    iscritta_il: Istante


class IscrizioniProprie(View):
    """Le iscrizioni della persona che chiama."""

    items: list[IscrizionePropria] = Field(max_length=100)
