"""What the page on flows tells readers to write is written, checked and walked."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from actions import flow_facts, runtime
from ges_connector.callbacks import CallbackConfig, CallbackService
from ges_connector.callbacks.free_times import time_of_id
from ges_connector.flows import Command, Walker, faults_of, read_project
from ges_connector.flows.engine import ENGINE_RESPONSES
from ges_connector.flows.model import flow_of
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import Clock, parse_seed, read_seed
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import client_of
from ges_connector.wording.calm import VOICE_CHANNELS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from ges_connector.testing.contact_centre import RunningServer

ROOT = Path(__file__).resolve().parents[2]
SHELL = ("bash", "-euo", "pipefail", "-c")
PAGE, OTHER = "docs/extending-flows.md", "docs/extending.md"


def parsed(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def module_of(code: str, name: str, folder: Path) -> Any:
    path = folder / f"{name}.py"
    path.write_text(code, encoding="utf-8")
    spec = util.spec_from_file_location(f"{name}_of_the_page", path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sandbox(documents: Any) -> Sandbox:
    """The contact centre with the queue of the page."""
    (service,) = parsed(documents[OTHER].blocks("service", "yaml")[0])
    clock = Clock(mode="frozen", at=MONDAY)
    seed = read_seed().model_copy(update={"clock": clock}).model_dump(mode="json")
    seed["tenants"][0]["services"].append(service)
    return Sandbox.from_seed(parse_seed(json.dumps(seed)))


@pytest_asyncio.fixture
async def walker(documents: Any, sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Walker]:
    page, other = documents[PAGE], documents[OTHER]
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "repairs.yml").write_text(page.blocks("file data/repairs.yml", "yaml")[0])
    own = tmp_path / "domain"
    own.mkdir()
    (own / "repairs.yml").write_text(page.blocks("file domain/repairs.yml", "yaml")[0])
    project = read_project(ROOT / "data" / "calm", folder, ROOT / "domain" / "calm", own)
    flows, domain = project.flows, project.domain
    executor = ActionExecutor()
    executor.register_package("actions")
    repairs = module_of(
        other.blocks("file actions/repairs.py", "python")[0], "repairs_in_flows", tmp_path
    )
    executor.register_action(repairs.NoteRepair())

    async def run(name: str, call: dict[str, Any]) -> Mapping[str, Any]:
        result = await executor.run(call)
        assert result is not None, name
        return {"events": result.events, "responses": result.responses}

    demo = (ROOT / "ges_connector" / "demo" / "callback.yml").read_text(encoding="utf-8")
    config = CallbackConfig.from_yaml(f"{demo.rstrip()}\n\n{other.blocks('topic', 'yaml')[0]}")
    clock = sandbox.world.clock.now
    service = CallbackService(lambda: client_of(sandbox), config, clock=clock)
    facts = flow_facts.facts(executor.actions, silent=["action_note_repair"])
    assert faults_of(flows, domain, facts) == []
    with runtime.using(runtime.Runtime(config, runtime.wording(), service, clock)):
        yield Walker(flows, domain, run, metadata={"locale": "en-GB", "timezone": "Europe/Berlin"})
    await service.aclose()


async def test_the_test_of_the_page_passes_as_it_is_written(
    documents: Any, run: Callable[..., Awaitable[str]], tmp_path: Path
) -> None:
    page, other = documents[PAGE], documents[OTHER]
    for part in ("data", "domain"):
        shutil.copytree(ROOT / part / "calm", tmp_path / part / "calm")
    for path in (
        "data/repairs.yml",
        "domain/repairs.yml",
        "conftest.py",
        "test_repairs.py",
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (written,) = page.blocks(f"file {path}", "python" if path.endswith("py") else "yaml")
        (tmp_path / path).write_text(written, encoding="utf-8")
    (tmp_path / "my_actions").mkdir()
    (tmp_path / "my_actions/__init__.py").touch()
    (own,) = other.blocks("file actions/repairs.py", "python")
    (tmp_path / "my_actions/repairs.py").write_text(own, encoding="utf-8")
    demo = (ROOT / "ges_connector" / "demo" / "callback.yml").read_text(encoding="utf-8")
    topic, service = other.blocks("topic", "yaml")[0], other.blocks("service", "yaml")[0]
    (tmp_path / "callback.yml").write_text(f"{demo.rstrip()}\n\n{topic}", encoding="utf-8")
    seed = (ROOT / "ges_connector" / "sandbox" / "seed.yml").read_text(encoding="utf-8")
    extended = seed.replace("    services:\n", f"    services:\n{service}", 1)
    (tmp_path / "my-seed.yml").write_text(extended, encoding="utf-8")
    (command,) = page.blocks("walk", "sh")
    found = f"export PATH={Path(sys.executable).parent}:$PATH; cd {tmp_path}"
    assert "1 passed" in await run(*SHELL, f"{found}\n{command}")


async def test_who_would_not_have_it_passed_on_is_not_told_that_it_was(
    walker: Walker, sandbox: Sandbox
) -> None:
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("no", Command("set", "repair_agreed", value=False))
    words = "on friday at noon on 030 23125011"
    await walker.say(words, Command("set", "callback_way", words))
    said = await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert said[0] == "utter_callback_booked_scheduled"
    assert "utter_repair_noted" not in said
    (callback,) = sandbox.world.rooms(None).centre.floor.callbacks()
    assert "reason" not in callback.user_data


async def test_the_flow_of_the_page_chooses_its_queue(
    documents: Any, walker: Walker, sandbox: Sandbox
) -> None:
    (written,) = documents[PAGE].blocks("file data/queue.yml", "yaml")
    walker.flows |= {name: flow_of(name, body) for name, body in parsed(written)["flows"].items()}
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "ask_for_repairs"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    (callback,) = sandbox.world.rooms(None).centre.floor.callbacks()
    assert callback.service_name == "Repairs_DE"


async def test_a_callback_of_the_queue_of_the_page_is_moved_within_its_queue(
    documents: Any, walker: Walker, sandbox: Sandbox
) -> None:
    (written,) = documents[PAGE].blocks("file data/queue.yml", "yaml")
    walker.flows |= {name: flow_of(name, body) for name, body in parsed(written)["flows"].items()}
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "ask_for_repairs"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert walker.is_over
    await walker.say("rather on thursday at 3 pm", Command("start", "move_callback"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert walker.slots["callback_outcome"] == "moved"
    callbacks = sandbox.world.rooms(None).centre.floor.callbacks()
    assert {each.service_name for each in callbacks} == {"Repairs_DE"}


async def test_a_callback_stays_in_its_queue_when_it_is_moved_in_the_flow_of_another_topic(
    walker: Walker, sandbox: Sandbox
) -> None:
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    floor = sandbox.world.rooms(None).centre.floor
    (before,) = floor.callbacks()
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert walker.slots["callback_profile"] == "repairs"
    rather = "move it to thursday at 3 pm"
    await walker.say(rather, Command("set", "callback_way", rather))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert walker.slots["callback_outcome"] == "moved"
    assert {each.service_name for each in floor.callbacks()} == {before.service_name}


async def test_an_answer_to_a_question_of_the_page_is_no_wish_for_a_time(walker: Walker) -> None:
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    words = "yes, I am here tomorrow at 3 pm anyway"
    said = await walker.say(words, Command("set", "repair_agreed", value=True))
    assert walker.asks_for == "callback_way"
    assert said == ["utter_ask_callback_kind_short"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "call me on friday at noon, my window is broken"),
        ("de-DE", "rufen Sie mich am Freitag um zwölf Uhr an, mein Fenster ist kaputt"),
        ("es-ES", "llámeme el viernes al mediodía, la ventana está rota"),
        ("fr-FR", "rappelez-moi vendredi à midi, ma fenêtre est cassée"),
    ],
)
async def test_a_wish_in_the_message_that_began_the_flow_of_the_page_is_kept(
    walker: Walker, locale: str, words: str
) -> None:
    walker.metadata["locale"] = locale
    await walker.say(words, Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert time_of_id(walker.slots["callback_slot"]) == datetime(2026, 1, 16, 11, tzinfo=UTC)
    assert walker.asks_for == "callback_number"


async def test_what_broke_when_is_no_wish_to_be_called_then(walker: Walker) -> None:
    words = "the boiler broke on friday at 3 pm"
    await walker.say(words, Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert walker.asks_for == "callback_way"


async def test_a_yes_to_a_question_of_the_page_is_none_to_what_was_read_back_before(
    walker: Walker, sandbox: Sandbox
) -> None:
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    assert walker.asks_for == "callback_agreement"
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    said = await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert said == ["utter_ask_callback_confirmed_scheduled"]
    assert not sandbox.world.rooms(None).centre.floor.callbacks()


async def test_leaving_another_flow_leaves_what_is_arranged_as_it_is(
    walker: Walker, sandbox: Sandbox
) -> None:
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    assert walker.asks_for == "repair_words"
    said = await walker.say("no, forget the boiler", Command("cancel"))
    assert said == ["utter_flow_cancelled_rasa", "utter_ask_callback_confirmed_scheduled"]
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert len(sandbox.world.rooms(None).centre.floor.callbacks()) == 1


async def test_after_a_change_of_topic_the_wait_and_times_are_those_of_its_queue(
    walker: Walker, sandbox: Sandbox
) -> None:
    sandbox.world.rooms(None).centre.floor.add_calls("Repairs_DE", 30)
    await walker.say("call me back please", Command("start", "request_callback"))
    told = walker.said[-1]
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert walker.asks_for == "callback_way"
    assert told["response"] == walker.said[-1]["response"] == "utter_ask_callback_kind"
    assert told["wait"] != walker.said[-1]["wait"]


async def test_a_wish_outlives_a_change_of_topic(walker: Walker, sandbox: Sandbox) -> None:
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    said = await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert said == ["utter_ask_callback_confirmed_scheduled"]
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    (callback,) = sandbox.world.rooms(None).centre.floor.callbacks()
    assert callback.service_name == "Repairs_DE"


async def test_the_reason_reaches_the_agent_though_the_callback_was_being_arranged_before(
    walker: Walker, sandbox: Sandbox
) -> None:
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("yes", Command("set", "repair_agreed", value=True))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    (callback,) = sandbox.world.rooms(None).centre.floor.callbacks()
    assert callback.user_data["reason"] == "it leaks"
    assert walker.is_over
    await walker.say("have somebody else call me, a second time", Command("start", "report_damage"))
    assert walker.slots["callback_reason"] is None


async def test_to_stop_leaves_everything_though_the_flow_of_the_page_came_between(
    walker: Walker,
) -> None:
    await walker.say("2026-01-16 12:00", Command("start", "request_callback"))
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert await walker.say("forget it", Command("cancel")) == ["utter_callback_stopped"]
    assert walker.is_over


async def test_a_topic_does_not_stick_to_the_next_wish_where_the_flow_of_the_page_begins_it(
    documents: Any, walker: Walker, sandbox: Sandbox
) -> None:
    for block in ("file data/queue.yml", "file data/anything.yml"):
        (written,) = documents[PAGE].blocks(block, "yaml")
        walker.flows |= {
            name: flow_of(name, each) for name, each in parsed(written)["flows"].items()
        }
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "ask_for_repairs"))
    await walker.say("never mind", Command("cancel"))
    assert walker.slots["callback_profile"] == "repairs"
    await walker.say(words, Command("start", "ask_for_anything"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    (callback,) = sandbox.world.rooms(None).centre.floor.callbacks()
    assert callback.service_name != "Repairs_DE"


async def test_what_is_arranged_in_one_queue_stays_there_though_the_model_begins_another_flow(
    documents: Any, walker: Walker, sandbox: Sandbox
) -> None:
    for block in ("file data/queue.yml", "file data/anything.yml"):
        (written,) = documents[PAGE].blocks(block, "yaml")
        walker.flows |= {
            name: flow_of(name, each) for name, each in parsed(written)["flows"].items()
        }
    await walker.say("have repairs call me", Command("start", "ask_for_repairs"))
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "ask_for_anything"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    (callback,) = sandbox.world.rooms(None).centre.floor.callbacks()
    assert callback.service_name == "Repairs_DE"


@pytest.mark.parametrize("name", ["report_damage", "ask_for_repairs"])
async def test_in_the_flows_of_the_page_one_that_is_there_can_be_cancelled_instead(
    documents: Any, walker: Walker, name: str
) -> None:
    (written,) = documents[PAGE].blocks("file data/queue.yml", "yaml")
    walker.flows |= {each: flow_of(each, body) for each, body in parsed(written)["flows"].items()}
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    await walker.say("my boiler is broken", Command("start", name))
    if name == "report_damage":
        await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
        await walker.say("yes", Command("set", "repair_agreed", value=True))
    assert walker.asks_for == "callback_way"
    said = await walker.say("cancel it", Command("set", "callback_way", "cancel"))
    assert said == ["utter_ask_callback_cancel_confirmed"]
    assert walker.asks_for == "callback_cancel_agreement"


async def test_beside_a_question_of_the_page_only_what_changes_something_asks_first(
    walker: Walker, sandbox: Sandbox
) -> None:
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    said = await walker.say("when do you call?", Command("start", "show_callback"))
    assert said == ["utter_callback_show_scheduled_aside", "utter_ask_repair_words"]
    said = await walker.say("cancel my callback", Command("start", "cancel_callback"))
    assert said == ["utter_ask_callback_cancel_confirmed"]
    yes = "yes, cancel it"
    said = await walker.say(yes, Command("set", "callback_cancel_agreement", yes))
    assert (said[0], said[-1]) == ("utter_callback_cancelled", "utter_ask_repair_words")
    (callback,) = sandbox.world.rooms(None).centre.floor.callbacks()
    assert str(callback.state.value) != "SCHEDULED"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", "thanks"),
        ("en-GB", "hello"),
        ("de-DE", "danke"),
        ("es-ES", "gracias"),
        ("fr-FR", "merci beaucoup"),
    ],
)
@pytest.mark.parametrize("kind", ["cannot_handle", "chitchat"])
@pytest.mark.parametrize("is_ours_open", [False, True])
async def test_a_courtesy_beside_a_question_of_the_page_has_it_asked_again_and_counts_as_no_miss(
    walker: Walker, *, locale: str, words: str, kind: str, is_ours_open: bool
) -> None:
    walker.metadata["locale"] = locale
    if is_ours_open:
        await walker.say("2026-01-16 12:00", Command("start", "request_callback"))
    await walker.say("?", Command("start", "report_damage"))
    for _ in range(3):
        assert await walker.say(words, Command(kind)) == ["utter_ask_repair_words"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("are you a robot?", "utter_callback_automated"),
        ("how long is the wait?", "utter_callback_wait_aside"),
        ("just a moment", "utter_callback_no_hurry"),
    ],
)
async def test_beside_a_question_of_the_page_that_stands_on_one_of_ours_a_remark_is_answered(
    walker: Walker, words: str, told: str
) -> None:
    await walker.say("2026-01-16 12:00", Command("start", "request_callback"))
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    said = await walker.say(words, Command("cannot_handle"))
    assert said == [told, "utter_ask_repair_words"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("keep it", "utter_repair_not_passed_on"),
        ("move it to saturday at ten", "utter_repair_noted"),
    ],
)
async def test_it_is_told_whether_the_damage_reaches_the_agent_where_a_callback_is_there_already(
    walker: Walker, sandbox: Sandbox, answer: str, told: str
) -> None:
    words = "call me on friday at noon on 030 23125011"
    await walker.say(words, Command("start", "request_callback"))
    await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    await walker.say("my boiler is broken", Command("start", "report_damage"))
    await walker.say("it leaks", Command("set", "repair_words", "it leaks"))
    await walker.say("yes", Command("set", "repair_agreed", value=True))
    said = await walker.say(answer, Command("set", "callback_way", answer))
    if not walker.is_over:
        said = await walker.say("yes please", Command("set", "callback_agreement", "yes please"))
    assert said[-1] == told
    floor = sandbox.world.rooms(None).centre.floor
    (there,) = [each for each in floor.callbacks() if str(each.state.value) == "SCHEDULED"]
    assert (there.user_data.get("reason") == "it leaks") is (told == "utter_repair_noted")


async def test_an_assistant_takes_the_flows_by_the_commands_of_the_page(
    documents: Any, run: Callable[..., Awaitable[str]], tmp_path: Path
) -> None:
    page = documents[PAGE]
    (take,), (check,) = page.blocks("run", "sh"), page.blocks("check", "sh")
    for path in ("data/repairs.yml", "data/queue.yml", "data/anything.yml", "domain/repairs.yml"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(page.blocks(f"file {path}", "yaml")[0])
    # The page's own flows speak one other language.
    (tmp_path / "config.yml").write_text(
        "language: en\nadditional_languages: [de]\npolicies: [{name: FlowPolicy}]\n"
    )
    ours = tmp_path / "my_actions"
    ours.mkdir()
    (ours / "__init__.py").write_text("")
    (ours / "callbacks.py").write_text(page.blocks("file my_actions/callbacks.py", "python")[0])
    own = documents[OTHER].blocks("file actions/repairs.py", "python")[0]
    (ours / "repairs.py").write_text(own)
    found = f"export PATH={Path(sys.executable).parent}:$PATH CHECKOUT={ROOT}; cd {tmp_path}"
    said = await run(*SHELL, f"{found}\n{take}\n{check.rstrip()} --actions my_actions")
    assert said.startswith("sound: 23 flows, "), said
    serve = "from rasa_sdk.executor import ActionExecutor as E; e = E(); e.register_package('{}')"
    served = "print(*sorted(e.actions))"
    both = await run(*SHELL, f'{found}\npython -c "{serve.format("my_actions")}; {served}"')
    alone = await run(*SHELL, f'{found}\npython -c "{serve.format("actions")}; {served}"')
    assert {*both.split()} == {*alone.split(), "action_note_repair"}


async def test_a_flow_of_the_page_takes_the_place_of_ours_by_its_command(
    documents: Any, run: Callable[..., Awaitable[str]], tmp_path: Path
) -> None:
    page = documents[PAGE]
    (take,), (link,) = page.blocks("run", "sh"), page.blocks("link", "sh")
    found = f"export PATH={Path(sys.executable).parent}:$PATH CHECKOUT={ROOT}; cd {tmp_path}"
    await run(*SHELL, f"{found}\n{take}")
    (written,) = page.blocks("file data/anything.yml", "yaml")
    (tmp_path / "data/anything.yml").write_text(written)
    arranging = tmp_path / "data/calm/arranging.yml"
    before, _, behind = arranging.read_text("utf-8").partition("  request_callback:\n")
    _, following, others = behind.partition("  choose_callback_time:\n")
    arranging.write_text(f"{before}{following}{others}", "utf-8")
    said = await run(*SHELL, f"{found}\n{link}\nges-callback flows check data domain")
    assert said.startswith("sound: 20 flows, "), said


IN_ITALIAN = """
from ges_connector.language.agreement import Assent, Deed, assent_of
from ges_connector.language.phrases import languages
from ges_connector.language.remarks import Remark, remark_in
assert assent_of("va benissimo", "it-IT", Deed.BOOK) is Assent.{assent}
assert (remark_in("quanto devo aspettare", "it") is Remark.WAIT) is {known}
assert ("it" in languages()) is {known}
"""
"""What is understood in a language of the reader's own, with and without its files."""


