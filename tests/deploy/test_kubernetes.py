"""The Kubernetes manifests: valid, closed, complete and consistent with each other."""

import re
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deploy.manifests import KUBERNETES, PROCESSES, ROOT, SERVICES, Manifest, kustomize, of_kind, pod_specs

FOLDERS = ("base", "overlays/local", "overlays/production")
# Custom resources have no schema in Kubernetes itself: these are looked at by tests of their own below.
CUSTOM = {"postgresql.cnpg.io/v1", "barmancloud.cnpg.io/v1", "monitoring.coreos.com/v1"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_manifest_agrees_strictly_with_the_schema_of_kubernetes(folder: str) -> None:
    checked = 0
    for item in kustomize(folder):
        if item["apiVersion"] not in CUSTOM:
            kubernetes_validate.validate(item, "1.33", strict=True)
            checked += 1
    assert checked > 40


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_object_but_the_namespace_lives_in_the_namespace_of_the_platform(folder: str) -> None:
    for item in kustomize(folder):
        if item["kind"] != "Namespace":
            assert item["metadata"]["namespace"] == "quartieri", item["metadata"]["name"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_process_has_a_deployment_a_service_an_autoscaler_and_a_disruption_budget(folder: str) -> None:
    for kind in ("Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"):
        assert set(of_kind(folder, kind)) >= set(PROCESSES), kind
    for name in PROCESSES:
        assert of_kind(folder, "HorizontalPodAutoscaler")[name]["spec"]["scaleTargetRef"]["name"] == name
        deployment = of_kind(folder, "Deployment")[name]["spec"]
        assert "replicas" not in deployment, "the autoscaler decides"
        labels = deployment["template"]["metadata"]["labels"]
        budget = of_kind(folder, "PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"]
        for selector in (
            deployment["selector"]["matchLabels"],
            of_kind(folder, "Service")[name]["spec"]["selector"],
            budget,
        ):
            assert selector.items() <= labels.items(), name
            others = [template for key, template in pod_specs(folder).items() if key != f"Deployment/{name}"]
            assert not any(selector.items() <= other["metadata"]["labels"].items() for other in others), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_process_is_asked_whether_it_started_lives_and_is_ready(folder: str) -> None:
    for name in PROCESSES:
        (container,) = of_kind(folder, "Deployment")[name]["spec"]["template"]["spec"]["containers"]
        assert container["startupProbe"]["httpGet"]["path"] == "/healthz"
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert container["command"][:3] == ["quartieri", "serve", name]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_pod_satisfies_the_restricted_security_standard(folder: str) -> None:
    assert pod_specs(folder)
    for name, template in pod_specs(folder).items():
        pod = template["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["readOnlyRootFilesystem"] is True, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), name
            assert "memory" in container["resources"]["limits"], name
            assert re.fullmatch(r".+:[\w.-]+", container["image"]), name
            assert not container["image"].endswith(":latest"), name
    namespace = of_kind(folder, "Namespace")["quartieri"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def references(folder: str) -> dict[str, set[str]]:
    """The keys of each secret that a pod or a role of the database refers to."""
    found: dict[str, set[str]] = {}
    for template in pod_specs(folder).values():
        for container in template["spec"]["containers"]:
            for variable in container.get("env", []):
                key = variable.get("valueFrom", {}).get("secretKeyRef")
                if key:
                    found.setdefault(key["name"], set()).add(key["key"])
    for cluster in of_kind(folder, "Cluster").values():
        for role in cluster["spec"]["managed"]["roles"]:
            if "passwordSecret" in role:
                found.setdefault(role["passwordSecret"]["name"], set()).update({"username", "password"})
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_secrets_are_referred_to_and_never_contained(folder: str) -> None:
    assert not of_kind(folder, "Secret")
    for item in kustomize(folder):
        for value in strings(item):
            assert not re.search(r"://[^/\s:]+:[^$@\s/]+@", value), f"a password in {item['metadata']['name']}"


def strings(value: Any) -> list[str]:
    """Every string inside a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else []


def test_the_script_of_the_secrets_makes_every_secret_the_manifests_refer_to_and_leaves_existing_ones(
    tmp_path: Path,
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    fake = tmp_path / "kubectl"
    # Stands for the cluster: `create secret` keeps the files it was given, `get secret` succeeds for what was made.
    fake.write_text(
        '#!/bin/sh\ncase "$*" in\n'
        "  'get namespace'*) exit 0 ;;\n"
        f'  *"get secret"*) test -d "{made}/$5" ;;\n'
        f'  *"create secret generic"*) cp -r "${{8#--from-file=}}" "{made}/$6" ;;\n'
        '  *) echo "unexpected: $*" >&2; exit 1 ;;\nesac\n'
    )
    fake.chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "INCLUSIONE_CLIENT_SECRET": "a", "PUNTILUNA_CLIENT_SECRET": "b"}
    env |= {"STORE_ACCESS_KEY": "c", "STORE_SECRET_KEY": "d"}

    def make() -> dict[str, dict[str, str]]:
        subprocess.run(["sh", str(KUBERNETES / "segreti.sh")], env=env, check=True, capture_output=True)
        return {
            secret.name: {file.name: file.read_text("utf-8") for file in secret.iterdir()} for secret in made.iterdir()
        }

    first = make()
    wanted: dict[str, set[str]] = {}
    for folder in FOLDERS:
        for name, keys in references(folder).items():
            wanted.setdefault(name, set()).update(keys)
    assert {name: set(values) for name, values in first.items()} == wanted
    assert make() == first
    for service in SERVICES:
        for role in ("owner", "app"):
            assert first[f"{service}-{role}"]["username"] == f"{service}_{role}"
    secrets = [text for values in first.values() for key, text in values.items() if key in {"password", "key"}]
    assert len(set(secrets)) == len(secrets)
    assert all(re.fullmatch(r"q[0-9a-f]{48}", text) for text in secrets), (
        "safe in an address and in NATS' configuration"
    )


def matches(selector: Manifest, labels: dict[str, str]) -> bool:
    """True when a label selector takes a pod with these labels."""
    for rule in selector.get("matchExpressions", []):
        assert rule["operator"] == "In"
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return bool(selector.get("matchLabels", {}).items() <= labels.items())


def may_speak(folder: str, caller: str, called: str, port: int) -> bool:
    """True when the policies let pods labelled like one workload reach another's port, both ways round."""
    pods = {key.split("/")[1]: value["metadata"]["labels"] for key, value in pod_specs(folder).items()}
    pods["postgres"] = {"cnpg.io/cluster": "postgres"}
    out = into = False
    for policy in of_kind(folder, "NetworkPolicy").values():
        spec = policy["spec"]
        for direction, mine, peer in (("egress", pods[caller], pods[called]), ("ingress", pods[called], pods[caller])):
            if not matches(spec["podSelector"], mine):
                continue
            for rule in spec.get(direction, []):
                ports = [entry["port"] for entry in rule.get("ports", [])]
                peers = rule.get("to" if direction == "egress" else "from", [])
                here = [
                    entry["podSelector"]
                    for entry in peers
                    if "podSelector" in entry and "namespaceSelector" not in entry
                ]
                if port in ports and any(matches(selector, peer) for selector in here):
                    out, into = (True, into) if direction == "egress" else (out, True)
    return out and into


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_network_lets_through_exactly_the_calls_of_the_architecture(folder: str) -> None:
    everything_refused = of_kind(folder, "NetworkPolicy")["nulla"]["spec"]
    assert everything_refused == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    wanted = {("gateway", service, 8000) for service in SERVICES}
    wanted |= {("puntiluna", "laboratori", 8000), ("inclusione", "laboratori", 8000)}
    wanted |= {(service, "postgres", 5432) for service in SERVICES} | {(service, "nats", 4222) for service in SERVICES}
    wanted |= {(f"{service}-migra", "postgres", 5432) for service in SERVICES}
    wanted |= {("nats", "nats", 6222), ("postgres", "postgres", 5432)}
    names = [*PROCESSES, *(f"{service}-migra" for service in SERVICES), "nats", "postgres"]
    ports = (8000, 5432, 4222, 6222)
    found = {(a, b, port) for a in names for b in names for port in ports if may_speak(folder, a, b, port)}
    assert found - {("postgres", "postgres", 8000)} == wanted


@pytest.mark.parametrize("folder", FOLDERS)
def test_only_the_gateway_is_reached_from_outside(folder: str) -> None:
    assert all(item["spec"].get("type", "ClusterIP") == "ClusterIP" for item in of_kind(folder, "Service").values())
    backends = {
        path["backend"]["service"]["name"]
        for ingress in of_kind(folder, "Ingress").values()
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
    }
    assert backends == ({"gateway"} if folder.endswith("production") else set())


def test_the_ingress_leaves_metrics_and_probes_inside_and_lets_every_other_route_of_the_gateway_out() -> None:
    (ingress,) = of_kind("overlays/production", "Ingress").values()
    (rule,) = ingress["spec"]["rules"]
    exact = {path["path"] for path in rule["http"]["paths"] if path["pathType"] == "Exact"}
    prefixes = {path["path"] for path in rule["http"]["paths"] if path["pathType"] == "Prefix"}
    own = re.findall(r'"(/[a-z.]*)": self\._', (ROOT / "gateway" / "own.py").read_text("utf-8"))
    assert len(own) >= 6
    inside = {"/metrics", "/healthz", "/readyz", "/orologio"}
    assert exact == set(own) - inside
    assert prefixes == {"/rest", "/docs", "/openapi"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_postgres_has_the_databases_and_the_roles_of_the_services_and_no_others(folder: str) -> None:
    (cluster,) = of_kind(folder, "Cluster").values()
    roles = {role["name"]: role for role in cluster["spec"]["managed"]["roles"]}
    assert set(roles) == {"laboratori_condizioni"} | {f"{s}_{r}" for s in SERVICES for r in ("owner", "app")}
    assert roles["laboratori_condizioni"]["login"] is False
    # NOINHERIT makes the membership INHERIT FALSE, SET TRUE.
    assert roles["laboratori_app"]["inherit"] is False
    assert roles["laboratori_app"]["inRoles"] == ["laboratori_condizioni"]
    assert [name for name, role in roles.items() if "inRoles" in role] == ["laboratori_app"]
    databases = of_kind(folder, "Database")
    assert set(databases) == set(SERVICES)
    for name, database in databases.items():
        spec = database["spec"]
        assert (spec["name"], spec["owner"], spec["cluster"]["name"]) == (name, f"{name}_owner", "postgres")
        assert (spec["localeProvider"], spec["builtinLocale"]) == ("builtin", "C.UTF-8")
        assert spec["extensions"] == [{"name": "btree_gist", "ensure": "present"}]
        assert spec["databaseReclaimPolicy"] == "retain"
    # template1 is copied, so it must have been made with the same provider.
    initdb = cluster["spec"]["bootstrap"]["initdb"]
    assert (initdb["localeProvider"], initdb["builtinLocale"]) == ("builtin", "C.UTF-8")
    rules = cluster["spec"]["postgresql"]["pg_hba"]
    assert rules == [f"hostssl {s} {s}_owner,{s}_app all scram-sha-256" for s in SERVICES] + ["host all all all reject"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_all_the_replicas_together_cannot_exhaust_the_connections_of_postgres(folder: str) -> None:
    (cluster,) = of_kind(folder, "Cluster").values()
    allowed = int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])
    owners = sum(
        role["connectionLimit"] for role in cluster["spec"]["managed"]["roles"] if role["name"].endswith("_owner")
    )
    wanted = owners
    for service in SERVICES:
        (container,) = of_kind(folder, "Deployment")[service]["spec"]["template"]["spec"]["containers"]
        pool = next(int(v["value"]) for v in container["env"] if v["name"] == f"{service.upper()}_POOL_SIZE")
        # One more pod of each may exist during an update.
        wanted += (of_kind(folder, "HorizontalPodAutoscaler")[service]["spec"]["maxReplicas"] + 1) * pool
    assert wanted + 20 <= allowed, "20 are left to the operator and to people"


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_database_is_migrated_by_a_job_with_the_owners_password(folder: str) -> None:
    jobs = of_kind(folder, "Job")
    assert set(jobs) == {f"{service}-migra" for service in SERVICES}
    for service in SERVICES:
        (container,) = jobs[f"{service}-migra"]["spec"]["template"]["spec"]["containers"]
        assert container["command"] == ["quartieri", "migra", service]
        secrets = {v["valueFrom"]["secretKeyRef"]["name"] for v in container["env"] if "valueFrom" in v}
        assert f"{service}-owner" in secrets
        (served,) = of_kind(folder, "Deployment")[service]["spec"]["template"]["spec"]["containers"]
        assert served["image"] == container["image"]
        assert f"{service}-owner" not in str(served), "a running service does not hold the owner's password"


def test_custom_resources_name_kinds_and_fields_that_exist() -> None:
    """A structural check: the schemas of these kinds belong to their operators."""
    production = kustomize("overlays/production")
    kinds = {(item["apiVersion"], item["kind"]) for item in production if item["apiVersion"] in CUSTOM}
    assert kinds == {
        ("postgresql.cnpg.io/v1", "Cluster"),
        ("postgresql.cnpg.io/v1", "Database"),
        ("postgresql.cnpg.io/v1", "ScheduledBackup"),
        ("barmancloud.cnpg.io/v1", "ObjectStore"),
        ("monitoring.coreos.com/v1", "PodMonitor"),
        ("monitoring.coreos.com/v1", "PrometheusRule"),
    }
    (cluster,) = of_kind("overlays/production", "Cluster").values()
    assert cluster["spec"].keys() <= {
        "instances", "imageName", "primaryUpdateStrategy", "storage", "walStorage", "resources", "bootstrap",
        "postgresql", "managed", "plugins",
    }  # fmt: skip
    assert cluster["spec"]["plugins"][0]["parameters"]["barmanObjectName"] in of_kind(
        "overlays/production", "ObjectStore"
    )
    (backup,) = of_kind("overlays/production", "ScheduledBackup").values()
    assert backup["spec"]["cluster"]["name"] == cluster["metadata"]["name"]
    assert len(backup["spec"]["schedule"].split()) == 6, "the operator's schedules begin with seconds"
    for kind in ("ConfigMap",):
        names = set(of_kind("overlays/production", kind))
        for template in pod_specs("overlays/production").values():
            for container in template["spec"]["containers"]:
                for source in container.get("envFrom", []):
                    assert source["configMapRef"]["name"] in names


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_node_of_nats_keeps_every_stream(folder: str) -> None:
    shared = next(item["data"] for name, item in of_kind(folder, "ConfigMap").items() if name.startswith("quartieri-"))
    assert int(shared["STREAM_REPLICAS"]) == of_kind(folder, "StatefulSet")["nats"]["spec"]["replicas"]


def test_nothing_of_kustomize_is_left_unused() -> None:
    used: set[Path] = set()
    for path in KUBERNETES.rglob("kustomization.yaml"):
        content = yaml.safe_load(path.read_text("utf-8"))
        used.add(path)
        patches = [item["path"] for item in content.get("patches", []) if "path" in item]
        files = [file for item in content.get("configMapGenerator", []) for file in item.get("files", [])]
        used |= {(path.parent / name).resolve() for name in [*content.get("resources", []), *patches, *files]}
    left = {path for path in KUBERNETES.rglob("*") if path.is_file()} - used - {KUBERNETES / "segreti.sh"}
    assert not left
