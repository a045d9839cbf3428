"""Alerts and dashboard use the metrics there are, by their names and labels, and all of them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ges_connector.telemetry.instruments import MEASURES

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = PROMETHEUS / "alerts.yml"
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "callbacks.json").read_text("utf-8"))
ALERTS = [
    rule
    for group in YAML(typ="safe", pure=True).load(RULES.read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
KNOWN = {series: {*measure.labels} for measure in MEASURES.values() for series in measure.series}
# What Prometheus itself adds, and a histogram's bucket.
ALWAYS = {"job", "instance", "le"}
USE = re.compile(r"\b(ges_callback_\w+|up)(?:\{([^}]*)\})?")
GROUPING = re.compile(r"\bby \(([^)]*)\)")
VARIABLES = {"$__rate_interval": "5m", "$__range": "6h", "$job": "j", "$topic": ".*"}
# Of Grafana's own schema: what each kind of panel may be told, and the units that are used here.
OPTIONS: dict[str, set[str]] = {
    "row": set(),
    "stat": {"reduceOptions", "colorMode", "graphMode", "justifyMode", "textMode", "orientation"},
    "bargauge": {"reduceOptions", "displayMode", "orientation", "showUnfilled", "valueMode"},
    "timeseries": {"legend", "tooltip", "timezone"},
}
UNITS = {"short", "s", "percentunit", "reqps"}


def expressions() -> list[str]:
    """Everything that is asked of Prometheus, in the dashboard and by the alerts."""
    targets = [t["expr"] for panel in DASHBOARD["panels"] for t in panel.get("targets", [])]
    listed = [
        re.sub(r"label_values\((.*), \w+\)", r"\1", variable["definition"])
        for variable in DASHBOARD["templating"]["list"]
        if variable["type"] == "query"
    ]
    return [*targets, *listed, *(rule["expr"] for rule in ALERTS)]


def filled(expression: str) -> str:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


@pytest.fixture(scope="module")
def promtool() -> Path:
    done = subprocess.run(
        ["bash", "scripts/promtool"],  # noqa: S607 - found as a checkout finds it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def checked(promtool: Path, *arguments: str | Path) -> str:
    done = subprocess.run(
        [promtool, *arguments], capture_output=True, text=True, cwd=PROMETHEUS, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@pytest.mark.parametrize("expression", dict.fromkeys(expressions()))
def test_no_metric_and_no_label_is_used_that_is_not_there(expression: str) -> None:
    used = USE.findall(expression)
    assert used
    carried: set[str] = set()
    for name, selected in used:
        labels = KNOWN[name] if name != "up" else set()
        carried |= labels
        assert {*re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selected)} <= labels | ALWAYS
    for grouped in GROUPING.findall(expression):
        assert {*re.split(r",\s*", grouped)} <= carried | ALWAYS


def test_every_metric_is_looked_at_in_the_dashboard() -> None:
    shown = json.dumps(DASHBOARD["panels"])
    used = {name for name, _ in USE.findall(shown)}
    assert {*KNOWN} - used == set()


def test_what_has_never_happened_is_counted_as_none() -> None:
    counts = [
        target["expr"]
        for panel in DASHBOARD["panels"]
        if panel["type"] == "stat" and panel["fieldConfig"]["defaults"]["unit"] == "short"
        for target in panel["targets"]
    ]
    assert counts
    assert [each for each in counts if not each.endswith(" or vector(0)")] == []


def test_a_name_that_is_not_there_would_be_found() -> None:
    assert USE.findall("rate(ges_callback_nothing_total[5m])")[0][0] not in KNOWN


def test_prometheus_takes_every_expression(promtool: Path, tmp_path: Path) -> None:
    rules = [
        {"record": f"panel:{number}:expression", "expr": filled(expression)}
        for number, expression in enumerate(expressions())
    ]
    file = tmp_path / "expressions.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    assert f"{len(rules)} rules found" in checked(promtool, "check", "rules", file)


def test_the_alerts_and_the_scraping_are_valid(promtool: Path) -> None:
    said = checked(promtool, "check", "rules", RULES)
    checked(promtool, "check", "config", "--syntax-only", PROMETHEUS / "scrape.yml")
    assert f"{len(ALERTS)} rules found" in said


def test_each_alert_is_raised_by_what_it_is_about(promtool: Path) -> None:
    checked(promtool, "test", "rules", PROMETHEUS / "alerts_test.yml")
    tried = (PROMETHEUS / "alerts_test.yml").read_text("utf-8")
    raised = re.findall(r"alertname: (\w+)\n\s+eval_time: \w+\n\s+exp_alerts", tried)
    assert {*raised} == {rule["alert"] for rule in ALERTS}


def test_each_alert_has_a_section_that_tells_what_to_do() -> None:
    operating = (ROOT / "docs" / "operating.md").read_text("utf-8")
    sections = re.findall(r"^### Alert: (\w+)$", operating, re.MULTILINE)
    assert sections == [rule["alert"] for rule in ALERTS]
    for rule in ALERTS:
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/operating.md"
        assert anchor == f"alert-{rule['alert'].lower()}"
        assert rule["labels"]["severity"] in {"critical", "warning"}


def test_the_panels_neither_overlap_nor_leave_the_screen() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at: dict[str, Any] = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert at["x"] + at["w"] <= 24
        assert not cells & taken
        taken |= cells
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len({*ids}) == len(ids)


def test_the_panels_are_of_kinds_and_options_that_grafana_has() -> None:
    for panel in DASHBOARD["panels"]:
        assert {*panel.get("options", {})} <= OPTIONS[panel["type"]], panel["title"]
        defaults = panel.get("fieldConfig", {}).get("defaults", {})
        assert {*defaults} <= {"unit", "min", "max", "thresholds"}
        assert defaults.get("unit", "short") in UNITS


def test_each_question_of_a_panel_is_asked_of_the_chosen_source_under_a_name_of_its_own() -> None:
    declared = {f"${each['name']}" for each in DASHBOARD["templating"]["list"]} | {*VARIABLES}
    for panel in DASHBOARD["panels"]:
        targets = panel.get("targets", [])
        names = [each["refId"] for each in targets]
        assert len({*names}) == len(names)
        assert bool(names) is (panel["type"] != "row")
        for target in targets:
            assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
            assert {*re.findall(r"\$\w+", target["expr"])} <= declared
            told = {*re.findall(r"{{(\w+)}}", target["legendFormat"])}
            grouped = re.split(r",\s*", ", ".join(GROUPING.findall(target["expr"])))
            assert told <= {*grouped}
