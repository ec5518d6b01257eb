"""Desk accesses: one contact of somebody with the lab, through any channel."""

from datetime import datetime
from enum import StrEnum

from chassis.errors import Refusal


class Canale(StrEnum):
    """Channels of contact. Source: DOMAIN laboratori; programmi.json, MILOLAB canali."""

    IN_PRESENZA = "in_presenza"
    TELEFONO = "telefono"
    WHATSAPP = "whatsapp"
    CORTILE = "cortile"
    ONLINE = "online"
    FACEBOOK = "facebook"
    RADIO = "radio"
    BALCONE = "balcone"


class AccessoFuturo(Refusal):
    """An access is told after it happened."""

    status = 422
    title = "Accesso nel futuro"


def verifica_accesso(avvenuto_il: datetime, *, now: datetime) -> None:
    """Check that an access already happened.

    Raises:
        AccessoFuturo: it did not.

    Source: DOMAIN laboratori, an access is one contact that took place.
    """
    if avvenuto_il > now:
        raise AccessoFuturo("L'accesso non è ancora avvenuto.", field="avvenuto_il")
