"""What the action server registers, and whether its workers can be spawned."""

import pickle
import re
from pathlib import Path
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.plugin import plugin_manager
from ruamel.yaml import YAML

from actions.slots import Conversation

ROOT = Path(__file__).resolve().parents[2]


def domain_part(name: str, key: str, engine: str = "classic") -> list[str]:
    content = YAML(typ="safe", pure=True).load(ROOT / "domain" / engine / name)
    return [next(iter(each)) if isinstance(each, dict) else each for each in content[key]]


def test_exactly_the_actions_of_both_domains_are_registered(executor: ActionExecutor) -> None:
    forms = domain_part("actions.yml", "actions")
    flows = domain_part("actions.yml", "actions", "calm")
    assert sorted(executor.actions) == sorted({*forms, *flows})


def test_what_is_booked_moved_cancelled_and_told_is_so_by_the_same_actions() -> None:
    forms = {*domain_part("actions.yml", "actions")}
    flows = {*domain_part("actions.yml", "actions", "calm")}
    # Where the engine of flows itself fails, a flow gives the number; the other has no such turn.
    asking = re.compile(r"action_(ask|begin|resume|leave|give_number)_|validate_")
    assert {name for name in flows - forms if not asking.match(name)} == set()


def test_every_slot_of_a_form_has_an_action_that_asks_for_it(executor: ActionExecutor) -> None:
    forms = YAML(typ="safe", pure=True).load(ROOT / "domain" / "classic" / "forms.yml")["forms"]
    for name, form in forms.items():
        assert f"validate_{name}" in executor.actions
        for slot in form["required_slots"]:
            assert f"action_ask_{slot}" in executor.actions


def test_the_rules_name_only_what_the_domain_knows() -> None:
    reader = YAML(typ="safe", pure=True)
    rules = reader.load(ROOT / "data" / "classic" / "rules.yml")["rules"]
    responses = reader.load(ROOT / "domain" / "classic" / "responses.yml")["responses"]
    forms = reader.load(ROOT / "domain" / "classic" / "forms.yml")["forms"]
    builtin = {"action_deactivate_loop"}
    known = {*domain_part("actions.yml", "actions"), *responses, *forms, *builtin}
    intents = {*domain_part("intents.yml", "intents"), "nlu_fallback"}
    for rule in rules:
        for step in rule["steps"]:
            assert step.get("action") in {None, *known}, rule["rule"]
            assert step.get("intent") in {None, *intents}, rule["rule"]


def test_every_slot_that_is_written_is_declared_and_no_other() -> None:
    declared = YAML(typ="safe", pure=True).load(ROOT / "domain" / "classic" / "slots.yml")["slots"]
    fields = Conversation.model_fields
    assert sorted(declared) == sorted(f"callback_{name}" for name in fields)


def test_workers_can_be_spawned_with_all_actions(executor: ActionExecutor) -> None:
    copy = pickle.loads(pickle.dumps(executor))  # noqa: S301 - what Sanic does at start
    assert sorted(copy.actions) == sorted(executor.actions)


def test_importing_the_package_registers_the_server_plugin(executor: ActionExecutor) -> None:
    # A spawned worker imports it by unpickling the actions.
    assert {type(each).__module__.split(".")[0] for each in _instances(executor)} == {"actions"}
    assert plugin_manager().has_plugin("ges-callback")


def _instances(executor: ActionExecutor) -> list[Any]:
    return [getattr(run, "__self__", None) for run in executor.actions.values()]
