"""The AsyncAPI 3 document of a service, made from the models of the events it publishes."""

from collections.abc import Sequence
from typing import Any

from chassis.events import Event
from chassis.inbox import Consumers

CONTACT = {"name": "Quartieri", "url": "https://quartieri.example/contatti"}


def _message_name(event: type[Event]) -> str:
    return event.subject.replace(".", "-")


def asyncapi_document(
    service: str, version: str, events: Sequence[type[Event]], consumers: Consumers
) -> dict[str, Any]:
    """Describes what a service publishes and what it listens to.

    Args:
        service: the service's name, also the first word of its subjects.
        version: of the service.
        events: the published models.
        consumers: what it listens to; named by subject, described by its publisher.
    """
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for event in events:
        name = _message_name(event)
        messages[name] = {
            "name": event.subject,
            "title": event.__name__,
            "summary": (event.__doc__ or event.__name__).strip().splitlines()[0],
            "contentType": "application/json",
            "headers": {"$ref": "#/components/schemas/CloudEvent"},
            "payload": event.model_json_schema(ref_template="#/components/messages/" + name + "/payload/$defs/{model}"),
        }
        channels[name] = {
            "address": event.subject,
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        }
        operations[f"pubblica-{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "summary": messages[name]["summary"],
            "description": f"{service} pubblica {event.subject} dopo il commit del fatto.",
        }
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": f"Eventi di {service}",
            "version": version,
            "description": (
                "CloudEvents 1.0 in modo binario su NATS JetStream. Ogni evento porta la versione del suo aggregato e "
                "il suo stato: chi ascolta applica solo cio' che e' piu' recente."
            ),
            "contact": {**CONTACT, "email": "integrazioni@quartieri.example"},
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/it/"},
            "tags": [{"name": service, "description": f"Eventi di {service}"}],
        },
        "servers": {
            "produzione": {
                "host": "nats.quartieri.example:4222",
                "protocol": "nats",
                "protocolVersion": "2",
                "description": "NATS JetStream, uno stream per servizio",
            }
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"CloudEvent": _HEADERS}},
        "x-ascolta": sorted(consumers.models),
    }


_HEADERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ce-specversion": {"type": "string", "const": "1.0"},
        "ce-id": {"type": "string", "format": "uuid", "description": "identita' dell'evento; ripetuto, non cambia"},
        "ce-source": {"type": "string", "format": "uri-reference"},
        "ce-type": {"type": "string", "description": "uguale al subject NATS"},
        "ce-subject": {"type": "string", "format": "uuid", "description": "identita' dell'aggregato"},
        "ce-time": {"type": "string", "format": "date-time"},
        "traceparent": {"type": "string", "description": "W3C Trace Context"},
    },
    "required": ["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-time"],
}
