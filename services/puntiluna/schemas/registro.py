"""Bodies of the register: chains, verification, signed roots, keys."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.types import Conteggio, Istante, TestoBreve, TestoMedio, View
from services.puntiluna.rules.registro import Libro
from services.puntiluna.schemas.comuni import Impronta

Posto = Annotated[int, Field(ge=0, le=2**53)]
"""A position in a chain."""

NumeroRadice = Annotated[int, Field(ge=1, le=99_999_999)]
"""The number of a signed root."""

Jws = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", max_length=4000)]
"""A signed document: compact JWS."""

Coordinata = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$", max_length=128)]
"""Bytes in base64url."""


class LibroVista(View):
    """The chain of a book."""

    libro: Libro
    sigilli: Conteggio = Field(description="movimenti sigillati")
    radice: Impronta = Field(description="impronta dell'ultimo sigillo")
    non_sigillati: Conteggio = Field(description="movimenti che attendono il sigillo")


class RegistroVista(View):
    """The state of the register."""

    libri: list[LibroVista] = Field(max_length=10)


class GuastoVista(View):
    """Something wrong in the register."""

    dove: TestoBreve
    motivo: TestoMedio


class VerificaVista(View):
    """The outcome of a verification of the whole register."""

    in_ordine: bool
    libri: list[LibroVista] = Field(max_length=10)
    radici: Conteggio = Field(description="radici firmate conservate fuori dalla base dati")
    ultima_radice: date | None = Field(description="giorno dell'ultima radice firmata")
    non_firmati: Posto = Field(description="sigilli dopo l'ultima radice firmata")
    guasti: list[GuastoVista] = Field(max_length=1000)


class CimaVista(View):
    """How far a book had come."""

    libro: Libro
    n: Posto = Field(description="posizione dell'ultimo sigillo")


class RadiceVista(View):
    """A signed root of the register."""

    numero: NumeroRadice
    emessa_il: Istante
    libri: list[CimaVista] = Field(max_length=10)
    jws: Jws = Field(description="la radice firmata: JWS compatto, si verifica con le chiavi pubblicate")


class ChiavePubblica(View):
    """A public key, as JWK (RFC 7517)."""

    kty: Annotated[str, StringConstraints(pattern=r"^(EC|OKP)$", max_length=3)]
    crv: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,16}$", max_length=16)]
    x: Coordinata
    y: Coordinata | None = None
    use: Annotated[str, StringConstraints(pattern=r"^sig$", max_length=3)] = "sig"
    alg: Annotated[str, StringConstraints(pattern=r"^(ES256|EdDSA)$", max_length=5)]
    kid: Coordinata


class ChiaviPubbliche(View):
    """The keys that verify what the service signed, ever: a JWKS document."""

    keys: list[ChiavePubblica] = Field(max_length=100)
