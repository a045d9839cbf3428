"""`ges-callback flows check`: what somebody gets who has put the flows into an assistant."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ges_connector.cli.app import app

ROOT = Path(__file__).resolve().parents[3]
PIZZA = """
flows:
  order_pizza:
    name: order a pizza
    description: Takes an order for a pizza.
    translation:
      de: {name: eine Pizza bestellen}
      es: {name: pedir una pizza}
      fr: {name: commander une pizza}
    steps:
      - set_slots: [{callback_profile: billing}, {callback_reason: pizza}]
      - collect: pizza_size
        description: Small or large.
        utter: utter_how_large
        next:
          - if: slots.pizza_size matches "^(l|L)arge$" or slots.pizza_size contains 'gig'
            then:
              - action: utter_can_do_something_else
                next: END
          - else: END
"""
PIZZA_DOMAIN = """
slots:
  pizza_size:
    type: text
responses:
  utter_how_large:
    - text: How large?
      translation: {de: Wie groß?, es: ¿Qué tamaño?, fr: Quelle taille ?}
"""
CODE = """
from rasa_sdk import Action


class Bake(Action):
    def name(self):
        return "action_bake"


class SessionStart(Action):
    def name(self):
        return "action_session_start"
"""


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An assistant with the flows and one of its own, and the folder that commands are typed in."""
    for part in ("data", "domain"):
        shutil.copytree(ROOT / part / "calm", tmp_path / part / "calm")
    shutil.copy(ROOT / "engine" / "calm" / "config.yml", tmp_path)
    (tmp_path / "data" / "pizza.yml").write_text(PIZZA)
    (tmp_path / "data" / "nlu.yml").write_text("nlu: []")
    (tmp_path / "domain" / "pizza.yaml").write_text(PIZZA_DOMAIN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["flows", "check", *map(str, arguments)])


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_flows_with_some_of_ones_own_are_sound_where_assistants_have_them(assistant: Path) -> None:
    assert assistant.exists()
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("sound: 21 flows, ")


def test_what_the_engine_does_without_is_remarked_and_no_fault(assistant: Path) -> None:
    changed(assistant / "data/pizza.yml", "fr: {", "nl: {")
    changed(assistant / "data/pizza.yml", "        description: Small or large.\n", "")
    result = run()
    assert result.exit_code == 0
    assert result.stdout.startswith("sound: ")
    assert result.stderr.splitlines() == [
        (
            "remark: data/pizza.yml:12: order_pizza.2_collect_pizza_size: "
            "tells the model nothing of the answer (give the step a description)"
        ),
        (
            "remark: data/pizza.yml:3: order_pizza: its name is not translated into fr "
            "(add it under `translation`)"
        ),
    ]
    assert len(json.loads(run("--json").stdout)["remarks"]) == 2


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("call: arrange_callback", "order_pizza.1_call_arrange_callback: calls arrange_callback, "),
        ("link: arrange_callback", "order_pizza.1_link_arrange_callback: links to arrange_call"),
    ],
)
def test_a_fault_in_a_step_is_told_with_its_line(assistant: Path, step: str, fault: str) -> None:
    changed(assistant / "data/pizza.yml", "    steps:\n", f"    steps:\n      - {step}\n")
    line = PIZZA.splitlines().index("    steps:") + 2
    result = run()
    assert result.exit_code == 2
    assert f"data/pizza.yml:{line}: {fault}" in result.stderr


def test_a_response_that_a_language_lacks_is_remarked(assistant: Path) -> None:
    changed(assistant / "domain/pizza.yaml", "es: ¿Qué tamaño?", "it: Quanto?")
    result = run()
    assert result.exit_code == 0
    (told,) = result.stderr.splitlines()
    assert told == (
        "remark: domain/pizza.yaml:6: domain: utter_how_large is not translated into es "
        "(add it under `translation`)"
    )


def test_a_sentence_of_ours_that_leaves_out_what_is_to_be_heard_is_a_fault(assistant: Path) -> None:
    responses = assistant / "domain/calm/responses.yml"
    changed(responses, "Your number is {number}. Is that", "Is that")
    result = run()
    assert result.exit_code == 2
    name = "utter_ask_callback_confirmed_scheduled"
    line = responses.read_text(encoding="utf-8").splitlines().index(f"  {name}:") + 1
    assert f"responses.yml:{line}: domain: {name} leaves out" in result.stderr
    assert "leaves out {number}, which customers are to hear" in result.stderr


def test_a_name_that_comes_near_is_asked_about(assistant: Path) -> None:
    changed(assistant / "data/pizza.yml", "collect: pizza_size", "collect: pizza_sise")
    changed(assistant / "data/pizza.yml", "action: utter_can_do", "action: utter_how_largee #")
    told = run().stderr
    assert "collects pizza_sise, which is no slot; is it pizza_size? (declare pizza_sise)" in told
    assert "says utter_how_largee, which there is not; is it utter_how_large? (add it to" in told


@pytest.mark.parametrize("is_named", [True, False])
def test_a_topic_that_a_flow_chooses_and_there_is_not_is_a_fault(
    assistant: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_named: bool,  # noqa: FBT001 - a row of a table
) -> None:
    demo = (ROOT / "ges_connector" / "demo" / "callback.yml").read_text(encoding="utf-8")
    config = assistant / ("centre.yml" if is_named else "callback.yml")
    config.write_text(demo, encoding="utf-8")
    if is_named:
        monkeypatch.setenv("CALLBACK_CONFIG", str(config))
    assert run().exit_code == 0
    changed(assistant / "data/pizza.yml", "callback_profile: billing", "callback_profile: biling")
    result = run()
    assert result.exit_code == 2
    told = "data/pizza.yml:11: order_pizza.1_set_slots: sets callback_profile to biling, which noth"
    assert told in result.stderr
    assert "(add the topic biling to callback.yml)" in result.stderr
    config.write_text("topics: [", encoding="utf-8")
    assert run().stderr.startswith(config.name if not is_named else str(config))


