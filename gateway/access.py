"""Who calls, and whether they may call now: token, public routes, limits."""

from chassis.errors import Refusal, Unauthenticated
from chassis.tokens import Principal, TokenVerifier, bearer
from gateway.asgi import Call
from gateway.headers import bucket_address
from gateway.limits import Buckets, Verdict
from gateway.metrics import GatewayMetrics
from gateway.problems import LimiteSuperato, TokenMancante, TroppiTentativi

# Bad tokens an address may send: a check of a signature costs the gateway far more than a cached one.
_BAD_TOKENS_PER_SECOND = 2.0
_BAD_TOKENS_BURST = 60


class Door:
    """Decides about the caller of each request.

    Args:
        verifier: checks tokens.
        buckets: the limit of each client: the token's subject, else the address.
        metrics: where refusals by limit are counted.
    """

    def __init__(self, verifier: TokenVerifier, buckets: Buckets, metrics: GatewayMetrics) -> None:
        self._verifier = verifier
        self._buckets = buckets
        self._bad_tokens = Buckets(_BAD_TOKENS_PER_SECOND, _BAD_TOKENS_BURST)
        self._limited = {name: metrics.limited.labels(name).inc for name in ("client", "token")}
        self._limit = b"%d" % buckets.burst

    async def principal(self, call: Call) -> Principal | None:
        """Identifies the caller and takes one request from its bucket; None is an anonymous caller.

        Raises:
            Unauthenticated: a token was sent and cannot be accepted.
            TroppiTentativi, LimiteSuperato: the caller must wait.
            Unavailable: tokens cannot be checked now.
        """
        address = bucket_address(call.address)
        try:
            token = bearer(call.headers.get(b"authorization"))
            principal = None if token is None else await self._verify(token, address)
        except Refusal:
            self._take(call, f"a:{address}")
            raise
        self._take(call, f"a:{address}" if principal is None else f"s:{principal.subject}")
        return principal

    def charge(self, call: Call) -> None:
        """Takes one request from the address's bucket, for a call nobody has identified.

        Raises:
            LimiteSuperato: the caller must wait.
        """
        self._take(call, f"a:{bucket_address(call.address)}")

    def show(self, call: Call) -> None:
        """Tells the caller's limit on an answer that takes nothing from it."""
        self._note(call, self._buckets.peek(f"a:{bucket_address(call.address)}"))

    def _take(self, call: Call, client: str) -> None:
        verdict = self._buckets.take(client)
        self._note(call, verdict)
        if verdict.retry_after_s:
            self._limited["client"]()
            raise LimiteSuperato(
                "E' stato superato il numero di richieste ammesse.",
                remedy=f"Attendere {verdict.retry_after_s} s prima di ripetere la richiesta.",
                retry_after=verdict.retry_after_s,
            )

    def _note(self, call: Call, verdict: Verdict) -> None:
        """Puts the limit's headers on whatever answer follows."""
        call.extra += [
            (b"x-ratelimit-limit", self._limit),
            (b"x-ratelimit-remaining", b"%d" % verdict.remaining),
            (b"x-ratelimit-reset", b"%d" % verdict.reset_s),
        ]

    async def _verify(self, token: str, address: str) -> Principal:
        known = self._verifier.known(token)
        if known is not None:
            return known  # the many behind one address do not pay for the one with a bad token
        wait = self._bad_tokens.wait(address)
        if wait:
            self._limited["token"]()
            raise TroppiTentativi(
                "Da questo indirizzo sono arrivati troppi token non validi.",
                remedy=f"Attendere {wait} s e presentare un token valido.",
                retry_after=wait,
            )
        try:
            return await self._verifier.verify(token)
        except Unauthenticated:
            self._bad_tokens.take(address)
            raise


def token_needed() -> TokenMancante:
    """The refusal of an anonymous call to a route that is not public."""
    return TokenMancante(
        "Questa operazione richiede un token di accesso.",
        remedy="Inviare l'intestazione Authorization: Bearer TOKEN.",
    )
