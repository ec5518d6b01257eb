"""What must hold for every input, not only for the examples."""

from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.headers import client_address, read_request, response_headers
from gateway.limits import Buckets
from gateway.paths import SERVICES, target
from gateway.problems import RichiestaMalformata
from gateway.settings import load_gateway_settings

SEGMENTS = st.sampled_from(
    [
        "a",
        "v1.2",
        ".",
        "..",
        "",
        "%2e%2E",
        ".%2e",
        "%2fb",
        "a%5cb",
        "a\\b",
        "%00",
        "%252e%252e",
        "%25",
        ";",
        "%c3%a0",
        "%",
    ]
)
HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection"}
NAMES = st.sampled_from(
    sorted(
        HOP_BY_HOP | {"host", "content-length", "authorization", "x-forwarded-for", "forwarded", "x-a", "x-b", "origin"}
    )
)
VALUES = st.one_of(
    st.sampled_from(["chunked", "3", "0", "x-a", "x-a, x-b", "close", "keep-alive", "Bearer t", "1.2.3.4"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=5),
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=5)


@settings(max_examples=400)
@given(st.lists(SEGMENTS, min_size=1, max_size=3))
def test_whatever_is_forwarded_stays_under_v1_however_often_it_is_decoded(segments: list[str]) -> None:
    found = target("/rest/bandi/v1/" + "/".join(segments))
    if found is None:
        return
    assert found.service in SERVICES
    for decoded in (found.path, unquote(found.path), unquote(unquote(found.path))):
        parts = decoded.split("/")
        assert parts[:2] == ["", "v1"]
        assert len(parts) == len(segments) + 2
        assert not {"", ".", ".."} & set(parts[2:])
        assert not set("\\\0") & set(decoded)


@settings(max_examples=400)
@given(FIELDS, st.sampled_from([b"close", b"x-a", b"X-B, x-a", b"authorization"]))
def test_no_header_section_lets_a_field_of_the_connection_through(
    fields: list[tuple[str, str]], connection: bytes
) -> None:
    raw = [(b"host", b"x"), (b"connection", connection), *((name.encode(), value.encode()) for name, value in fields)]
    try:
        headers = read_request(raw, "1.1")
    except RichiestaMalformata:
        return
    forwarded = {name for name, _ in headers.forward}
    assert not forwarded & (HOP_BY_HOP | {"host", "content-length", "forwarded", "x-forwarded-for"})
    assert not forwarded & (headers.connection - {"authorization", "close", "keep-alive", "upgrade", ""})
    assert not (headers.chunked and headers.content_length is not None)
    names = [name for name, _ in raw]
    assert max(names.count(b"content-length"), names.count(b"transfer-encoding"), names.count(b"host")) <= 1


@settings(max_examples=400)
@given(FIELDS)
def test_no_answer_of_a_service_lets_a_field_of_the_connection_through(fields: list[tuple[str, str]]) -> None:
    raw = tuple((name.title().encode(), value.encode()) for name, value in fields)
    kept = {name.decode() for name, _ in response_headers(raw, "bandi", bodiless=False)}
    assert not kept & HOP_BY_HOP


@settings(max_examples=400)
@given(
    st.floats(0.1, 5),
    st.integers(1, 5),
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([0.0, 0.0, 0.01, 0.3, 2.0])), min_size=5, max_size=60),
)
def test_nobody_gets_more_than_the_burst_plus_what_time_gives_back(
    rate: float, burst: int, steps: list[tuple[str, float]]
) -> None:
    now = 0.0
    buckets = Buckets(rate, burst, clock=lambda: now)
    admitted = {"a": 0, "b": 0}
    for client, pause in steps:
        now += pause
        verdict = buckets.take(client)
        admitted[client] += verdict.retry_after_s == 0
        assert 0 <= verdict.remaining <= burst
        assert admitted[client] <= burst + now * rate + 1e-6


TRUSTED = load_gateway_settings(
    {
        "ISSUER_URL": "https://a.example.it",
        "JWKS_URL": "https://a.example.it/k",
        "PUBLIC_URL": "https://q.example.it",
        "TRUSTED_PROXIES": "10.0.0.0/8",
    }
).trusted_proxies


@given(st.lists(st.sampled_from(["1.2.3.4", "10.0.0.9", "5.6.7.8:99", "[2001:db8::1]:5", "boh", ""]), max_size=6))
def test_an_untrusted_peer_never_chooses_its_own_address(hops: list[str]) -> None:
    headers = read_request([(b"host", b"x"), (b"x-forwarded-for", ", ".join(hops).encode())], "1.1")
    assert client_address("9.9.9.9", headers, TRUSTED) == "9.9.9.9"
    believed = client_address("10.0.0.1", headers, TRUSTED)
    assert believed in {"10.0.0.1", "10.0.0.9", "1.2.3.4", "5.6.7.8", "2001:db8::1"}
    if hops and hops[-1] == "1.2.3.4":
        assert believed == "1.2.3.4"
