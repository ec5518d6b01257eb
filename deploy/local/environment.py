"""The environment contract of every process, filled in for one machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.home import VARIABLE, Home
from deploy.local.ports import HOST, Ports
from deploy.local.provision import SERVICES, DatabaseUrls
from deploy.local.users import secret_name

AUDIENCE = "quartieri"
DOCUMENTS = Path(__file__).parents[2] / "docs" / "openapi"


@dataclass(frozen=True)
class External:
    """The servers the operator gave in place of ours.

    Args:
        databases: services whose X_DATABASE_URL is set.
        nats_url: NATS_URL, if it is set.
    """

    databases: frozenset[str]
    nats_url: str | None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "External":
        """Read which servers are given."""
        given = frozenset(name for name in SERVICES if environ.get(f"{name.upper()}_DATABASE_URL"))
        return cls(given, environ.get("NATS_URL") or None)

    @property
    def embedded_databases(self) -> list[str]:
        """Services whose database is on our own server."""
        return [name for name in SERVICES if name not in self.databases]


def url(ports: Ports, name: str) -> str:
    """Local address of a process."""
    return f"http://{HOST}:{ports.of(name)}"


def service_environment(
    environ: Mapping[str, str], home: Home, ports: Ports, databases: Mapping[str, DatabaseUrls], nats_url: str
) -> dict[str, str]:
    """The variables of every process of the platform; what the operator set for our own defaults is kept.

    Args:
        environ: the operator's environment.
        home: where generated secrets are.
        ports: of every process.
        databases: addresses of the databases on our own server, by service.
        nats_url: with user and password.
    """
    secret = home.credentials.get
    made = {
        "QUARTIERI_ENV": "local",
        VARIABLE: str(home.root),
        "ISSUER_URL": url(ports, "issuer"),
        "JWKS_URL": f"{url(ports, 'issuer')}/jwks.json",
        "TOKEN_URL": f"{url(ports, 'issuer')}/token",
        "AUDIENCE": AUDIENCE,
        "NATS_URL": nats_url,
        "CURSOR_KEY": secret("cursor-key"),
        "PUNTILUNA_SIGNING_KEY": secret("puntiluna-signing-key"),
        "INCLUSIONE_IBAN_KEYS": secret("inclusione-iban-keys"),
        "PUBLIC_URL": url(ports, "gateway"),
    }
    for name in SERVICES:
        prefix = name.upper()
        made[f"{prefix}_URL"] = url(ports, name)
        made[f"{prefix}_CLIENT_ID"] = name
        made[f"{prefix}_CLIENT_SECRET"] = secret(secret_name("client", name))
    for name, addresses in databases.items():
        made[f"{name.upper()}_DATABASE_URL"] = addresses.app
        made[f"{name.upper()}_OWNER_DATABASE_URL"] = addresses.owner
    if len(databases) == len(SERVICES):
        made["PGSSLMODE"] = "disable"  # all on the loopback: no TLS, and no look into ~/.postgresql
    defaults = {"LOG_LEVEL": "INFO", "CORS_ORIGINS": "*", "STORE_URL": home.files.as_uri()}
    if DOCUMENTS.is_dir():
        defaults["OPENAPI_FOLDER"] = str(DOCUMENTS)
    return {**defaults, **environ, **made}
