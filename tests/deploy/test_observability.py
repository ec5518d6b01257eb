"""Rules and dashboards: expressions that parse, over metrics and labels that the processes really expose."""

import importlib
import json
import re
import shutil
from collections.abc import Iterator
from typing import Any

import promql_parser as promql
import pytest
import yaml
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from chassis.metrics import Metrics
from gateway.metrics import GatewayMetrics
from tests.deploy.manifests import KUBERNETES, OBSERVABILITY, PROCESSES, SERVICES, run

RULES = OBSERVABILITY / "prometheus" / "regole.yml"
DASHBOARDS = sorted((OBSERVABILITY / "grafana" / "dashboards").glob("*.json"))
# What Prometheus adds to every series it reads. A label `job` of our own arrives as `exported_job`.
TARGET_LABELS = {"job", "instance", "exported_job", "pod", "namespace"}
SUFFIXES = {Counter: ["_total"], Histogram: ["_bucket", "_sum", "_count"], Gauge: [""]}
GRAFANA_VARIABLES = re.compile(r"\$__rate_interval|\$__range|\$__interval")


def groups() -> list[dict[str, Any]]:
    """The groups of rules."""
    found: list[dict[str, Any]] = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return found


def rules() -> list[dict[str, Any]]:
    """Every rule of every group."""
    return [rule for group in groups() for rule in group["rules"]]


def panels() -> list[tuple[str, dict[str, Any]]]:
    """Every panel of every dashboard."""
    return [(path.stem, panel) for path in DASHBOARDS for panel in json.loads(path.read_text("utf-8"))["panels"]]


def exposed(registry: CollectorRegistry) -> dict[str, set[str]]:
    """The labels of each series a process exposes, by the name the series has in Prometheus."""
    found: dict[str, set[str]] = {}
    for collector in list(registry._collector_to_names):
        if isinstance(collector, MetricWrapperBase):
            labels = set(collector._labelnames)
            suffixes = SUFFIXES[type(collector)]
            for suffix in suffixes:
                found[collector._name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    for family in registry.collect():
        for sample in family.samples:
            found.setdefault(sample.name, set(sample.labels))
    return found


def known() -> dict[str, set[str]]:
    """Every series of every process, and what the rules record from them."""
    found = exposed(Metrics().registry) | of_the_gateway() | business() | {"up": set()}
    for rule in rules():
        if "record" in rule:
            found[rule["record"]] = set(promql_labels(rule["expr"]))
    return found


def of_the_gateway() -> dict[str, set[str]]:
    """What the gateway exposes once it has answered something."""
    metrics = GatewayMetrics()
    metrics.answered("bandi", "/rest/bandi/v1/bandi", "GET", 200, 0.01)
    return exposed(metrics.registry)


def business() -> dict[str, set[str]]:
    """The figures of the domain that each service adds to its metrics."""
    metrics = Metrics()
    for service in SERVICES:
        importlib.import_module(f"services.{service}.jobs").measures.jobs(metrics)
    return exposed(metrics.registry)


def selectors(node: Any) -> Iterator[Any]:
    """Every vector selector inside an expression."""
    if isinstance(node, promql.VectorSelector):
        yield node
    elif isinstance(node, promql.MatrixSelector):
        yield node.vector_selector
    else:
        parts = [getattr(node, name, None) for name in ("expr", "lhs", "rhs", "param")]
        for part in [*parts, *getattr(node, "args", [])]:
            if part is not None and not isinstance(part, str | int | float):
                yield from selectors(part)


def series(expression: str) -> set[str]:
    """The names of the series an expression is about."""
    parsed = promql.parse(GRAFANA_VARIABLES.sub("5m", expression))
    return {str(selector.name) for selector in selectors(parsed)}


def promql_labels(expression: str) -> set[str]:
    """The labels an aggregated expression keeps."""
    return {name.strip() for kept in re.findall(r"by \(([^)]*)\)", expression) for name in kept.split(",")} - {"le"}


def check(expression: str, where: str) -> None:
    """Refuses an expression that does not parse, or is about a series or a label that does not exist."""
    parsed = promql.parse(GRAFANA_VARIABLES.sub("5m", expression))
    names = known()
    found = list(selectors(parsed))
    assert found, f"{where}: no series in {expression}"
    for selector in found:
        assert selector.name in names, f"{where}: no process exposes {selector.name}"
        labels = names[selector.name] | TARGET_LABELS
        used = {matcher.name for matcher in selector.matchers.matchers}
        assert used <= labels, f"{where}: {selector.name} has no label {used - labels}"
    everything = TARGET_LABELS.union(*(names[selector.name] for selector in found))
    assert promql_labels(expression) <= everything, f"{where}: aggregates by a label nobody has"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule.get("alert") or rule["record"]))
