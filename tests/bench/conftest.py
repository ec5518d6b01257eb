"""What every measurement may ask for: the table of the run."""

from collections.abc import Iterator

import pytest

from tests.bench.report import Report


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """The table, printed when the last measurement is done."""
    made = Report()
    yield made
    capture = request.config.pluginmanager.getplugin("capturemanager")
    assert capture is not None
    with capture.global_and_fixture_disabled():
        print()
        made.print()
