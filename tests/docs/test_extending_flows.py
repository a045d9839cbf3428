"""What the page on flows tells readers to write is written, checked and walked."""

from __future__ import annotations

import json
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from actions import flow_facts, runtime
from ges_connector.callbacks import CallbackConfig, CallbackService
from ges_connector.flows import Walker, faults_of, read_domain, read_flows
from ges_connector.sandbox.sandbox import Sandbox
from ges_connector.sandbox.seed import Clock, parse_seed, read_seed
from ges_connector.testing import MONDAY
from ges_connector.testing.contact_centre import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
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
    domain = read_domain(ROOT / "domain" / "calm")
    own = tmp_path / "domain"
    own.mkdir()
    (own / "repairs.yml").write_text(page.blocks("file domain/repairs.yml", "yaml")[0])
    for part, content in read_domain(own).items():
        domain[part] |= content
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
    flows = read_flows(ROOT / "data" / "calm", folder)
    facts = flow_facts.facts(executor.actions, silent=["action_note_repair"])
    assert faults_of(flows, domain, facts) == []
    with runtime.using(runtime.Runtime(config, runtime.wording(), service, clock)):
        yield Walker(flows, domain, run, metadata={"locale": "en-GB", "timezone": "Europe/Berlin"})
    await service.aclose()


async def test_the_test_of_the_page_passes(
    documents: Any, walker: Walker, sandbox: Sandbox, tmp_path: Path
) -> None:
    (code,) = documents[PAGE].blocks("file test_repairs.py", "python")
    page = module_of(code, "test_of_repairs", tmp_path)
    await page.test_what_is_broken_reaches_the_agent(walker, sandbox)


async def test_the_code_of_the_page_finds_free_times(
    documents: Any, walker: Walker, tmp_path: Path
) -> None:
    assert walker.is_over
    (code,) = documents[PAGE].blocks("run", "python")
    times = await module_of(code, "free_times", tmp_path).free_times()
    assert len(times) == 3
    assert times == sorted(times)


def test_the_flows_of_the_table_are_those_there_are(documents: Any) -> None:
    flows = read_flows(ROOT / "data" / "calm")
    ours = {name for name, flow in flows.items() if not flow.is_pattern} - {"resume_callback"}
    text = documents[PAGE].text
    assert {name for name in ours if f"`{name}`" not in text} == set()
