"""`quartieri serve`: one process in the foreground, one uvicorn worker in it."""

import importlib

from cli.names import checked

GRACE_S = 15


def serve_process(name: str, host: str, port: int) -> None:
    """Run a service or the gateway until it is asked to stop.

    Args:
        name: a service, or `gateway`.
        host: address to listen on.
        port: port to listen on.

    Raises:
        CommandError: there is no such process.
    """
    if name == "gateway":
        from gateway.server import serve
        from gateway.settings import load_gateway_settings

        serve(load_gateway_settings(), host, port)
        return
    (service,) = checked([name], also="gateway")
    import uvicorn

    from chassis.logs import configure_logging
    from chassis.memory import settle
    from chassis.settings import load_settings

    settings = load_settings(service)
    configure_logging(service, settings.log_level)
    main = importlib.import_module(f"services.{service}.main")
    app = main.create_app(settings)
    settle()
    uvicorn.run(
        app,
        host=host,
        port=port,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=2048,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_S,
    )
