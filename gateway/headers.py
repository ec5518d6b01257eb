"""Header fields by RFC 9110 and 9112: what a request says, what is forwarded, what comes back."""

import ipaddress
import re
from dataclasses import dataclass, field

from chassis.tracing import valid_traceparent
from gateway.problems import RichiestaMalformata

RawHeaders = list[tuple[bytes, bytes]]

# Fields of one connection only (RFC 9110 7.6.1, and the obsolete ones still seen).
_HOP_BY_HOP = (
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authentication-info",
    b"proxy-authorization",
    b"proxy-connection",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
)
# What the gateway says itself: the caller's own words about them are dropped.
_REPLACED_IN_REQUESTS = (
    b"host",
    b"content-length",
    b"expect",
    b"forwarded",
    b"traceparent",
    b"tracestate",
    b"via",
    b"x-real-ip",
    b"x-request-id",
    b"x-http-method-override",
    b"x-original-url",
    b"x-rewrite-url",
)
_REPLACED_IN_RESPONSES = (b"date", b"server", b"x-request-id", b"x-powered-by")
_REPLACED_RESPONSE_PREFIXES = (b"access-control-", b"x-ratelimit-")
_FORWARDED_PREFIX = b"x-forwarded-"
# Two of these would let two readers see two requests.
_SINGLETONS = (
    b"host",
    b"content-length",
    b"transfer-encoding",
    b"authorization",
    b"content-type",
    b"idempotency-key",
    b"origin",
    b"if-match",
    b"traceparent",
    b"x-request-id",
)
_NOTICED = (
    b"connection",
    b"upgrade",
    b"expect",
    b"if-none-match",
    b"accept-encoding",
    b"x-forwarded-for",
    b"x-forwarded-proto",
    b"access-control-request-method",
    b"tracestate",
)
# What is done with a field of a request: it may be kept for the gateway, noticed, and kept from the service.
_ONCE, _NOTE, _DROP = 1, 2, 4
_ACTIONS: dict[bytes, int] = {}
for _names, _action in (
    (_SINGLETONS, _ONCE),
    (_NOTICED, _NOTE),
    (_HOP_BY_HOP, _DROP),
    (_REPLACED_IN_REQUESTS, _DROP),
):
    for _name in _names:
        _ACTIONS[_name] = _ACTIONS.get(_name, 0) | _action
_DROPPED_IN_RESPONSES = frozenset(_HOP_BY_HOP + _REPLACED_IN_RESPONSES)
_LOCATIONS = frozenset({b"location", b"content-location"})
# Fields a Connection header may not strip: they decide how the message is read or who is asking.
_NEVER_CONNECTION = frozenset({"host", "content-length", "authorization", "idempotency-key", "if-match"})
_USUAL_CONNECTION = frozenset({"keep-alive", "close", "upgrade", ""})
_DIGITS = re.compile(rb"[0-9]{1,18}")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(slots=True)
class RequestHeaders:
    """The fields of a request the gateway reads, and those it forwards."""

    forward: list[tuple[str, str]] = field(default_factory=list)
    single: dict[bytes, str] = field(default_factory=dict)
    connection: set[str] = field(default_factory=set)
    forwarded_for: list[str] = field(default_factory=list)
    forwarded_proto: str | None = None
    tracestate: list[str] = field(default_factory=list)
    content_length: int | None = None
    chunked: bool = False
    websocket: bool = False
    expects_continue: bool = False
    if_none_match: str = ""
    accept_encoding: str = ""
    preflight_method: str | None = None

    def get(self, name: bytes) -> str | None:
        """The value of a field that may occur once, by its name in lower case."""
        return self.single.get(name)


def read_request(raw: RawHeaders, http_version: str) -> RequestHeaders:
    """Reads the header section of a request.

    Args:
        raw: names in lower case and values, as received.
        http_version: of the request, e.g. `1.1`.

    Raises:
        RichiestaMalformata: a field that decides the message is repeated, contradicts another or is unreadable.
    """
    headers = RequestHeaders()
    for name, value in raw:
        action = _ACTIONS.get(name, 0)
        if not action and name.startswith(_FORWARDED_PREFIX):
            continue
        text = _text(name, value)
        if action & _ONCE:
            if name in headers.single:
                raise RichiestaMalformata(f"L'intestazione {name.decode()} e' ripetuta.", field=name.decode())
            headers.single[name] = text
        elif action & _NOTE:
            _notice(headers, name, text)
        if not action & _DROP and not name.startswith(_FORWARDED_PREFIX):
            headers.forward.append((name.decode("ascii"), text))
    _read_length(headers, http_version)
    dropped = headers.connection - _NEVER_CONNECTION - _USUAL_CONNECTION
    if dropped:
        headers.forward = [item for item in headers.forward if item[0] not in dropped]
    if headers.tracestate and valid_traceparent(headers.single.get(b"traceparent")) is not None:
        headers.forward.append(("tracestate", ",".join(headers.tracestate)))  # it means nothing without its trace
    return headers


