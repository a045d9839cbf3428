"""Reads flows, domain, languages and test cases with the installed engine's own readers.

Runs in an environment that holds rasa-pro; `make calm` makes one. Reading asks for no licence.
"""

from __future__ import annotations

import sys
from pathlib import Path

import rasa
from rasa.core.config.configuration import Configuration
from rasa.e2e_test.utils.io import read_test_cases
from rasa.engine.language import Language
from rasa.shared.core.constants import DEFAULT_ACTION_NAMES, DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.core.flows.flows_list import FlowsList
from rasa.shared.core.flows.yaml_flows_io import YAMLFlowsReader
from rasa.shared.utils.yaml import read_config_file

from ges_connector.flows.engine import (
    ENGINE_ACTIONS,
    ENGINE_INTENTS,
    ENGINE_PATTERNS,
    ENGINE_RESPONSES,
    ENGINE_SLOTS,
)

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = Path(rasa.__file__).parent / "dialogue_understanding" / "patterns"


def main() -> int:
    """Read everything; gives 1 if flows name what the domain has not, and raises what is wrong."""
    domain = Domain.from_path(str(ROOT / "domain" / "calm"))
    config = read_config_file(str(ROOT / "engine" / "calm" / "config.yml"))
    for code in [config["language"], *config["additional_languages"]]:
        Language.from_language_code(code)
    # Flows that call others are looked up among agents as well; there are none.
    Configuration.initialise_empty()
    files = sorted((ROOT / "data" / "calm").glob("*.yml"))
    flows = FlowsList(
        underlying_flows=[
            flow for file in files for flow in YAMLFlowsReader.read_from_file(file).underlying_flows
        ]
    )
    flows.validate()
    steps = [step for flow in flows.underlying_flows for step in flow.steps_with_calls_resolved]
    collected = {step.collect for step in steps if hasattr(step, "collect")}
    unknown = {name for name in collected if name.startswith("callback_")} - {
        slot.name for slot in domain.slots
    }
    actions = {step.action for step in steps if getattr(step, "action", None)}
    unknown |= {name for name in actions if "callback" in name} - {*domain.action_names_or_texts}
    unknown |= _not_of_the_engine()
    cases = read_test_cases(str(ROOT / "e2e_tests")).test_cases
    sys.stdout.write(
        f"{len(flows.underlying_flows)} flows, {len(domain.slots)} slots, "
        f"{len(domain.responses)} responses and {len(cases)} test cases are read.\n"
    )
    for name in sorted(unknown):
        sys.stderr.write(f"{name}: neither the domain nor the engine has such a thing\n")
    return 1 if unknown else 0


def _not_of_the_engine() -> set[str]:
    """What our checks take for the engine's own and it does not have."""
    own = read_config_file(str(PATTERNS / "default_flows_for_patterns.yml"))
    # The slot for the language is made where the configuration is read.
    slots = ENGINE_SLOTS - {*own["slots"], "language"}
    return {
        *ENGINE_ACTIONS - {*DEFAULT_ACTION_NAMES},
        *ENGINE_INTENTS - {*DEFAULT_INTENTS},
        *ENGINE_RESPONSES - {*own["responses"]},
        *ENGINE_PATTERNS - {*own["flows"]},
        *slots,
    }


if __name__ == "__main__":
    raise SystemExit(main())