async def test_a_language_is_added_by_the_commands_of_the_page_and_nothing_installed_is_changed(
    documents: Any, run: Callable[..., Awaitable[str]], tmp_path: Path
) -> None:
    page = documents[PAGE]
    (take,), (begin, write) = page.blocks("run", "sh"), page.blocks("language", "sh")
    found = f"export PATH={Path(sys.executable).parent}:$PATH CHECKOUT={ROOT}; cd {tmp_path}"
    await run(*SHELL, f"{found}\n{take}\n{begin}")
    own = tmp_path / "words/domain/wording"
    for path, old, new in (
        ("answers/it.toml", "\nyes = [", '\nyes = ["va benissimo", '),
        ("remark/it.toml", "\nwait = [", '\nwait = ["quanto devo aspettare", '),
        ("it.yml", "¡Hola!", "Ciao!"),
    ):
        written = (own / path).read_text("utf-8")
        assert old in written
        (own / path).write_text(written.replace(old, new), encoding="utf-8")
    (tmp_path / "config.yml").write_text(
        "language: en\nadditional_languages: [it]\npolicies: [{name: FlowPolicy}]\n"
    )
    check = "ges-callback flows check config.yml data domain 2>&1"
    told = await run(*SHELL, f"{found}\n{write}\n{check}")
    assert told.strip().splitlines()[-1].startswith("sound: "), told
    remarks = [each for each in told.splitlines() if each.startswith("remark: ")]
    # The names of flows are left to translate.
    assert all("its name is not translated into it" in each for each in remarks)
    responses = read_project(tmp_path / "domain").domain["responses"]
    assert responses["utter_callback_greet"][0]["translation"]["it"].startswith("Ciao!")
    export = write.splitlines()[-1]
    with_it = IN_ITALIAN.format(assent="PLAIN", known=True)
    without = IN_ITALIAN.format(assent="OPEN", known=False)
    await run(*SHELL, f"{found}\n{export}\npython -c '{with_it}'")
    await run(*SHELL, f"{found}\npython -c '{without}'")


