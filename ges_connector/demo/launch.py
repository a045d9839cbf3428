"""From the options of the command to a run and its exit code."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ges_connector.demo.chat import chat, prompted, typed_lines
from ges_connector.demo.errors import DemoError, UnusableInputError
from ges_connector.demo.plan import Project, faults, plan_demo
from ges_connector.demo.ports import settle_ports
from ges_connector.demo.supervisor import supervise, workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ges_connector.demo.chat import Customer
    from ges_connector.demo.plan import Ports
    from ges_connector.demo.supervisor import Addresses

_STDIN = 0


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for.

    Attributes:
        project: The checkout that holds the assistant.
        ports: Where to listen; 0 for any free port.
        customer: Who chats; None for no chat: one line of JSON when ready, then wait.
        seed: The contact centre of the sandbox; None for its built-in one.
        log_directory: Where the programs' logs are kept; None keeps them only after a failure.
        retrain: Train although the model is fresh.
    """

    project: Path
    ports: Ports
    customer: Customer | None
    seed: Path | None = None
    log_directory: Path | None = None
    retrain: bool = False


def launch(options: Options, say: Callable[[str], None], write: Callable[[str], None]) -> int:
    """Run the demo.

    Args:
        options: What is asked for.
        say: Takes a line about progress, or about why there will be none.
        write: Takes text for standard output as it is, without a line end.

    Returns:
        The exit code: 0 after a run; 2 if something asked for or found rules it out; 1 if a step
        failed; 128 and the signal's number if it was stopped before it was ready.
    """
    try:
        return _run(options, say, write)
    except DemoError as error:
        say(str(error))
        return error.exit_code


def _run(options: Options, say: Callable[[str], None], write: Callable[[str], None]) -> int:
    # Not resolved further: a virtual environment is known by the path of its interpreter.
    project = Project(root=options.project.resolve(), python=Path(sys.executable))
    sdk = importlib.util.find_spec("rasa_sdk")
    missing = faults(project, rasa_sdk_installed=sdk is not None)
    if missing:
        raise UnusableInputError("\n".join(missing))
    ports = settle_ports(options.ports)
    seed = options.seed and options.seed.resolve()
    with workspace(options.log_directory) as space:
        plan = plan_demo(project, ports, space.scratch, seed=seed, retrain=options.retrain)
        if plan.training is not None:
            say("training the model first, which takes a minute or two")
        return asyncio.run(supervise(plan, space, say, _purpose(options, say, write)))


def _purpose(
    options: Options, say: Callable[[str], None], write: Callable[[str], None]
) -> Callable[[Addresses], Awaitable[None]]:
    customer = options.customer

    async def announce(addresses: Addresses) -> None:
        ready = {"rasa": addresses.rasa, "actions": addresses.actions, "ges": addresses.ges}
        write(json.dumps(ready) + "\n")
        await asyncio.Event().wait()

    async def converse(addresses: Addresses, customer: Customer) -> None:
        say("type to chat; a number picks a choice; Ctrl-D or /quit ends it")
        lines = prompted(typed_lines(_STDIN), write, echo=not os.isatty(_STDIN))
        await chat(addresses.rasa, customer, lines, lambda line: write(f"{line}\n"))

    return announce if customer is None else lambda addresses: converse(addresses, customer)
