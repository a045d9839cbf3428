"""What the documents say of files, settings, commands and the sandbox is so."""

import ast
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import typer
from ruamel.yaml import YAML

from actions.access import AccessSettings
from actions.base import Reply
from actions.slots import Conversation, Ending
from engine.channels.turn import METADATA_CHARACTERS, Turn, read_turn
from ges_connector.api import GesSettings
from ges_connector.callbacks.booking import BookingOutcome
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome, StandingCode
from ges_connector.callbacks.offer import Situation
from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.cli.app import app
from ges_connector.language.remarks import Remark
from ges_connector.sandbox.admin.operations import ADMIN_ROUTES
from ges_connector.sandbox.faults import Fault, FaultKind
from ges_connector.sandbox.profile import Profile
from ges_connector.sandbox.seed import Service, Tenant, Traffic, parse_seed, read_seed
from ges_connector.store.settings import StoreSettings
from ges_connector.testing.contact_centre import RunningServer

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parents[2]
# Cites names of the vendor's own.
CONTRACT = "docs/ges-contract.md"
SANDBOX, DEPLOYING, EXTENDING = "docs/sandbox.md", "docs/deploying.md", "docs/extending.md"
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
ANCHOR = re.compile(r'id="([^"]+)"')
VARIABLE = re.compile(r"\b(?:GES|CALLBACK)_[A-Z][A-Z_]*[A-Z]\b")
COMMAND = re.compile(r"(?:^|[\s`/])ges-callback ([a-z][^\n`|]*)", re.MULTILINE)
TARGET = re.compile(r"`make ([a-z]+)[^`]*`|^make ([a-z]+)", re.MULTILINE)
OUTCOMES = (BookingOutcome, MoveOutcome, CancelOutcome, Ending, Situation, StandingCode, Remark)
SHELL = ("bash", "-euo", "pipefail", "-c")


def _yaml(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def _anchors(text: str) -> set[str]:
    slugs = {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in HEADING.findall(text)
    }
    return slugs | set(ANCHOR.findall(text))


def test_every_link_leads_to_a_file_and_a_place_in_it(documents: Any) -> None:
    lost = []
    for path, document in documents.items():
        for target, place in LINK.findall(document.text):
            found = (document.path.parent / target).resolve() if target else document.path
            if not found.exists():
                lost.append(f"{path}: {target}")
            elif place and place not in _anchors(found.read_text(encoding="utf-8")):
                lost.append(f"{path}: {target}#{place}")
    assert lost == []


def _known_variables() -> Iterator[str]:
    settings: list[type[BaseSettings]] = [GesSettings, StoreSettings, AccessSettings]
    for each in settings:
        prefix = str(each.model_config["env_prefix"])
        yield from (f"{prefix}{field}".upper() for field in each.model_fields)
    for folder in ("actions", "ges_connector"):
        for module in (ROOT / folder).rglob("*.py"):
            yield from re.findall(r'"(CALLBACK_[A-Z_]+)"', module.read_text(encoding="utf-8"))


def test_every_variable_that_is_named_is_read_somewhere(documents: Any) -> None:
    known = set(_known_variables())
    pages = [each.text for path, each in documents.items() if path != CONTRACT]
    named = {name for text in pages for name in VARIABLE.findall(text)}
    assert len(named) > 10
    # The headings of tables name what their rows begin with.
    assert {name for name in named - known if not any(k.startswith(name) for k in known)} == set()


def _commands() -> dict[str, Any]:
    group: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        found[name] = command
        found |= {f"{name} {each}": sub for each, sub in getattr(command, "commands", {}).items()}
    return found


def test_every_command_that_is_shown_exists_and_has_the_options_it_is_shown_with(
    documents: Any,
) -> None:
    commands, wrong, shown = _commands(), [], 0
    for path, document in documents.items():
        for line in COMMAND.findall(document.text):
            words = line.split()
            name = " ".join(words[:2]) if " ".join(words[:2]) in commands else words[0]
            if name not in commands:
                wrong.append(f"{path}: {line}")
                continue
            shown += 1
            options = {each for parameter in commands[name].params for each in parameter.opts}
            wrong += [
                f"{path}: {line}: {word}"
                for word in words
                if word.startswith("--") and word.rstrip(".,;:)") not in options
            ]
    assert shown > 5
    assert wrong == []


def test_every_make_target_that_is_named_exists(documents: Any) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        one or other for each in documents.values() for one, other in TARGET.findall(each.text)
    }
    assert "demo" in named
    assert named - targets == set()