async def test_without_rasa_the_code_of_the_page_books_once(
    documents: Any, ges_server: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GES_BASE_URL", ges_server.base_url)
    monkeypatch.setenv("GES_API_KEY", ges_server.key)
    (code,) = documents[PAGE].blocks("run without Rasa", "python")
    demo = (ROOT / "ges_connector" / "demo" / "callback.yml").read_text(encoding="utf-8")
    page = module_of(code, "without_rasa", tmp_path)
    assert await page.book_first_free_time(demo, "+493023125011") == "booked"


def test_what_the_page_calls_the_engines_own_sentences_are(documents: Any) -> None:
    page = documents[PAGE]
    (written,) = page.blocks("of the engine", "yaml")
    assert {*parsed(written)["responses"]} <= ENGINE_RESPONSES
    (told,) = (line for line in page.text.splitlines() if line.startswith("A few sentences are"))
    named = {word for word in told.split("`") if word.startswith("utter_")}
    assert named
    assert named <= ENGINE_RESPONSES


def test_the_variation_that_the_page_on_voice_shows_is_of_a_sentence_and_a_channel_there_is(
    documents: Any,
) -> None:
    (written,) = documents["docs/voice.md"].blocks("variation", "yaml")
    responses = read_project(ROOT / "domain" / "calm").domain["responses"]
    for name, variations in parsed(written)["responses"].items():
        assert variations[0]["text"] == responses[name][0]["text"]
        assert {each.get("channel") for each in variations} - {None} <= {*VOICE_CHANNELS}


async def test_the_code_of_the_page_finds_free_times(
    documents: Any, walker: Walker, tmp_path: Path
) -> None:
    assert walker.is_over
    (code,) = documents[PAGE].blocks("run", "python")
    times = await module_of(code, "free_times", tmp_path).free_times()
    assert len(times) == 3
    assert times == sorted(times)


def test_the_flows_of_the_table_are_those_there_are(documents: Any) -> None:
    flows = read_project(ROOT / "data" / "calm").flows
    ours = {name for name, flow in flows.items() if not flow.is_pattern} - {"resume_callback"}
    text = documents[PAGE].text
    assert {name for name in ours if f"`{name}`" not in text} == set()
