"""TCP ports on 127.0.0.1: the usual ones, how to change them, and free ones for throw-away platforms."""

import os
import random
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from deploy.local.errors import PortTaken

HOST = "127.0.0.1"

# Below the range the system gives to outgoing connections (32768 and up): a client that keeps trying a port of that
# range while its server restarts can be given the very same port as its own end, and the server cannot bind it then.
_FREE_FROM, _FREE_TO = 18_000, 31_000


@dataclass(frozen=True)
class Ports:
    """The port of each process."""

    gateway: int = 8000
    bandi: int = 8001
    laboratori: int = 8002
    inclusione: int = 8003
    puntiluna: int = 8004
    issuer: int = 8090
    postgres: int = 15432
    nats: int = 14222

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, **chosen: int | None) -> "Ports":
        """The usual ports, changed by PORT_<NAME> in the environment and, before that, by explicit choice.

        Raises:
            PortTaken: a value is not a port number.
        """
        source = os.environ if env is None else env
        values: dict[str, int] = {}
        for item in fields(cls):
            given = chosen.get(item.name)
            text = source.get(variable(item.name))
            if given is not None:
                values[item.name] = given
            elif text:
                values[item.name] = _number(item.name, text)
        return cls(**values)

    @classmethod
    def free(cls) -> "Ports":
        """Ports nobody uses now, all different."""
        names = [item.name for item in fields(cls)]
        return cls(**dict(zip(names, free_ports(len(names)), strict=True)))

    def of(self, name: str) -> int:
        """The port of the process called `name`."""
        return int(asdict(self)[name])


def variable(name: str) -> str:
    """The environment variable that changes the port of a process."""
    return f"PORT_{name.upper()}"


def _number(name: str, text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535:
        return int(text)
    raise PortTaken(f"{variable(name)}={text!r} non e' un numero di porta (da 1 a 65535).")


def is_free(port: int) -> bool:
    """True when a server could listen on `port` of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(how_many: int) -> list[int]:
    """`how_many` different ports nobody listens on."""
    chosen: list[int] = []
    for port in random.SystemRandom().sample(range(_FREE_FROM, _FREE_TO), 500):
        if len(chosen) == how_many:
            break
        if is_free(port):
            chosen.append(port)
    if len(chosen) < how_many:
        raise PortTaken(f"meno di {how_many} porte libere tra {_FREE_FROM} e {_FREE_TO}.")
    return chosen


def check_free(ports: Ports, names: list[str]) -> None:
    """Refuse to start when a port is taken.

    Raises:
        PortTaken: names every taken port, the process it was for, the option and the variable that change it.
    """
    taken = [name for name in names if not is_free(ports.of(name))]
    if taken:
        lines = [
            f"la porta {ports.of(name)} ({name}) e' gia' occupata: liberala, oppure scegline un'altra con "
            f"--port-{name} N o con {variable(name)}=N"
            for name in taken
        ]
        raise PortTaken("\n".join(lines))


def accepts(port: int) -> bool:
    """True when something accepts connections on `port` of 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0