# --- the sandbox --------------------------------------------------------------------------------


async def test_the_commands_of_the_sandboxs_page_do_what_it_says(
    server: RunningServer, documents: Any, run: Callable[..., Awaitable[str]]
) -> None:
    said = await run(*SHELL, documents[SANDBOX].commands("sh", server))
    assert '"ewt":-1' in said.replace(" ", "")
    assert '"faults":[]' in said.replace(" ", "")
    assert '"full_slot_status":400' in said.replace(" ", "")


def test_the_sandboxs_page_names_every_key_of_the_seed(documents: Any) -> None:
    text = documents[SANDBOX].text
    names = {*Service.model_fields, *Tenant.model_fields, *Traffic.model_fields}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_the_sandboxs_page_tells_the_defaults_of_a_service(documents: Any) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", documents[SANDBOX].text, re.MULTILINE))
    for name in ("immediate_blackout_minutes", "proposals", "execution_buffer_seconds"):
        assert rows[name] == str(Service.model_fields[name].default)
    traffic = Traffic()
    for name in Traffic.model_fields:
        assert f"`{name}` {getattr(traffic, name):g}" in documents[SANDBOX].text


def test_the_sandboxs_page_names_every_switch_with_its_default_first(documents: Any) -> None:
    text = documents[SANDBOX].text
    for name, field in Profile.model_fields.items():
        row = re.search(rf"^\| `{name}` \| ([^|]+) \|", text, re.MULTILINE)
        assert row is not None, name
        shown = [value.strip(" `") for value in row[1].split(",")]
        default = field.default
        first = json.dumps(default) if isinstance(default, bool) or default is None else default
        expected = default if isinstance(default, tuple) else (str(first),)
        assert tuple(shown[: len(expected)]) == expected, name
        choices = {str(choice) for choice in get_args(field.annotation)}
        if name not in {"checks", "rate_limit"}:
            assert choices <= set(shown), name


def test_the_sandboxs_page_names_every_fault_and_whether_it_takes_effect(documents: Any) -> None:
    rows = re.findall(
        r"^\| `([\w-]+)` \| [^|]+ \| (yes|no|as `effect` says) \|",
        documents[SANDBOX].text,
        re.MULTILINE,
    )
    assert {kind for kind, _ in rows} == set(get_args(FaultKind))
    for kind, effect in rows:
        takes = {
            Fault.model_validate({"kind": kind, "effect": effective}).takes_effect
            for effective in (True, False)
        }
        assert takes == {"yes": {True}, "no": {False}}.get(effect, {True, False}), kind


def test_the_sandboxs_page_names_every_call_of_its_own(documents: Any) -> None:
    text = documents[SANDBOX].text
    described = {
        (method, path)
        for row in re.findall(r"^\| (`[A-Z][^|]*) \|", text, re.MULTILINE)
        for path in re.findall(r"/[\w/{}-]+", row)
        for method in re.findall(r"\b(GET|PUT|POST|PATCH|DELETE)\b", row)
    }
    assert {(route.method, route.path) for route in ADMIN_ROUTES} <= described


# --- the README and operating -------------------------------------------------------------------


def test_the_readme_names_every_option_of_the_demo(documents: Any) -> None:
    options = {each for parameter in _commands()["demo"].params for each in parameter.opts}
    assert {each for each in options if f"`{each}" not in documents["README.md"].text} == set()


