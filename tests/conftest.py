"""What every test may ask for: the servers of the session (see tests/support/infra.py)."""

import asyncio
from typing import Any

import pytest

from tests.support.infra import Infra

_INFRA = pytest.StashKey[Infra]()


def _infra(config: pytest.Config) -> Infra:
    if _INFRA not in config.stash:
        worker = getattr(config, "workerinput", None)
        config.stash[_INFRA] = Infra(worker["infra"] if worker else None)
    return config.stash[_INFRA]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder what `make check` leaves out, so that nobody can forget to."""
    for item in items:
        for folder in ("e2e", "bench"):
            if folder in item.path.parts:
                item.add_marker(folder)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Under pytest-xdist: start PostgreSQL here, in the controller, and tell the worker where it is."""
    node.workerinput["infra"] = _infra(node.config).share()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the session started."""
    if _INFRA in config.stash:
        infra = config.stash[_INFRA]
        if infra.leaves_templates:
            asyncio.run(infra.drop_templates())
        infra.close()


@pytest.fixture(scope="session")
def infra(request: pytest.FixtureRequest) -> Infra:
    """PostgreSQL and NATS of this session, started when first used."""
    return _infra(request.config)