def response_headers(raw: tuple[tuple[bytes, bytes], ...], service: str, *, bodiless: bool) -> RawHeaders:
    """The fields of a service's answer that the client gets, without those of the inner connection.

    Args:
        raw: names and values as the service sent them.
        service: its name; places it names by its own path get the public path.
        bodiless: the status (204, 304) has no body: a length would not describe what is sent.
    """
    kept: RawHeaders = []
    named: set[bytes] = set()
    for original, value in raw:
        name = original.lower()
        if name in _DROPPED_IN_RESPONSES:
            if name == b"connection":
                named |= {token.strip().lower() for token in value.split(b",")}
        elif name in _LOCATIONS and value.startswith(b"/v1/"):
            kept.append((name, b"/rest/%s%s" % (service.encode(), value)))
        elif not (name.startswith(_REPLACED_RESPONSE_PREFIXES) or (bodiless and name == b"content-length")):
            kept.append((name, value))
    return [field for field in kept if field[0] not in named] if named else kept


def client_address(peer: str, headers: RequestHeaders, trusted: tuple[Network, ...]) -> str:
    """The address of the client: the peer, or what a trusted proxy says it forwarded for.

    Walks X-Forwarded-For from the right and stops at the first address that is not a trusted proxy, so that a
    client cannot choose its own address.
    """
    if not trusted or not _within(peer, trusted):
        return peer
    for hop in reversed(headers.forwarded_for):
        address = _bare_address(hop)
        if address is None:
            return peer
        if not _within(address, trusted):
            return address
        peer = address
    return peer


def client_scheme(peer: str, scheme: str, headers: RequestHeaders, trusted: tuple[Network, ...]) -> str:
    """`https` or `http`, as the client sees it."""
    if headers.forwarded_proto in {"http", "https"} and trusted and _within(peer, trusted):
        return str(headers.forwarded_proto)
    return scheme


def forwarding_fields(service: str, address: str, scheme: str, host: str) -> list[tuple[str, str]]:
    """What the service is told about the outer request (RFC 7239 and its X- forerunners)."""
    node = f'"[{address}]"' if ":" in address else address
    fields = [
        ("forwarded", f'for={node};proto={scheme};host="{host}"'),
        ("x-forwarded-for", address),
        ("x-forwarded-proto", scheme),
        ("x-forwarded-host", host),
        ("x-forwarded-prefix", f"/rest/{service}"),
    ]
    return fields if host else [item for item in fields[1:] if item[0] != "x-forwarded-host"]


def bucket_address(address: str) -> str:
    """The part of an address that stands for one client: all of an IPv4, the /64 of an IPv6."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address


_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


def _notice(headers: RequestHeaders, name: bytes, value: str) -> None:
    match name:
        case b"connection":
            headers.connection |= {token.strip().lower() for token in value.split(",")}
        case b"upgrade":
            headers.websocket = headers.websocket or "websocket" in value.lower()
        case b"tracestate":
            headers.tracestate.append(value)
        case b"expect":
            headers.expects_continue = value.lower() == "100-continue"
        case b"if-none-match":
            headers.if_none_match = value
        case b"accept-encoding":
            headers.accept_encoding = value.lower()
        case b"x-forwarded-for":
            headers.forwarded_for += value.split(",")
        case b"x-forwarded-proto":
            headers.forwarded_proto = value.strip().lower()
        case b"access-control-request-method":
            headers.preflight_method = value


def _read_length(headers: RequestHeaders, http_version: str) -> None:
    if http_version not in {"1.0", "1.1"}:
        raise RichiestaMalformata("La versione di HTTP non e' ammessa.")
    length = headers.single.get(b"content-length")
    coding = headers.single.get(b"transfer-encoding")
    if coding is not None:
        if length is not None:
            raise RichiestaMalformata("La richiesta dichiara sia Content-Length sia Transfer-Encoding.")
        if coding.strip().lower() != "chunked":
            raise RichiestaMalformata(
                "L'unica codifica di trasferimento ammessa e' chunked.", field="transfer-encoding"
            )
        headers.chunked = True
    if length is not None:
        if _DIGITS.fullmatch(length.encode()) is None:
            raise RichiestaMalformata("Content-Length deve essere un numero intero.", field="content-length")
        headers.content_length = int(length)
    host = headers.single.get(b"host")
    if (host is None and http_version == "1.1") or (host and _HOST.fullmatch(host) is None):
        raise RichiestaMalformata("L'intestazione Host manca o non e' un nome valido.", field="host")


def _text(name: bytes, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        label = name.decode("ascii", "replace")
        raise RichiestaMalformata(f"L'intestazione {label} non e' testo UTF-8.", field=label) from None


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _bare_address(hop: str) -> str | None:
    """The address in an X-Forwarded-For item, which some proxies write with a port."""
    text = hop.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
