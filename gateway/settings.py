"""Configuration of the gateway by environment variables, checked at start."""

import logging
import os
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode

from chassis.settings import SettingsError, SharedSettings, explain
from gateway.headers import Network
from gateway.paths import SERVICES

logger = logging.getLogger(__name__)

# A local platform replays years of work in a minute from one address: the limit is there but does not bite.
_LOCAL_RATE = {"rate_limit_per_second": 5_000.0, "rate_limit_burst": 10_000}


class GatewaySettings(SharedSettings):
    """What the gateway reads. Field names, in capitals, are the environment variables."""

    bandi_url: str = Field(default="http://127.0.0.1:8001", description="internal address of bandi")
    laboratori_url: str = Field(default="http://127.0.0.1:8002", description="internal address of laboratori")
    inclusione_url: str = Field(default="http://127.0.0.1:8003", description="internal address of inclusione")
    puntiluna_url: str = Field(default="http://127.0.0.1:8004", description="internal address of puntiluna")
    public_url: str = Field(description="address under which the public reaches the gateway")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="origins of browser pages that may call, separated by commas"
    )
    rate_limit_per_second: float = Field(default=50.0, gt=0, le=1_000_000, description="requests a second of a client")
    rate_limit_burst: int = Field(default=100, ge=1, le=1_000_000, description="requests at once of a client")
    max_body_bytes: int = Field(default=64 * 2**20, ge=1_024, le=2**40, description="largest request body")
    upstream_timeout_s: float = Field(default=30.0, gt=0, le=3_600, description="longest silence of a service")
    client_timeout_s: float = Field(default=30.0, gt=0, le=3_600, description="longest silence of a client")
    max_in_flight: int = Field(default=512, ge=1, le=100_000, description="requests in flight to one service")
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(), description="networks whose X-Forwarded-For and -Proto are believed, separated by commas"
    )
    openapi_folder: Path | None = Field(default=None, description="folder of the committed OpenAPI documents")

    @model_validator(mode="before")
    @classmethod
    def _local_limits(cls, values: dict[str, Any]) -> dict[str, Any]:
        return (_LOCAL_RATE | values) if values.get("quartieri_env") == "local" else values

    @field_validator("cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(item.strip() for item in value.split(",") if item.strip()) if isinstance(value, str) else value

    @field_validator("bandi_url", "laboratori_url", "inclusione_url", "puntiluna_url", "public_url")
    @classmethod
    def _plain_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an http:// or https:// address without query")
        if parts.username is not None:
            raise ValueError("must not carry credentials")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _cors_is_closed(self) -> "GatewaySettings":
        for origin in self.cors_origins:
            if origin == "*":
                if not self.is_local:
                    raise ValueError("in production CORS_ORIGINS must list origins; '*' is for local use")
                continue
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
                raise ValueError(f"CORS_ORIGINS: {origin!r} is not an origin such as https://www.comune.example.it")
        if not self.is_local and not self.public_url.startswith("https://"):
            logger.warning("PUBLIC_URL is not https: put the gateway behind TLS")
        return self

    @property
    def upstreams(self) -> dict[str, str]:
        """Internal address of each service."""
        return {service: getattr(self, f"{service}_url") for service in SERVICES}


def load_gateway_settings(environ: dict[str, str] | None = None) -> GatewaySettings:
    """Reads the settings of the gateway.

    Args:
        environ: variables to read instead of the process's own.

    Raises:
        SettingsError: a variable is missing or wrong; the message names each.
    """
    source = dict(os.environ if environ is None else environ)
    values = {name: source[name.upper()] for name in GatewaySettings.model_fields if source.get(name.upper())}
    try:
        return GatewaySettings(**values)  # type: ignore[arg-type]  # text from the environment, validated here
    except ValidationError as error:
        raise SettingsError(explain(error, {})) from None
