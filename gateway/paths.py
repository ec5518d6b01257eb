"""Which paths are forwarded: `/rest/SERVICE/v1/...` in one spelling only.

Everything else of a service (metrics, readiness, the platform clock) is unreachable because no spelling of its path
passes: dot segments, empty segments, encoded slashes and the like are refused, never normalised.
"""

import re
from typing import NamedTuple

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")

# pchar of RFC 3986 without "%"; the segments "." and ".." are kept out by the lookahead.
_SEGMENT = r"/(?!\.{1,2}(?:/|$))[A-Za-z0-9\-._~!$&'()*+,;=:@]+"
_PLAIN = re.compile(rf"/rest/({'|'.join(SERVICES)})(/v1(?:{_SEGMENT})+)")
_ENCODED_SEGMENT = r"/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})+"
_ENCODED = re.compile(rf"/rest/({'|'.join(SERVICES)})(/v1(?:{_ENCODED_SEGMENT})+)")
# Octets whose meaning changes with who decodes them: controls, slash, backslash, dot, percent itself.
_AMBIGUOUS = re.compile(r"%(?:[01][0-9A-Fa-f]|2[EeFf5]|5[Cc]|7[Ff])")


class Target(NamedTuple):
    """A request to forward: the service's name and the path as the service knows it, still encoded."""

    service: str
    path: str


def target(raw_path: str) -> Target | None:
    """Reads the request's path, as sent. Returns None when nothing is published there.

    Args:
        raw_path: path of the request target without the query, not decoded, ASCII.
    """
    found = _PLAIN.fullmatch(raw_path)
    if found is None:
        found = _ENCODED.fullmatch(raw_path)
        if found is None or _AMBIGUOUS.search(raw_path):
            return None
        if any(segment in {".", ".."} for segment in raw_path.split("/")):
            return None
    return Target(found[1], found[2])
