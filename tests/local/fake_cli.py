"""Stands in for `python -m cli` where only the running of processes is tested: `migra` and `serve NAME --port N`."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any


class Ready(BaseHTTPRequestHandler):
    """Answers 200 and an empty object to everything."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def main(words: list[str]) -> None:
    """Do as the command would, without a domain."""
    if words[0] == "migra":
        print("migrated")
        return

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, leave)
    print(f"{words[1]} is up", flush=True)
    ThreadingHTTPServer(("127.0.0.1", int(words[3])), Ready).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
