"""Runs the local issuer on the port named in ISSUER_URL: `python -m deploy.local.issuer_main`."""

import os
from urllib.parse import urlsplit

import uvicorn

from deploy.local.issuer import create_app


def main() -> None:
    """Serve until asked to stop."""
    address = urlsplit(os.environ["ISSUER_URL"])
    uvicorn.run(
        create_app(),
        host=address.hostname or "127.0.0.1",
        port=address.port or 8090,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
