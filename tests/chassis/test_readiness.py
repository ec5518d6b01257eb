"""When a process says that it can work."""

from types import SimpleNamespace

import pytest

from tests.support.service import ServiceUnderTest


@pytest.mark.parametrize(
    ("broker", "status", "state"),
    [
        (None, 503, None),
        (SimpleNamespace(is_connected=True), 200, "attivo"),
        (SimpleNamespace(is_connected=False), 200, "degradato"),
    ],
    ids=["never-reached", "connected", "lost"],
)
async def test_a_broker_is_needed_to_start_and_may_be_lost_afterwards(
    toy: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, broker: object, status: int, state: str | None
) -> None:
    monkeypatch.setattr(toy.runtime, "_background", True)
    monkeypatch.setattr(toy.runtime, "_nats", broker)
    for path in ("/readyz", "/status"):
        answer = await toy.get(path)
        assert answer.status_code == status
        assert answer.json().get("stato") == state


async def test_without_its_database_a_service_is_not_ready(
    toy: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing_answers() -> dict[str, bool]:
        return {"database": False, "nats": True}

    monkeypatch.setattr(toy.runtime, "is_ready", nothing_answers)
    answer = await toy.get("/readyz")
    assert answer.status_code == 503
    assert "database" in answer.json()["detail"]
    assert answer.headers["Retry-After"]
