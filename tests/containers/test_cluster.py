"""The files for a cluster: rendered by kustomize, and held against the schemas of Kubernetes."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions.access import AccessSettings
from ges_connector.api import GesSettings
from ges_connector.store.settings import StoreSettings
from ges_connector.telemetry.instruments import MEASURES, Kind

pytestmark = pytest.mark.xdist_group("containers")

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = ROOT / "deploy" / "k8s"
ADAPTER = ROOT / "deploy" / "prometheus" / "adapter.yml"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
SECRETS = ("actions", "ges-key", "store-url")
# The oldest that is still maintained, and the newest there is a schema of.
KUBERNETES = ("1.34", "1.37")
OURS = {"app.kubernetes.io/name": "ges-callback", "app.kubernetes.io/component": "actions"}


@pytest.fixture(scope="session")
def rendered(linters: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `kubectl apply -k` would send, from a folder filled as its first lines say."""
    folder = tmp_path_factory.mktemp("cluster")
    for path in CLUSTER.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    demo = ROOT / "ges_connector" / "demo" / "callback.yml"
    (folder / "callback.yml").write_bytes(demo.read_bytes())
    example = (CLUSTER / "settings.env.example").read_text(encoding="utf-8")
    (folder / "settings.env").write_text(example.replace("GES_REGION=", "GES_REGION=eu1"))
    (folder / "secrets").mkdir()
    for name in SECRETS:
        (folder / "secrets" / name).write_text("q7Hc-2wXz9-Lm4Rt8-vB1nK5", encoding="utf-8")
    done = subprocess.run(
        [linters / "kubectl", "kustomize", folder], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "rendered").write_text(done.stdout, encoding="utf-8")
    return folder / "rendered"


@pytest.fixture(scope="session")
def objects(rendered: Path) -> dict[str, dict[str, Any]]:
    """The objects by kind; of config maps, the one that holds the configuration."""
    found: dict[str, dict[str, Any]] = {}
    for each in YAML(typ="safe", pure=True).load_all(rendered.read_text(encoding="utf-8")):
        if not each["metadata"]["name"].startswith("ges-callback-settings"):
            assert each["kind"] not in found
            found[each["kind"]] = each
    return found


