"""The gateway's HTTP server: uvicorn with bounds on what a client may send before the application sees it."""

import asyncio
import logging
import socket
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.errors import Refusal
from chassis.ids import uuid7
from chassis.logs import configure_logging
from chassis.memory import settle
from gateway.main import Gateway, create_app
from gateway.problems import IntestazioniTroppoGrandi, Problem, RichiestaLenta, RichiestaMalformata
from gateway.settings import GatewaySettings

MAX_HEADERS: Final = 100
MAX_HEADER_BYTES: Final = 32 * 1024
HEADER_TIMEOUT_S: Final = 15.0
# What a client may go on sending after it was answered, before the connection is cut.
MAX_UNREAD_BYTES: Final = 16 * 2**20

logger = logging.getLogger(__name__)


class JoinedWrites:
    """A transport that sends the header section together with the first piece of the body: one system call, not two.

    What nothing follows at once leaves at the loop's next turn.
    """

    __slots__ = ("_begun", "_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None
        self._begun = False

    def write(self, data: bytes) -> None:
        """Sends, or holds what is the header section."""
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held + data)
        elif self._begun or data.startswith(b"HTTP/1.1 100"):
            self._transport.write(data)
        else:
            self._begun = True
            self._held = data
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Sends what is held."""
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held)

    def close(self) -> None:
        """Sends what is held and closes."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """As the transport says."""
        return self._transport.is_closing()


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, with bounded headers, a time limit for them, and errors as problem documents."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header_bytes = 0
        self._unread_bytes = 0
        self._oversize = False
        self._reading_headers = False
        self._header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._reading_headers:
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADER_BYTES:
                self._oversize = True
                self.send_400_response("")
                return
        super().data_received(data)
        if self._header_timer is None:
            if self._reading_headers:
                self._arm()  # the rest of the header section must come in time
        elif not self._reading_headers:
            self._disarm()

    def on_message_begin(self) -> None:
        self._header_bytes = 0
        self._unread_bytes = 0
        self._reading_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._reading_headers = False
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > MAX_HEADER_BYTES or len(self.headers) > MAX_HEADERS:
            self._oversize = True
            raise ValueError("header section too large")
        super().on_headers_complete()
        self.cycle.transport = cast(asyncio.Transport, JoinedWrites(self.transport, self.loop))

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > MAX_UNREAD_BYTES:
                self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words are not for our clients
        if self._oversize:
            self._refuse(IntestazioniTroppoGrandi("Le intestazioni della richiesta superano il limite ammesso."))
        else:
            self._refuse(RichiestaMalformata("La richiesta non rispetta il protocollo HTTP/1.1."))

    def _arm(self) -> None:
        self._header_timer = self.loop.call_later(HEADER_TIMEOUT_S, self._too_slow)

    def _disarm(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _too_slow(self) -> None:
        self._header_timer = None
        if not self._reading_headers:
            self.transport.close()  # connected and never asked anything
        else:
            self._refuse(RichiestaLenta("Le intestazioni della richiesta non sono arrivate in tempo."))

    def _refuse(self, refusal: Refusal) -> None:
        """Answers what never became a request, and ends the connection."""
        if self.transport.is_closing():
            return
        if bool(self.cycle) and not self.cycle.response_complete:
            if self.pipeline or self.cycle.response_started or not self.cycle.more_body:
                self.transport.close()  # an earlier request is being answered: this would be taken for its answer
                return
            self.cycle.disconnected = True  # the fault is in this request's own body: its work ends here
            self.cycle.message_event.set()
        request_id = str(uuid7())
        status, headers, content = Problem.render(refusal, f"urn:quartieri:richiesta:{request_id}")
        fields = [*headers, (b"x-request-id", request_id.encode()), (b"connection", b"close")]
        head = b"".join(b"%s: %s\r\n" % field for field in fields)
        self.transport.write(b"HTTP/1.1 %d \r\n%s\r\n%s" % (status, head, content))
        self.transport.close()


def config(app: Gateway, host: str, port: int, **options: Any) -> uvicorn.Config:
    """How the gateway is served.

    Args:
        app: the gateway.
        host: address to listen on.
        port: port to listen on; 0 for any free one.
        options: of uvicorn, over these.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        **{
            "http": BoundedProtocol,
            "ws": "none",
            "lifespan": "on",
            "proxy_headers": False,
            "server_header": False,
            "access_log": False,
            "log_config": None,
            "timeout_keep_alive": 15,
            "timeout_graceful_shutdown": 20,
            "backlog": 2048,
            **options,
        },
    )


class Server(uvicorn.Server):
    """uvicorn's server, that ends streams of events before it waits for the answers under way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops serving."""
        app = self.config.app
        if isinstance(app, Gateway):
            app.stop_listening()
        await super().shutdown(sockets)


def serve(settings: GatewaySettings, host: str = "127.0.0.1", port: int = 8000, **options: Any) -> None:
    """Runs the gateway until it is told to stop."""
    configure_logging("gateway", settings.log_level)
    app = create_app(settings)
    settle()
    Server(config(app, host, port, **options)).run()
