"""The joined document, each service's own, and the pages that show them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.catalog import Route, Routes
from gateway.openapi import join, served_here
from tests.gateway.fakes import Platform, document, fake, platform

SERVICES = ("bandi", "laboratori", "inclusione", "puntiluna")
PUBLIC = "https://quartieri.example.it"


def _references(value: Any) -> set[str]:
    return set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(value)))


def _resolves(joined: dict[str, Any], reference: str) -> bool:
    node: Any = joined
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part) if isinstance(node, dict) else None
    return node is not None


def test_every_public_path_is_there_under_its_service_and_no_internal_one() -> None:
    joined = join({service: document(service) for service in SERVICES}, PUBLIC)
    assert set(joined["paths"]) == {"/status"} | {
        f"/rest/{service}{path}" for service in SERVICES for path in document(service)["paths"] if path != "/status"
    }


def test_names_of_two_services_never_clash_and_every_reference_resolves() -> None:
    documents = {service: document(service) for service in SERVICES}
    documents["bandi"]["components"]["schemas"]["Voce"]["description"] = "di bandi"
    joined = join(documents, PUBLIC)
    assert set(joined["components"]["schemas"]) == {"BandiVoce", "LaboratoriVoce", "InclusioneVoce", "PuntilunaVoce"}
    assert joined["components"]["schemas"]["BandiVoce"]["description"] == "di bandi"
    references = _references(joined)
    assert references
    assert {reference for reference in references if not _resolves(joined, reference)} == set()
    ids = [
        operation["operationId"]
        for item in joined["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    ]
    assert len(ids) == len(set(ids))


def test_components_of_internal_routes_are_left_out() -> None:
    one = document("bandi")
    one["components"]["schemas"]["Interno"] = {"$ref": "#/components/schemas/Profondo"}
    one["components"]["schemas"]["Profondo"] = {"type": "object"}
    one["paths"]["/status"]["get"]["responses"] = {"200": {"$ref": "#/components/schemas/Interno"}}
    assert set(join({"bandi": one}, PUBLIC)["components"]["schemas"]) == {"BandiVoce"}
    one["paths"]["/v1/eco"]["get"]["responses"] = {"200": {"$ref": "#/components/schemas/Interno"}}
    assert set(join({"bandi": one}, PUBLIC)["components"]["schemas"]) == {"BandiVoce", "BandiInterno", "BandiProfondo"}


def test_mappings_of_discriminators_follow_their_schemas() -> None:
    one = document("bandi")
    one["components"]["schemas"]["Scelta"] = {
        "discriminator": {"propertyName": "tipo", "mapping": {"a": "#/components/schemas/Voce"}}
    }
    one["paths"]["/v1/eco"]["get"]["responses"] = {"200": {"$ref": "#/components/schemas/Scelta"}}
    joined = join({"bandi": one}, PUBLIC)
    mapping = joined["components"]["schemas"]["BandiScelta"]["discriminator"]["mapping"]
    assert mapping == {"a": "#/components/schemas/BandiVoce"}


def test_the_document_names_the_public_address_and_the_local_page_its_own() -> None:
    joined = join({"bandi": document("bandi")}, PUBLIC)
    assert [server["url"] for server in joined["servers"]] == [PUBLIC]
    assert [server["url"] for server in served_here(joined)["servers"]] == ["/"]
    assert [server["url"] for server in joined["servers"]] == [PUBLIC]


def test_tags_and_security_schemes_are_declared_once_and_only_if_used() -> None:
    documents = {service: document(service) for service in SERVICES}
    documents["laboratori"]["tags"].append({"name": "Interno", "description": "di percorsi interni"})
    documents["puntiluna"]["tags"] = documents["bandi"]["tags"]
    joined = join(documents, PUBLIC)
    assert [tag["name"] for tag in joined["tags"]] == ["Gateway", "Bandi", "Laboratori", "Inclusione"]
    assert list(joined["components"]["securitySchemes"]) == ["bearerAuth"]


def test_a_literal_segment_wins_over_a_parameter() -> None:
    routes = Routes(document("bandi"))
    assert routes.find("GET", "/v1/voci/riservate") == Route("/v1/voci/riservate", public=False)
    assert routes.find("GET", "/v1/voci/qualunque") == Route("/v1/voci/{voce_id}", public=True)
    assert routes.find("HEAD", "/v1/voci/qualunque") == Route("/v1/voci/{voce_id}", public=True)
    assert routes.find("PUT", "/v1/voci/qualunque") == Route("/v1/voci/{voce_id}", public=False)
    assert routes.find("DELETE", "/v1/voci/qualunque") == Route("/v1/voci/{voce_id}", public=False)
    assert routes.find("GET", "/v1/voci") is None
    assert routes.find("GET", "/v1/voci/a/b") is None


async def test_the_joined_document_is_served_with_every_live_service(porta: Platform) -> None:
    await porta.until(lambda: len(porta.gateway._catalog.documents) == 4)
    joined = (await porta.client.get("/openapi.json")).json()
    assert joined["openapi"].startswith("3.1")
    assert {path.split("/")[2] for path in joined["paths"] if path != "/status"} == set(SERVICES)
    one = (await porta.client.get("/openapi/bandi.json")).json()
    assert one == document("bandi")
    plain = await porta.client.get("/openapi.json", headers={"accept-encoding": "identity"})
    zipped = await porta.client.get("/openapi.json", headers={"accept-encoding": "gzip"})
    assert plain.json() == zipped.json() == joined
    assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    known = await porta.client.get("/openapi.json", headers={"if-none-match": plain.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


async def test_the_last_good_copy_outlives_its_service_and_a_spoiled_one_is_not_taken() -> None:
    async with platform() as porta:
        await porta.until(lambda: len(porta.gateway._catalog.documents) == 4)
        service = porta.services["bandi"]

        async def spoiled(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"[1, 2"})

        service.do_openapi_json = spoiled  # type: ignore[method-assign]  # the service goes mad
        assert not await porta.gateway._catalog.refresh("bandi")
        assert "/rest/bandi/v1/eco" in (await porta.client.get("/openapi.json")).json()["paths"]
        assert (await porta.client.get("/rest/bandi/v1/pubblico")).status_code == 200


async def test_a_dead_services_document_is_taken_from_the_committed_copy(tmp_path: Path) -> None:
    (tmp_path / "bandi.json").write_text(json.dumps(document("bandi")))
    async with platform(dead=("bandi", "laboratori"), openapi_folder=tmp_path) as porta:
        joined = (await porta.client.get("/openapi.json")).json()
        assert "/rest/bandi/v1/eco" in joined["paths"]
        assert (await porta.client.get("/openapi/bandi.json")).status_code == 200
        missing = await porta.client.get("/openapi/laboratori.json")
        assert (missing.status_code, missing.json()["status"]) == (503, 503)
        assert (await porta.client.get("/rest/bandi/v1/eco")).status_code == 401


async def test_the_pages_come_from_here_alone_under_a_strict_policy(porta: Platform) -> None:
    answer = await porta.client.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in re.sub(r"<!DOCTYPE html>", "", answer.text)
    assert "<script>" not in answer.text
    for asset in re.findall(r'(?:src|href)="(/docs/[^"]+)"', answer.text):
        loaded = await porta.client.get(asset)
        assert loaded.status_code == 200, asset
        assert loaded.headers["x-content-type-options"] == "nosniff"
        assert ("content-encoding" in loaded.headers) == asset.endswith((".js", ".css"))
        again = await porta.client.get(asset, headers={"if-none-match": loaded.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert len((await porta.client.get("/docs/swagger-ui-bundle.js")).content) > 500_000
    assert (await porta.client.get("/")).headers["location"] == "/docs"


@pytest.mark.parametrize("path", ["/docs/../main.py", "/docs/..%2fmain.py", "/docs/altro", "/docs/__init__.py"])
async def test_nothing_else_is_served_beside_the_pages(porta: Platform, path: str) -> None:
    answer = await porta.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404")


async def test_a_service_started_late_joins_without_a_restart() -> None:
    async with platform(dead=("bandi",)) as porta, fake(porta.services["bandi"]) as port:
        porta.gateway.upstreams["bandi"].base = f"http://127.0.0.1:{port}"
        assert (await porta.client.get("/rest/bandi/v1/pubblico")).status_code == 200
        assert "/rest/bandi/v1/eco" in (await porta.client.get("/openapi.json")).json()["paths"]