@pytest.fixture
def pod(objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    template: dict[str, Any] = objects["Deployment"]["spec"]["template"]
    return template


@pytest.fixture
def container(pod: dict[str, Any]) -> dict[str, Any]:
    (only,) = pod["spec"]["containers"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("version", KUBERNETES)
def test_every_object_fits_the_schemas_of_kubernetes(
    linters: Path, rendered: Path, version: str
) -> None:
    done = subprocess.run(
        [linters / "kubernetes-validate", "--strict", "-k", version, rendered],
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert said.count(f"against version {version}") == 9


def test_an_object_with_a_misspelt_key_would_not_pass(
    linters: Path, rendered: Path, tmp_path: Path
) -> None:
    misspelt = rendered.read_text(encoding="utf-8").replace("livenessProbe", "livenesProbe")
    (tmp_path / "misspelt").write_text(misspelt, encoding="utf-8")
    done = subprocess.run(
        [linters / "kubernetes-validate", "--strict", tmp_path / "misspelt"],
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0


def test_everything_selects_the_pods_of_the_deployment(
    objects: dict[str, dict[str, Any]], pod: dict[str, Any]
) -> None:
    spec = {kind: each.get("spec", {}) for kind, each in objects.items()}
    (spread,) = pod["spec"]["topologySpreadConstraints"]
    assert pod["metadata"]["labels"] == OURS
    assert spec["Deployment"]["selector"]["matchLabels"] == OURS
    assert spec["Service"]["selector"] == OURS
    assert spec["PodDisruptionBudget"]["selector"]["matchLabels"] == OURS
    assert spec["NetworkPolicy"]["podSelector"]["matchLabels"] == OURS
    assert spread["labelSelector"]["matchLabels"] == OURS
    target = spec["HorizontalPodAutoscaler"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", "ges-callback")
    assert "replicas" not in spec["Deployment"]


def test_the_autoscaler_goes_by_a_level_that_the_action_server_shows(
    objects: dict[str, dict[str, Any]],
) -> None:
    levels = {each.exposed_name for each in MEASURES.values() if each.kind is Kind.LEVEL}
    metrics = objects["HorizontalPodAutoscaler"]["spec"]["metrics"]
    (ours,) = [each["pods"] for each in metrics if each["type"] == "Pods"]
    adapter = YAML(typ="safe", pure=True).load(ADAPTER.read_text(encoding="utf-8"))
    (rule,) = adapter["rules"]
    assert ours["metric"]["name"] in levels
    assert rule["name"]["as"] == ours["metric"]["name"]
    assert re.fullmatch(rule["name"]["matches"], ours["metric"]["name"])
    assert rule["seriesQuery"].partition("{")[0] == ours["metric"]["name"]
    assert {*rule["resources"]["overrides"]} == {"namespace", "pod"}
    assert ours["target"]["type"] == "AverageValue"


def test_only_the_engine_and_prometheus_come_in_and_only_names_ges_and_the_store_are_reached(
    objects: dict[str, dict[str, Any]],
) -> None:
    policy = objects["NetworkPolicy"]["spec"]
    (way_in,) = policy["ingress"]
    engine, prometheus = way_in["from"]
    assert engine["podSelector"]["matchLabels"] == {"app.kubernetes.io/component": "rasa"}
    assert prometheus["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "prometheus"}
    assert "namespaceSelector" not in engine
    assert way_in["ports"] == [{"port": "http", "protocol": "TCP"}]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    ports = {port["port"] for way_out in policy["egress"] for port in way_out["ports"]}
    assert ports == {53, 443, 6379}


def test_the_process_has_no_rights(pod: dict[str, Any], container: dict[str, Any]) -> None:
    may = container["securityContext"]
    identity = pod["spec"]["securityContext"]
    assert may["readOnlyRootFilesystem"] is True
    assert may["allowPrivilegeEscalation"] is False
    assert may["capabilities"] == {"drop": ["ALL"]}
    assert (identity["runAsUser"], identity["runAsGroup"]) == (1001, 0)
    assert identity["runAsNonRoot"] is True
    assert pod["spec"]["automountServiceAccountToken"] is False


def test_the_probes_ask_what_the_action_server_answers(container: dict[str, Any]) -> None:
    asked = {
        probe: container[f"{probe}Probe"]["httpGet"]["path"]
        for probe in ("startup", "liveness", "readiness")
    }
    assert asked == {"startup": "/health", "liveness": "/health", "readiness": "/ready"}
    assert container["ports"] == [{"name": "http", "containerPort": 5055}]
    assert container["image"] == f"ges-callback:{VERSION}"


def test_every_variable_is_one_that_is_read_and_every_file_is_mounted(
    objects: dict[str, dict[str, Any]], pod: dict[str, Any], container: dict[str, Any]
) -> None:
    fields = {
        "CALLBACK_ACTIONS_": AccessSettings.model_fields,
        "CALLBACK_STORE_": StoreSettings.model_fields,
        "GES_": GesSettings.model_fields,
    }
    known = {f"{prefix}{name}".upper() for prefix, names in fields.items() for name in names}
    mounts = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
    volumes = {each["name"]: each for each in pod["spec"]["volumes"]}
    held = {
        "config": objects["ConfigMap"]["data"].keys(),
        "secrets": objects["Secret"]["data"].keys(),
    }
    for variable in container["env"]:
        path = Path(variable["value"])
        assert path.name in held[mounts[str(path.parent)]]
        assert variable["name"] in known | {"CALLBACK_CONFIG"}
    assert volumes["config"]["configMap"]["name"] == objects["ConfigMap"]["metadata"]["name"]
    assert volumes["secrets"]["secret"]["secretName"] == objects["Secret"]["metadata"]["name"]
    assert volumes["secrets"]["secret"]["defaultMode"] == 0o440


def test_secrets_stay_out_of_the_repository() -> None:
    ignored = (CLUSTER / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/secrets/", "/settings.env", "/callback.yml"} == set(ignored)
    generated = YAML(typ="safe", pure=True).load(CLUSTER / "kustomization.yaml")
    (secret,) = generated["secretGenerator"]
    assert secret["files"] == [f"secrets/{name}" for name in SECRETS]
