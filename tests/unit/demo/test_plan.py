from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ges_connector.demo.model import digest
from ges_connector.demo.plan import Answers, Job, Ports, Project, faults, plan_demo

if TYPE_CHECKING:
    from ges_connector.demo.plan import Service

PORTS = Ports(rasa=5005, actions=5055, ges=0)
ANNOUNCEMENT = {"ges": "http://127.0.0.1:8080/v3", "key": "planted-key"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "checkout"
    for directory in ("domain/classic", "data/classic", "engine", "actions", ".engine/bin"):
        (root / directory).mkdir(parents=True)
    (root / ".engine/bin/rasa").touch()
    (root / "ges-callback").touch()
    (root / "domain/classic/domain.yml").write_text("intents: [book]")
    (root / "data/classic/nlu.yml").write_text("nlu: []")
    (root / "engine/config.yml").write_text("recipe: default.v1")
    (root / "engine/requirements.lock").write_text("rasa==3.6.21")
    return Project(root=root, python=root / "python")


def actions(project: Project) -> Service:
    return plan_demo(project, PORTS, Path("/scratch")).actions(ANNOUNCEMENT)


def test_a_complete_checkout_has_no_faults(project: Project) -> None:
    assert faults(project, rasa_sdk_installed=True) == []


@pytest.mark.parametrize(
    ("missing", "advice"),
    [
        (".engine/bin/rasa", "make engine"),
        ("ges-callback", "make setup"),
        ("actions", "--project"),
        ("domain/classic", "--project"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(
    project: Project, missing: str, advice: str
) -> None:
    (project.root / missing).rename(project.root / "elsewhere")
    (fault,) = faults(project, rasa_sdk_installed=True)
    assert str(project.root / missing) in fault
    assert advice in fault


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    found = faults(Project(tmp_path, tmp_path / "python"), rasa_sdk_installed=False)
    assert len(found) == 7


def test_the_key_reaches_the_action_server_but_no_listing_of_commands_or_plans(
    project: Project,
) -> None:
    service = actions(project)
    assert service.environment["GES_API_KEY"] == "planted-key"
    assert "planted-key" not in repr(service)
    assert "planted-key" not in " ".join(service.argv)


def test_everything_listens_on_loopback_only(project: Project) -> None:
    plan = plan_demo(project, PORTS, Path("/scratch"))
    engine = " ".join(plan.engine.argv)
    assert "--interface 127.0.0.1 --port 5005" in engine
    assert actions(project).environment["SANIC_HOST"] == "127.0.0.1"
    assert plan.rasa_url == "http://127.0.0.1:5005"
    assert plan.actions_url == "http://127.0.0.1:5055"


def test_the_engine_calls_the_planned_action_server(project: Project) -> None:
    plan = plan_demo(project, PORTS, Path("/scratch"))
    assert plan.engine.environment["ACTIONS_URL"] == "http://127.0.0.1:5055/webhook"
    assert plan.engine.ready == Answers("http://127.0.0.1:5005/status")
    assert actions(project).ready == Answers("http://127.0.0.1:5055/health")


def test_the_engine_shows_the_secret_that_the_action_server_asks_for(project: Project) -> None:
    plans = [plan_demo(project, PORTS, Path("/scratch")) for _ in range(2)]
    asked = [plan.actions(ANNOUNCEMENT).environment for plan in plans]
    assert asked[0]["CALLBACK_DEMO"] == "1"
    shown = [plan.engine.environment["CALLBACK_ACTIONS_SECRET"] for plan in plans]
    assert shown == [each["CALLBACK_ACTIONS_SECRET"] for each in asked]
    assert len({*shown}) == 2
    assert not [secret for secret in shown if str(secret) in repr(plans)]


def test_the_engine_keeps_out_of_the_home_directory_and_of_our_environment(
    project: Project,
) -> None:
    plan = plan_demo(project, PORTS, Path("/scratch"))
    assert plan.engine.environment["HOME"] == str(project.root / ".engine/home")
    assert plan.engine.environment["PYTHONPATH"] is None


def test_the_sandbox_starts_from_the_given_seed(project: Project) -> None:
    plan = plan_demo(project, PORTS, Path("/scratch"), seed=Path("/a/seed.yml"))
    assert plan.sandbox.argv[-2:] == ("--seed", "/a/seed.yml")
    assert "--seed" not in plan_demo(project, PORTS, Path("/scratch")).sandbox.argv


def trained(project: Project) -> Job | None:
    return plan_demo(project, PORTS, Path("/scratch")).training


def test_a_missing_model_is_trained_to_where_the_engine_looks(project: Project) -> None:
    training = trained(project)
    assert training is not None
    assert training.target == project.model
    assert str(training.target) in plan_demo(project, PORTS, Path("/scratch")).engine.argv
    assert training.leaves.name == f"{training.argv[-1]}.tar.gz"


@pytest.fixture
def with_model(project: Project) -> Project:
    project.model.parent.mkdir(parents=True)
    project.model.touch()
    return project


def test_a_fresh_model_is_not_trained_again(with_model: Project) -> None:
    assert trained(with_model) is None


def test_retraining_can_be_asked_for(with_model: Project) -> None:
    assert plan_demo(with_model, PORTS, Path("/scratch"), retrain=True).training is not None


@pytest.mark.parametrize(
    "changed",
    [
        "domain/classic/domain.yml",
        "data/classic/nlu.yml",
        "data/classic/more/rules.yaml",
        "engine/config.yml",
        "engine/requirements.lock",
    ],
)
def test_a_change_of_what_is_trained_from_makes_the_model_stale(
    with_model: Project, changed: str
) -> None:
    path = with_model.root / changed
    path.parent.mkdir(exist_ok=True)
    path.write_text("another")
    assert trained(with_model) is not None


@pytest.mark.parametrize("changed", ["data/classic/notes.md", "engine/credentials.yml"])
def test_other_changes_leave_the_model_fresh(with_model: Project, changed: str) -> None:
    (with_model.root / changed).write_text("another")
    assert trained(with_model) is None


def test_a_renamed_file_makes_the_model_stale(with_model: Project) -> None:
    data = with_model.root / "data/classic"
    (data / "nlu.yml").rename(data / "nlu2.yml")
    assert trained(with_model) is not None


def test_a_moved_checkout_keeps_its_model(with_model: Project, tmp_path: Path) -> None:
    with_model.root.rename(tmp_path / "moved")
    moved = Project(tmp_path / "moved", tmp_path / "moved/python")
    assert trained(moved) is None


@given(names=st.lists(st.sampled_from("abcdef"), unique=True, min_size=2))
def test_the_digest_does_not_depend_on_the_order_of_sources(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    root = tmp_path_factory.mktemp("sources")
    sources = [root / f"{name}.yml" for name in names]
    for source in sources:
        source.write_text(source.name)
    assert digest(root, sources) == digest(root, reversed(sources))
    assert digest(root, sources) != digest(root, sources[1:])