def test_each_rule_is_about_series_and_labels_that_exist(rule: dict[str, Any]) -> None:
    check(rule["expr"], str(rule))


@pytest.mark.parametrize("rule", [r for r in rules() if "alert" in r], ids=lambda rule: str(rule["alert"]))
def test_each_alert_says_how_grave_it_is_what_happened_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
    assert {"summary", "rimedio"} == rule["annotations"].keys()
    labels = TARGET_LABELS.union(*(known()[name] for name in series(rule["expr"])))
    for used in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
        assert used in labels, f"{rule['alert']} speaks of the label {used}"


def test_no_two_rules_have_the_same_name() -> None:
    names = [rule.get("alert") or rule["record"] for rule in rules()]
    assert len(set(names)) == len(names)


def test_the_check_itself_refuses_what_does_not_exist() -> None:
    for wrong in ("quartieri_inesistente > 0", 'quartieri_outbox_depth{colore="rosso"}', "sum by (colore) (up)"):
        with pytest.raises(AssertionError):
            check(wrong, "prova")


def test_promtool_agrees_where_it_is_installed() -> None:
    """Where it is not, the tests above have parsed the same files."""
    promtool = shutil.which("promtool")
    files = [str(RULES)]
    if promtool is not None:
        done = run(promtool, "check", "rules", *files)
        assert done.returncode == 0, done.stdout + done.stderr
    assert all(group.keys() == {"name", "rules"} for group in groups())


def test_prometheus_reads_every_process_and_nothing_else() -> None:
    config = yaml.safe_load((OBSERVABILITY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in config["scrape_configs"]}
    assert targets == {name: [f"{name}:8000"] for name in PROCESSES}
    assert config["rule_files"] == ["/etc/prometheus/regole.yml"]


def test_the_operator_in_kubernetes_has_the_same_rules() -> None:
    path = KUBERNETES / "components" / "osservabilita" / "regole.yaml"
    assert yaml.safe_load(path.read_text("utf-8"))["spec"]["groups"] == groups()


@pytest.mark.parametrize(
    ("dashboard", "panel"), panels(), ids=lambda item: item if isinstance(item, str) else item["title"]
)
def test_each_panel_shows_series_that_exist(dashboard: str, panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["targets"]
    for target in panel["targets"]:
        check(target["expr"], f"{dashboard}: {panel['title']}")
        assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: str(path.stem))
def test_each_dashboard_has_its_own_name_a_data_source_to_choose_and_panels_that_do_not_overlap(path: Any) -> None:
    found = json.loads(path.read_text("utf-8"))
    assert found["uid"] == f"quartieri-{path.stem}"
    assert found["title"]
    assert [variable["name"] for variable in found["templating"]["list"]] == ["datasource"]
    identifiers = [panel["id"] for panel in found["panels"]]
    assert len(set(identifiers)) == len(identifiers) > 5
    taken: set[tuple[int, int]] = set()
    for panel in found["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


def test_grafana_loads_the_dashboards_from_where_compose_mounts_them() -> None:
    provider = yaml.safe_load(
        (OBSERVABILITY / "grafana" / "provisioning" / "dashboards" / "quartieri.yml").read_text("utf-8")
    )
    (entry,) = provider["providers"]
    compose = (OBSERVABILITY.parents[1] / "docker-compose.yml").read_text("utf-8")
    assert f"./deploy/observability/grafana/dashboards:{entry['options']['path']}:ro" in compose
    source = yaml.safe_load(
        (OBSERVABILITY / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text("utf-8")
    )
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
