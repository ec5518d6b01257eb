"""Path and query parameters of the routes."""

from typing import Annotated

from fastapi import Path, Query

CodiceBando = Annotated[str, Path(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,47}$", max_length=48, description="Codice del bando")]
Numero = Annotated[int, Path(ge=1, le=2_000_000_000, description="Numero della graduatoria, dalla prima")]
Protocollo = Annotated[int, Path(ge=1, le=2_000_000_000, description="Numero di protocollo della domanda")]

TestoCercato = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\u0000-\u001f]+$")]
CodiceCercato = Annotated[str | None, Query(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,63}$", max_length=64)]
AzioneCercata = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9. -]{0,63}$", max_length=64)]
EnteCercato = Annotated[str | None, Query(pattern=r"^[A-Z0-9][A-Z0-9-]{1,63}$", max_length=64)]
