"""The local issuer of tokens: what an OpenID provider is in production, on one machine and with generated passwords.

It answers `/.well-known/openid-configuration`, `/jwks.json`, `/healthz`, `/readyz` and `POST /token` with
`grant_type=client_credentials` (programs) or `grant_type=password` (demo people). It refuses to start anywhere but in a
local environment.
"""

import binascii
import hmac
import os
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote_plus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.ruoli import Ruolo
from deploy.local import users
from deploy.local.credentials import Credentials
from deploy.local.tokens import LIFETIME_S, SigningKey, jwks, mint, new_private_key

KEY_NAME = "issuer-key.pem"
MAX_FORM_BYTES = 16_384
_NO_STORE = {"Cache-Control": "no-store"}


class NotLocal(SystemExit):
    """The issuer was started outside a local environment."""


class TokenRefused(Exception):
    """A request for a token is refused (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True)
class Grant:
    """For whom a token is made out."""

    sub: str
    roles: Sequence[str]
    ente: str | None = None
    client_id: str | None = None


class Issuer:
    """Knows the passwords, signs the tokens.

    Args:
        credentials: where passwords and key are kept.
        url: claim `iss`.
        audience: claim `aud`.
    """

    def __init__(self, credentials: Credentials, *, url: str, audience: str) -> None:
        self.credentials = credentials
        self.url = url
        self.audience = audience
        self.key = SigningKey.from_pem(credentials.get(KEY_NAME, new_private_key))

    def token(self, grant: Grant) -> str:
        """Sign a token for somebody whose right to it has been checked."""
        return mint(
            self.key,
            issuer=self.url,
            audience=self.audience,
            sub=grant.sub,
            roles=grant.roles,
            ente=grant.ente,
            client_id=grant.client_id,
        )

    def password(self, kind: str, name: str) -> str:
        """The generated password of a user or secret of a program."""
        return self.credentials.get(users.secret_name(kind, name))

    def decide(self, form: Mapping[str, str], basic: tuple[str, str] | None) -> Grant:
        """Who the caller of `/token` may get a token for.

        Raises:
            TokenRefused: wrong or unknown credentials, or a grant that is not offered.
        """
        kind = form.get("grant_type")
        if kind == "client_credentials":
            return self._client_grant(form, basic)
        if kind == "password":
            delegated = self._is_delegate(form, basic)
            return self._any_grant(form) if delegated else self._user_grant(form)
        raise TokenRefused("unsupported_grant_type", "grant_type: client_credentials oppure password.")

    def _client_grant(self, form: Mapping[str, str], basic: tuple[str, str] | None) -> Grant:
        name, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        found = users.client(name)
        if found is None or not _same(secret, self.password("client", found.client_id)):
            raise TokenRefused("invalid_client", "Programma sconosciuto o segreto errato.", 401)
        return Grant(found.client_id, found.roles, found.ente, found.client_id)

    def _user_grant(self, form: Mapping[str, str]) -> Grant:
        found = users.user(form.get("username", ""))
        if found is None or not _same(form.get("password", ""), self.password("user", found.sub)):
            raise TokenRefused("invalid_grant", "Utente sconosciuto o password errata.")
        return Grant(found.sub, found.roles, found.ente)

    def _is_delegate(self, form: Mapping[str, str], basic: tuple[str, str] | None) -> bool:
        name, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        if name != users.DELEGATE:
            return False
        if not _same(secret, self.password("client", users.DELEGATE)):
            raise TokenRefused("invalid_client", "Segreto errato.", 401)
        return True

    @staticmethod
    def _any_grant(form: Mapping[str, str]) -> Grant:
        roles = form.get("roles", "").split()
        known = {role.value for role in Ruolo}
        if not form.get("username") or not set(roles) <= known:
            raise TokenRefused("invalid_request", "Servono username e roles, scelti tra: " + ", ".join(sorted(known)))
        return Grant(form["username"], roles, form.get("ente") or None)


def create_app(environ: Mapping[str, str] | None = None) -> Starlette:
    """The issuer as an ASGI application, configured by QUARTIERI_ENV, QUARTIERI_HOME, ISSUER_URL and AUDIENCE.

    Raises:
        NotLocal: QUARTIERI_ENV is not `local`.
    """
    source = os.environ if environ is None else environ
    if source.get("QUARTIERI_ENV") != "local":
        raise NotLocal("L'emittente locale parte solo con QUARTIERI_ENV=local: in produzione usa il tuo provider OIDC.")
    issuer = Issuer(
        Credentials(Path(source["QUARTIERI_HOME"]) / "secrets"),
        url=source["ISSUER_URL"],
        audience=source.get("AUDIENCE", "quartieri"),
    )

    async def configuration(_: Request) -> Response:
        return JSONResponse(
            {
                "issuer": issuer.url,
                "jwks_uri": f"{issuer.url}/jwks.json",
                "token_endpoint": f"{issuer.url}/token",
                "grant_types_supported": ["client_credentials", "password"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
            }
        )

    async def keys(_: Request) -> Response:
        return JSONResponse(jwks([issuer.key]), headers={"Cache-Control": "public, max-age=300"})

    async def token(request: Request) -> Response:
        try:
            grant = issuer.decide(await _form(request), _basic(request.headers.get("authorization")))
        except TokenRefused as refused:
            headers = _NO_STORE | ({"WWW-Authenticate": "Basic"} if refused.status == 401 else {})
            body = {"error": refused.error, "error_description": refused.description}
            return JSONResponse(body, refused.status, headers)
        answer = {"access_token": issuer.token(grant), "token_type": "Bearer", "expires_in": LIFETIME_S}
        return JSONResponse(answer, headers=_NO_STORE)

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_NO_STORE)

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", configuration),
            Route("/jwks.json", keys),
            Route("/token", token, methods=["POST"]),
            Route("/healthz", alive),
            Route("/readyz", alive),
        ]
    )


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


async def _form(request: Request) -> dict[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(413)
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=50)
    except ValueError:
        raise TokenRefused("invalid_request", "Troppi campi.") from None
    return {name: values[0] for name, values in fields.items()}


def _basic(header: str | None) -> tuple[str, str] | None:
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(value, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise TokenRefused("invalid_client", "Intestazione Authorization illeggibile.", 401) from None
    return unquote_plus(name), unquote_plus(secret)