def _words_written() -> Iterator[str]:
    """The words for the log that stand in the code of the actions; what is filled in left out."""
    yield Reply(Conversation()).outcome
    for module in (ROOT / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "outcome":
                parts = (each for each in ast.walk(node.value) if isinstance(each, ast.Constant))
                yield from (each.value for each in parts if isinstance(each.value, str))


def test_operating_explains_every_word_that_a_turn_can_end_in(documents: Any) -> None:
    page = documents["docs/operating.md"].text
    words = {each.value for outcomes in OUTCOMES for each in outcomes}
    written = set(_words_written())
    assert {"nothing", "miss ", "an answer", "done"} <= written
    # A word that ends in a blank goes on with what is filled in.
    told = {f"`{word}" if word.endswith(" ") else f"`{word}`" for word in words | written}
    told = {re.sub("^`noted .+`$", "`noted …`", each) for each in told}
    assert {word for word in told if word not in page} == set()


# --- deploying and extending --------------------------------------------------------------------


def test_the_profile_that_deploying_shows_is_sound(documents: Any) -> None:
    (written,) = documents[DEPLOYING].blocks("callback.yml", "yaml")
    config = CallbackConfig.from_yaml(written)
    assert config.profile(None).service_name == "Billing_DE"


def test_the_turn_that_deploying_shows_is_one_whose_fields_are_all_kept(documents: Any) -> None:
    (written,) = documents[DEPLOYING].blocks("turn", "json")
    turn, shown = read_turn(written.encode()), json.loads(written)
    assert isinstance(turn, Turn)
    assert (turn.sender, turn.text, turn.metadata) == (
        shown["sender"],
        shown["message"],
        shown["metadata"],
    )
    for name in METADATA_CHARACTERS:
        assert f"… `{name}`" in documents[DEPLOYING].text


def test_names_of_ours_are_told_from_those_of_others_as_deploying_says(documents: Any) -> None:
    domain: dict[str, Any] = {}
    for path in (ROOT / "domain" / "classic").glob("*.yml"):
        domain |= _yaml(path.read_text(encoding="utf-8"))
    names = {name for part in ("slots", "forms", "responses", "actions") for name in domain[part]}
    (sentence,) = re.findall(r"except (`action_[^.]*)\.", documents[DEPLOYING].text)
    assert {name for name in names if "callback" not in name} == set(
        re.findall("`(.*?)`", sentence)
    )


def test_the_engine_shows_the_secret_as_deploying_says(documents: Any) -> None:
    shown = next(
        _yaml(block)
        for block in re.findall(r"```yaml\n(.*?)```", documents[DEPLOYING].text, re.DOTALL)
        if "action_endpoint" in block
    )
    ours = _yaml((ROOT / "engine" / "endpoints.yml").read_text(encoding="utf-8"))
    assert shown == ours


def test_the_queue_that_extending_adds_is_taken_by_profile_and_sandbox(documents: Any) -> None:
    (topic,) = documents[EXTENDING].blocks("topic", "yaml")
    demo = (ROOT / "ges_connector" / "demo" / "callback.yml").read_text(encoding="utf-8")
    config = CallbackConfig.from_yaml(f"{demo.rstrip()}\n\n{topic}")
    (service,) = _yaml(documents[EXTENDING].blocks("service", "yaml")[0])
    seed = read_seed().model_dump(mode="json")
    seed["tenants"][0]["services"].append(service)
    served = [each.name for each in parse_seed(json.dumps(seed)).tenants[0].services]
    assert config.profile("repairs").service_name in served


class _Tracker:
    """What the example reads of a conversation."""

    def __init__(self, **slots: object) -> None:
        self._slots = slots

    def get_slot(self, name: str) -> object:
        return self._slots[name]


@pytest.mark.parametrize("agreed", [True, False])
async def test_the_action_that_extending_adds_hands_on_what_was_agreed_to(
    documents: Any, tmp_path: Path, *, agreed: bool
) -> None:
    (code,) = documents[EXTENDING].blocks("file actions/repairs.py", "python")
    module = tmp_path / "repairs.py"
    module.write_text(code, encoding="utf-8")
    spec = util.spec_from_file_location("repairs_of_the_document", module)
    assert spec is not None
    assert spec.loader is not None
    repairs = util.module_from_spec(spec)
    spec.loader.exec_module(repairs)
    action = repairs.NoteRepair()
    tracker = _Tracker(repair_words="it leaks", repair_agreed=agreed)
    events = await action.run(None, tracker, {})
    slots = {event["name"]: event["value"] for event in events}
    assert slots["callback_reason"] == ("it leaks" if agreed else None)
    own = _yaml(documents[EXTENDING].blocks("file domain/classic/repairs.yml", "yaml")[0])
    ours = _yaml((ROOT / "domain" / "classic" / "slots.yml").read_text(encoding="utf-8"))
    assert slots.keys() <= own["slots"].keys() | ours["slots"].keys()
    assert action.name() in own["actions"]


def test_the_rules_that_extending_adds_use_what_is_there(documents: Any) -> None:
    own = _yaml(documents[EXTENDING].blocks("file domain/classic/repairs.yml", "yaml")[0])
    data = _yaml(documents[EXTENDING].blocks("file data/classic/repairs.yml", "yaml")[0])
    forms = _yaml((ROOT / "domain" / "classic" / "forms.yml").read_text(encoding="utf-8"))
    known = {*own["forms"], *own["actions"], *forms["forms"]}
    steps = [step for rule in data["rules"] for step in rule["steps"]]
    assert {step["action"] for step in steps if "action" in step} <= known
    assert {step["intent"] for step in steps if "intent" in step} <= set(own["intents"])