def test_a_button_that_chooses_a_topic_that_there_is_not_is_a_fault(assistant: Path) -> None:
    demo = (ROOT / "ges_connector" / "demo" / "callback.yml").read_text(encoding="utf-8")
    (assistant / "callback.yml").write_text(demo, encoding="utf-8")
    button = "- buttons: [{title: x, payload: '/SetSlots(callback_profile=biling)'}]\n      "
    changed(assistant / "domain/pizza.yaml", "- text: How large?", f"{button}text: x")
    assert "sets callback_profile to biling, which nobody understands; there are: b" in run().stderr


def test_actions_of_ones_own_are_found_in_the_module_that_is_named(assistant: Path) -> None:
    (assistant / "pizza_actions.py").write_text(CODE)
    changed(assistant / "domain/pizza.yaml", "slots:", "actions:\n  - action_bake\nslots:")
    step = "      - action: action_bake\n"
    changed(assistant / "data/pizza.yml", "    steps:\n", f"    steps:\n{step}")
    unknown = run("--json")
    assert unknown.exit_code == 2
    (told,) = json.loads(unknown.stdout)["faults"][:1]
    assert told == {
        "file": "domain/pizza.yaml",
        "line": 3,
        "what": "domain: action_bake is registered by no code",
        "cure": "name its module: --actions",
    }
    # In a process of its own: what is loaded here would stay for other tests.
    command = [sys.executable, "-m", "ges_connector.cli", "flows", "check", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--actions", "pizza_actions"], capture_output=True, check=True, env=environment
    )
    assert json.loads(done.stdout)["faults"] == []


def test_all_that_cannot_be_read_is_told_at_once_each_with_its_file(assistant: Path) -> None:
    changed(assistant / "data/pizza.yml", "matches", "resembles")
    changed(assistant / "domain/pizza.yaml", "utter_how_large", "utter_callback_stopped")
    (assistant / "data/odd.yml").write_text("flows: [")
    (assistant / "data/twice.yml").write_text("flows: {check_wait: {steps: []}}")
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert [line.partition(" ")[0] for line in result.stderr.splitlines()] == [
        "data/odd.yml:1:",
        "data/pizza.yml:3:",
        "data/twice.yml:1:",
        "domain/pizza.yaml:",
    ]
    assert "twice.yml:1: check_wait: is in data/calm/asking.yml already" in result.stderr
    told = "1 response stands in domain/calm/responses.yml already: utter_callback_stopped"
    assert told in result.stderr


def test_two_flows_of_one_name_are_told_though_the_first_cannot_be_read(assistant: Path) -> None:
    (assistant / "data/twice.yml").write_text("flows: {order_pizza: {steps: []}}")
    changed(assistant / "data/pizza.yml", "matches", "resembles")
    assert "twice.yml:1: order_pizza: is in data/pizza.yml already" in run().stderr


def test_all_that_is_wrong_is_told_at_once_with_its_place(assistant: Path) -> None:
    pizza, domain = assistant / "data/pizza.yml", assistant / "domain/pizza.yaml"
    changed(pizza, "utter: utter_how_large", "")
    changed(pizza, "de: {", "nl: {")
    changed(pizza, "else: END", "else: nowhere")
    changed(pizza, "callback_reason: pizza", "callback_confirmed: true")
    changed(domain, "slots:", "slots:\n  language: {type: text}")
    changed(assistant / "domain/calm/slots.yml", "callback_heard:", "heard:")
    result = run()
    assert result.exit_code == 2
    for told in (
        "data/pizza.yml:12: order_pizza.2_collect_pizza_size: nothing asks for pizza_size",
        "remark: data/pizza.yml:3: order_pizza: its name is not translated into de",
        "leads to nowhere, which is no step",
        "sets callback_confirmed",
        "domain/pizza.yaml:3: domain: the slot language belongs to the engine",
        "domain: the slot callback_heard is missing, which actions set",
    ):
        assert told in result.stderr


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import not_installed", "ModuleNotFoundError: No module named 'not_installed'"),
        ("def bake(:", "SyntaxError: invalid syntax (ovens.py, line 1)"),
        ("raise ValueError('cold\\nand dark')", "ValueError: cold and dark"),
        ("raise SystemExit('no oven')", "SystemExit: no oven"),
    ],
)
def test_a_module_inside_a_package_that_cannot_be_loaded_is_told_in_a_line(
    assistant: Path, code: str, told: str
) -> None:
    package = assistant / f"bakery_{len(code)}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "ovens.py").write_text(code)
    result = run("--actions", package.name)
    assert result.exit_code == 2
    assert result.stderr == f"--actions: {package.name}.ovens: cannot be loaded: {told}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["lost.yml"], "lost.yml: is not there"),
        (["config.yml"], "flows: there are none in config.yml"),
        (["--actions", "lost"], "--actions: lost: cannot be loaded: ModuleNotFoundError"),
        (["--actions", "actions"], "--actions: actions: is the name of ours"),
    ],
)
def test_a_wrong_call_is_told_in_a_line(assistant: Path, arguments: list[str], told: str) -> None:
    assert assistant.exists()
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_with_nothing_of_an_assistant_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run()
    assert result.exit_code == 2
    assert "PATH: none is given" in result.stderr
