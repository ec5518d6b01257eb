"""Configuration by environment variables, checked at start.

Every service reads the same shared variables and its own, which carry its name: `BANDI_DATABASE_URL`.
"""

import os
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

Environment = Literal["local", "production"]

_WEAK_KEYS = {"", "changeme", "secret", "local"}


class SharedSettings(BaseSettings):
    """What every process reads. Field names, in capitals, are the environment variables."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    quartieri_env: Environment = Field(default="production", description="`local` allows the settable clock")
    issuer_url: str = Field(description="`iss` of the accepted tokens")
    jwks_url: str = Field(description="where the issuer's public keys are")
    audience: str = Field(default="quartieri", description="`aud` of the accepted tokens")
    log_level: str = Field(default="INFO", description="level of the JSON logs")

    @property
    def is_local(self) -> bool:
        """True on a developer's machine, where the clock may be set."""
        return self.quartieri_env == "local"

    @model_validator(mode="after")
    def _production_is_encrypted(self) -> "SharedSettings":
        if not self.is_local and not (self.jwks_url.startswith("https://") and self.issuer_url.startswith("https://")):
            raise ValueError("in production JWKS_URL and ISSUER_URL must begin with https://")
        return self


class ServiceSettings(SharedSettings):
    """What a service reads. `service` is its name; the variables of its own carry that name in capitals."""

    service: str
    database_url: SecretStr = Field(description="X_DATABASE_URL: the runtime role's address of the service's database")
    owner_database_url: SecretStr | None = Field(
        default=None, description="X_OWNER_DATABASE_URL: the owner's address, for migrations; default the same"
    )
    nats_url: SecretStr = Field(description="NATS_URL: address of NATS, with credentials")
    stream_replicas: int = Field(
        default=1, ge=1, le=5, description="STREAM_REPLICAS: nodes of NATS that keep the stream"
    )
    cursor_key: SecretStr = Field(description="CURSOR_KEY: secret that signs cursors, 32 characters or more")
    pool_size: int = Field(default=10, ge=1, le=200, description="X_POOL_SIZE: database connections of a process")
    token_url: str | None = Field(default=None, description="TOKEN_URL: where services get tokens for each other")
    client_id: str | None = Field(default=None, description="X_CLIENT_ID: the service's own client id")
    client_secret: SecretStr | None = Field(default=None, description="X_CLIENT_SECRET: and its secret")
    signing_key: SecretStr | None = Field(
        default=None, description="X_SIGNING_KEY: PEM key, or secret of 32 characters, that signs what others keep"
    )
    retired_signing_keys: str = Field(default="", description="X_RETIRED_SIGNING_KEYS: JWKS of the keys used before")
    iban_keys: SecretStr | None = Field(
        default=None,
        description="X_IBAN_KEYS: secrets that encrypt account numbers, separated by commas, current first",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^?#]+[^/?#]$",
        description="PUBLIC_URL: address the public uses, for QR codes",
    )
    laboratori_url: str | None = Field(default=None, description="LABORATORI_URL: internal address of laboratori")
    store_url: str | None = Field(
        default=None,
        pattern=r"^(file:///[^?#]+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[a-z0-9._/-]*)?)$",
        description="STORE_URL: where files are kept, file:///folder or s3://bucket/prefix",
    )
    store_endpoint: str | None = Field(
        default=None, pattern=r"^https?://", description="STORE_ENDPOINT: address of the S3-compatible service"
    )
    store_region: str = Field(default="us-east-1", description="STORE_REGION: region of the bucket")
    store_access_key: SecretStr | None = Field(default=None, description="STORE_ACCESS_KEY: what opens the bucket")
    store_secret_key: SecretStr | None = Field(default=None, description="STORE_SECRET_KEY: and its secret")

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # the sources that are left out have no name here
        cls, _settings: type[BaseSettings], init_settings: PydanticBaseSettingsSource, **_others: object
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` hands over: it knows which variables carry the service's name."""
        return (init_settings,)

    @field_validator("cursor_key")
    @classmethod
    def _strong_key(cls, key: SecretStr) -> SecretStr:
        if len(key.get_secret_value()) < 32 or key.get_secret_value().lower() in _WEAK_KEYS:
            raise ValueError("CURSOR_KEY must be a random secret of at least 32 characters")
        return key

    @model_validator(mode="after")
    def _secrets_travel_encrypted(self) -> "ServiceSettings":
        if not self.is_local and self.token_url and not self.token_url.startswith("https://"):
            raise ValueError("in production TOKEN_URL must begin with https://")
        return self

    @model_validator(mode="after")
    def _store_can_be_opened(self) -> "ServiceSettings":
        if (self.store_url or "").startswith("s3://") and not (self.store_access_key and self.store_secret_key):
            raise ValueError("STORE_URL names a bucket: STORE_ACCESS_KEY and STORE_SECRET_KEY must open it")
        if not self.is_local and (self.store_endpoint or "https://").startswith("http://"):
            raise ValueError("in production STORE_ENDPOINT must begin with https://")
        return self

    @property
    def migration_url(self) -> str:
        """The address migrations use: the owner's if one is given."""
        return (self.owner_database_url or self.database_url).get_secret_value()


_OWN_FIELDS = (
    "database_url",
    "owner_database_url",
    "pool_size",
    "client_id",
    "client_secret",
    "signing_key",
    "retired_signing_keys",
    "iban_keys",
)


class SettingsError(SystemExit):
    """The environment is incomplete or wrong; the message names every variable at fault."""


def explain(error: ValidationError, variable: dict[str, str]) -> str:
    """One line for each wrong variable, without its value."""
    lines = [
        f"  {variable.get(str(item['loc'][0]) if item['loc'] else '', str((item['loc'] or ('*',))[0]).upper())}: "
        f"{item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    ]
    return "Configuration error in the environment:\n" + "\n".join(lines)


def load_settings(service: str, environ: dict[str, str] | None = None) -> ServiceSettings:
    """Reads the settings of a service.

    Args:
        service: the service's name, for example `bandi`.
        environ: variables to read instead of the process's own.

    Raises:
        SettingsError: a variable is missing or wrong; the message names each.
    """
    source = dict(os.environ if environ is None else environ)
    own = {name: f"{service.upper()}_{name.upper()}" for name in _OWN_FIELDS}
    values: dict[str, str] = {}
    for name in ServiceSettings.model_fields:
        variable = own.get(name, name.upper())
        if source.get(variable):
            values[name] = source[variable]
    values["service"] = service
    try:
        return ServiceSettings(**values)  # type: ignore[arg-type]  # text from the environment, validated here
    except ValidationError as error:
        raise SettingsError(explain(error, own)) from None
