"""Domain events as CloudEvents 1.0, binary mode: `ce-*` attributes in NATS headers, the state as a JSON body.

Every event carries the `versione` of its aggregate, drawn under the aggregate's lock, and its full relevant state:
neither the relay nor a redelivery keeps order, so consumers apply only what is newer.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

CE_VERSION = "1.0"


class Event(BaseModel):
    """Base of the events a service publishes.

    Class arguments: `subject`, for example `bandi.progetto.finanziato.v1`, and `aggregate`, the name of the field
    that identifies the aggregate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: ClassVar[str]
    aggregate: ClassVar[str]

    versione: int = Field(ge=1, le=2_000_000_000)

    def __init_subclass__(cls, *, subject: str = "", aggregate: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if subject:
            cls.subject = subject
            cls.aggregate = aggregate

    @property
    def aggregate_id(self) -> UUID:
        """The identity of the aggregate the fact is about."""
        value = getattr(self, self.aggregate)
        if not isinstance(value, UUID):
            raise TypeError(f"{self.aggregate} of {self.subject} is not a UUID")
        return value


class EventIn(BaseModel):
    """Base of a consumer's own narrow model of somebody's event: unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    versione: int = Field(ge=1, le=2_000_000_000)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The CloudEvents attributes of one delivered event."""

    event_id: UUID
    subject: str
    aggregate_id: UUID
    occurred_at: datetime
    traceparent: str | None

    @property
    def source_service(self) -> str:
        """The service that published the event."""
        return self.subject.split(".", 1)[0]


def encode_headers(envelope: Envelope) -> dict[str, str]:
    """The NATS headers of an event; `Nats-Msg-Id` lets the broker drop a repeated publication."""
    headers = {
        "ce-specversion": CE_VERSION,
        "ce-id": str(envelope.event_id),
        "ce-source": f"/quartieri/{envelope.source_service}",
        "ce-type": envelope.subject,
        "ce-subject": str(envelope.aggregate_id),
        "ce-time": envelope.occurred_at.isoformat().replace("+00:00", "Z"),
        "content-type": "application/json",
        "Nats-Msg-Id": str(envelope.event_id),
    }
    if envelope.traceparent:
        headers["traceparent"] = envelope.traceparent
    return headers


def decode_headers(headers: dict[str, str]) -> Envelope:
    """Reads the envelope of a delivered event.

    Raises:
        ValueError: an attribute is missing or malformed; the message is not one of ours.
    """
    try:
        return Envelope(
            event_id=UUID(headers["ce-id"]),
            subject=headers["ce-type"],
            aggregate_id=UUID(headers["ce-subject"]),
            occurred_at=datetime.fromisoformat(headers["ce-time"]),
            traceparent=headers.get("traceparent"),
        )
    except KeyError as missing:
        raise ValueError(f"missing CloudEvents attribute {missing}") from missing


def encode_body(body: Any) -> bytes:
    """The JSON body of an event."""
    return orjson.dumps(body)
