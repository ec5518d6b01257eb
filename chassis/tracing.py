"""The request id and the W3C trace context of the work in hand, carried by context variables into logs and events."""

import re
import secrets
from contextvars import ContextVar

request_id_var: ContextVar[str] = ContextVar("request_id", default="-")
traceparent_var: ContextVar[str | None] = ContextVar("traceparent", default=None)

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


def valid_traceparent(value: str | None) -> str | None:
    """The header if it is well-formed (W3C Trace Context, version 00), otherwise None."""
    return value if value and _TRACEPARENT.fullmatch(value) else None


def valid_request_id(value: str | None) -> str | None:
    """The caller's request id if it is short and harmless in a log, otherwise None."""
    return value if value and _REQUEST_ID.fullmatch(value) else None


def continue_trace(incoming: str | None) -> str:
    """A traceparent with the caller's trace id and a new span id, or a new sampled trace."""
    span = secrets.token_hex(8)
    parent = valid_traceparent(incoming)
    if parent:
        return f"00-{parent[3:35]}-{span}-{parent[-2:]}"
    return f"00-{secrets.token_hex(16)}-{span}-01"


def current_traceparent() -> str | None:
    """The traceparent of the work in hand, if there is one."""
    return traceparent_var.get()


def current_trace_id() -> str | None:
    """The 32 hexadecimal digits of the trace in hand, if there is one."""
    value = traceparent_var.get()
    return value[3:35] if value else None
