"""The documentation pages: Swagger UI served from here, because offices may be offline, under a strict policy.

The assets come from the wheel `fastapi-swagger`, which packs the published build of Swagger UI; its Python code is
not imported.
"""

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from gateway.asgi import Page
from gateway.headers import RawHeaders

_PACKAGE = "fastapi-swagger"
_FOLDER = "fastapi_swagger/resources"
_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"font-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS: RawHeaders = [
    (b"content-security-policy", _POLICY),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_PAGE = """<!DOCTYPE html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quartieri - interfacce</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>Questa pagina richiede JavaScript. Il documento e' in <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/avvio.js"></script>
</body>
</html>
"""
_SCRIPT = """"use strict";
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""
_TYPES = {
    "swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "favicon-32x32.png": b"image/png",
}


def page(path: str) -> Page | None:
    """The page at `path` (`/docs` or one of its assets); None when there is none."""
    name = path.removeprefix("/docs").lstrip("/")
    return _load(name) if name in {"", "avvio.js", *_TYPES} else None


@cache
def _load(name: str) -> Page | None:
    if name == "":
        return Page.of(_PAGE.encode(), b"text/html; charset=utf-8", [*_PAGE_HEADERS, (b"cache-control", b"no-cache")])
    if name == "avvio.js":
        return Page.of(_SCRIPT.encode(), b"text/javascript; charset=utf-8", [(b"cache-control", b"no-cache")])
    try:
        file = Path(str(distribution(_PACKAGE).locate_file(f"{_FOLDER}/{name}")))
        content = file.read_bytes()
    except (PackageNotFoundError, OSError):
        return None
    return Page.of(content, _TYPES[name], [(b"cache-control", b"public, max-age=86400")])
