"""Risultati: what is counted of a project's paths, beside what its sheet expected."""

from enum import StrEnum


class Indicatore(StrEnum):
    """What is counted of a project, from facts recorded here."""

    ISCRIZIONI = "iscrizioni"
    IDONEI = "idonei"
    PIANI_AVVIATI = "piani_avviati"
    PERSONE_ORIENTATE = "persone_orientate"
    PERSONE_FORMATE = "persone_formate"
    PERSONE_SERVIZI_LAVORO = "persone_servizi_lavoro"
    PATTI_INDIVIDUALI = "patti_individuali"
    PATTI_DI_GRUPPO = "patti_di_gruppo"
    TIROCINI = "tirocini"
    ATTESTATI = "attestati"
    ATTESTATI_IMPRESA = "attestati_impresa"
    PERCORSI_IMPRESA = "percorsi_impresa"
    CONTRATTI = "contratti"
    CONTRATTI_TRIMESTRALI = "contratti_trimestrali"
