"""JSON logs, a line an event, each with the service, the request id and the trace id. Never personal data."""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

import orjson

from chassis.tracing import current_trace_id, request_id_var

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}

# Postgres repeats the offending values in DETAIL ("Failing row contains (...)"): they never reach a log.
_DETAIL = re.compile(r"DETAIL: .*?(?=\n\[SQL:|\n\(Background|\n  File |\n\nThe above|\n\nDuring|\Z)", re.DOTALL)


class JsonFormatter(logging.Formatter):
    """Writes a record as one JSON object; what is given as `extra` becomes its fields."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id_var.get(),
            "trace_id": current_trace_id(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = _DETAIL.sub("DETAIL: (omesso)", self.formatException(record.exc_info))
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure_logging(service: str, level: str = "INFO") -> None:
    """Sends every log of the process to standard error as JSON lines.

    Args:
        service: name of the process, in every line.
        level: a level of the standard library, by name.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "httpx", "httpcore", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
