"""The roles a token may carry (claim `roles`). What each may do is declared on the routes."""

from enum import StrEnum


class Ruolo(StrEnum):
    """A role of the platform; the words are those of the offices."""

    AMMINISTRATORE = "amministratore"
    FUNZIONARIO_BANDI = "funzionario_bandi"
    COMMISSARIO = "commissario"
    PROPONENTE = "proponente"
    FUNZIONARIO_COMUNE = "funzionario_comune"
    OPERATORE_LABORATORIO = "operatore_laboratorio"
    OPERATORE_ACCREDITATO = "operatore_accreditato"
    RESIDENTE = "residente"
    ENTE_PROPRIETARIO = "ente_proprietario"
    TESORIERE = "tesoriere"
    VALUTATORE = "valutatore"
    OPERAZIONI = "operazioni"
    SERVIZIO = "servizio"
