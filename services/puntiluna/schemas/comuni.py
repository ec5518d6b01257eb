"""Types that several bodies share."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.money import MAX_CENTS
from chassis.types import Euro, Punti

ImportoPositivo = Annotated[Euro, Field(ge=1, le=MAX_CENTS)]
"""Euro, at least one cent."""

PuntiPositivi = Annotated[Punti, Field(ge=1, le=MAX_CENTS)]
"""Points, at least a hundredth."""

PuntiOra = Annotated[Punti, Field(ge=0, le=100_000)]
"""Points for an hour: at most 1,000."""

ContrattoCodice = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,63}$", min_length=1, max_length=64)
]
"""The code of a tenancy contract, as its landlord writes it."""

Periodo = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", max_length=7)]
"""A month: `2020-11`."""

Impronta = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", max_length=64)]
"""SHA-256 in hexadecimal."""

Parola = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$", max_length=64)]
"""A word of the domain: `centro_aggregazione_giovanile`."""

Protocollo = Annotated[int, Field(ge=1, le=2**53)]
"""A landlord's protocol number."""

Minuti = Annotated[int, Field(ge=0, le=2**53)]
"""Minutes."""

Firma = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", max_length=400_000)
]
"""A compact JWS."""
