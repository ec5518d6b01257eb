"""What the services publish: their OpenAPI documents, last good copy kept, and the routes read from them."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from gateway.upstream import Upstream

logger = logging.getLogger(__name__)

REFRESH_S = 30.0
RETRY_S = 2.0
_FETCH_TIMEOUT_S = 3.0
_MAX_DOCUMENT_BYTES = 16 * 2**20
_METHODS = frozenset({"get", "head", "post", "put", "patch", "delete", "options"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """A published route: its template, and whether it may be read without a token."""

    template: str
    public: bool


class Routes:
    """The routes of one service, found by path. A literal segment wins over a parameter."""

    def __init__(self, document: Document) -> None:
        self._root: dict[str, Any] = {}
        for path, item in document.get("paths", {}).items():
            node = self._root
            for segment in path.strip("/").split("/"):
                node = node.setdefault("{}" if segment.startswith("{") else segment, {})
            node[""] = {
                method.upper(): Route(path, _is_public(operation, document))
                for method, operation in item.items()
                if method in _METHODS
            }

    def find(self, method: str, path: str) -> Route | None:
        """The route of a request, or None. Another method's route tells the template, but is never public."""
        methods = _descend(self._root, path.strip("/").split("/"), 0)
        if not methods:
            return None
        route: Route | None = methods.get("GET" if method == "HEAD" else method)
        return route or Route(next(iter(methods.values())).template, public=False)


class Catalog:
    """The last good OpenAPI document of every service.

    Args:
        upstreams: the services.
        folder: where the committed documents are, used until a service has answered for the first time.
    """

    def __init__(self, upstreams: Mapping[str, Upstream], folder: Path | None) -> None:
        self._upstreams = upstreams
        self._raw: dict[str, bytes] = {}
        self._documents: dict[str, Document] = {}
        self._routes: dict[str, Routes] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._fresh: set[str] = set()
        self._asking = {service: asyncio.Lock() for service in upstreams}
        self.version = 0
        if folder is not None:
            self._load(folder)

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents there are, by service."""
        return self._documents

    def routes(self, service: str) -> Routes | None:
        """The routes of a service; None while none of its documents is known."""
        return self._routes.get(service)

    def raw(self, service: str) -> bytes | None:
        """The service's own document, as it wrote it."""
        return self._raw.get(service)

    def start(self) -> None:
        """Begins to keep the documents fresh."""
        self._tasks = [asyncio.create_task(self._keep(upstream)) for upstream in self._upstreams.values()]

    async def stop(self) -> None:
        """Ends what `start` began."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def need(self, service: str) -> Routes | None:
        """The routes of a service, asked of it if none are known; many requests at once ask once."""
        async with self._asking[service]:
            if service not in self._routes:
                await self.refresh(service)
        return self._routes.get(service)

    async def refresh(self, service: str) -> bool:
        """Fetches the document of a service. Returns False when it could not be had: the copy kept stays in use."""
        try:
            status, content = await self._upstreams[service].fetch("/openapi.json", timeout_s=_FETCH_TIMEOUT_S)
            if status != 200 or len(content) > _MAX_DOCUMENT_BYTES:
                return False
            if content != self._raw.get(service):
                self._take(service, content)
        except (aiohttp.ClientError, TimeoutError):
            return False
        except (ValueError, AttributeError, TypeError):
            logger.exception("unreadable OpenAPI document", extra={"upstream": service})
            return False
        self._fresh.add(service)
        return True

    async def _keep(self, upstream: Upstream) -> None:
        while True:
            await self.refresh(upstream.service)
            await asyncio.sleep(REFRESH_S if upstream.service in self._fresh else RETRY_S)

    def _load(self, folder: Path) -> None:
        for service in self._upstreams:
            path = folder / f"{service}.json"
            if path.is_file():
                self._take(service, path.read_bytes())

    def _take(self, service: str, content: bytes) -> None:
        document = orjson.loads(content)
        self._routes[service] = Routes(document)
        self._documents[service] = document
        self._raw[service] = content
        self.version += 1


def _is_public(operation: Document, document: Document) -> bool:
    security = operation.get("security", document.get("security"))
    return security is not None and (security == [] or {} in security)


def _descend(node: dict[str, Any], segments: list[str], depth: int) -> dict[str, Route] | None:
    if depth == len(segments):
        return node.get("")
    for key in (segments[depth], "{}"):
        child = node.get(key)
        if child is not None:
            found = _descend(child, segments, depth + 1)
            if found:
                return found
    return None
