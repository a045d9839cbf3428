"""What the commands for people at a desk share: how they begin, how they end, what they ask.

Every one of them reads the configuration and the environment first and tells each fault in a line
of its own (exit code 2), before anything is sent. The exit codes of those that ask GES are in
`ExitCode`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import typer

from ges_connector.api import GesClient, GesSettings
from ges_connector.callbacks import clock
from ges_connector.callbacks.config_file import CONFIG_VARIABLE, USUAL_CONFIG, config_file
from ges_connector.callbacks.config_source import CallbackConfigError
from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.callbacks.service import CallbackService
from ges_connector.cli.judged_environment import client_faults, ges_faults
from ges_connector.sandbox.loopback import is_loopback_address
from ges_connector.store import open_store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.cli.judged_environment import EnvironmentFault

_T = TypeVar("_T")
_INTERRUPTED = 128 + signal.SIGINT


class ExitCode(IntEnum):
    """How a command ended, for scripts."""

    DONE = 0
    """GES did, or told, what was asked for."""
    REFUSED = 1
    """It was certainly not done, or GES did not tell."""
    WRONG_INPUT = 2
    """A setting, a flag or a file is wrong; nothing was sent."""
    UNCONFIRMED = 3
    """It was sent, and nobody knows whether all of it was carried out: do not send it again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with.

    Attributes:
        config: What the contact centre offers.
        settings: Where GES is, and with which key.
    """

    config: CallbackConfig
    settings: GesSettings

    def topic(self, name: str | None) -> str:
        """Check the name of a topic; None means the default.

        Raises:
            typer.BadParameter: There is no such topic.
        """
        if name is None:
            return self.config.default_topic
        if name not in self.config.topics:
            known = ", ".join(self.config.topics)
            raise typer.BadParameter(
                f"{name!r} is no topic; there are: {known}", param_hint="--topic"
            )
        return name

    def profile(self, name: str | None) -> TopicProfile:
        """Find the profile of a topic that is known; None means the default."""
        return self.config.profile(self.topic(name))

    def client(self) -> GesClient:
        """Make a client of GES."""
        return GesClient(self.settings)

    def service(self) -> CallbackService:
        """Make a callback service for the running event loop, on the store that is configured."""
        return CallbackService(self.client, self.config, clock=clock.now, store=open_store())

    def ask(self, work: Callable[[CallbackService], Awaitable[_T]]) -> _T:
        """Do what changes nothing; Ctrl-C ends it at once."""
        return asking(self._session(work))

    def change(
        self, work: Callable[[CallbackService], Awaitable[_T]], *, unknown: Callable[[], _T]
    ) -> _T:
        """Do what changes something: once begun, its answer is waited for.

        Args:
            work: Does it.
            unknown: What is told if a second Ctrl-C ends the waiting.
        """
        return asyncio.run(_patiently(self._session(work), unknown))

    async def _session(self, work: Callable[[CallbackService], Awaitable[_T]]) -> _T:
        service = self.service()
        try:
            return await work(service)
        finally:
            await service.aclose()


def asking(work: Awaitable[_T]) -> _T:
    """Run what changes nothing; Ctrl-C ends it at once, with a line and exit code 130."""

    async def session() -> _T:
        return await work

    try:
        return asyncio.run(session())
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing was changed\n")
        raise typer.Exit(_INTERRUPTED) from None


async def _patiently(work: Awaitable[_T], unknown: Callable[[], _T]) -> _T:
    loop, told, enough = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    def stop() -> None:
        if told.is_set():
            enough.set()
        told.set()
        sys.stderr.write("it is under way: waiting for the answer; once more leaves without it\n")

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop)
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(enough.wait())
    await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if working.done():
        return working.result()
    working.cancel()
    return unknown()


def open_desk(config: Path | None, *, changes: bool = False) -> Desk:
    """Read configuration and environment, or tell all that is wrong with them and leave.

    Args:
        config: The file that was named; None looks for the usual ones.
        changes: Whether the command changes something at GES: of the sandbox's profile, which
            stands in for a missing file, that is told, and allowed at a GES on this machine only.
    """
    read, _ = all_told(lambda: read_config(config), lambda: check_environment(client_faults()))
    settings = GesSettings()
    if changes and config_file(os.environ, config).path is None:
        _check_stand_in(settings)
    return Desk(read, settings)


def all_told(*checks: Callable[[], Any]) -> list[Any]:
    """Run checks that leave where something is wrong; leaves once each has told what it found.

    Args:
        checks: The checks.

    Returns:
        What each of them gave.
    """
    given, is_wrong = [], False
    for check in checks:
        try:
            given.append(check())
        except typer.Exit:
            is_wrong = True
    if is_wrong:
        raise typer.Exit(ExitCode.WRONG_INPUT)
    return given


def check_environment(faults: Iterable[EnvironmentFault]) -> None:
    """Tell what is wrong with the environment, and leave; nothing if nothing is.

    Args:
        faults: What is wrong.
    """
    if told := [*map(str, faults)]:
        wrong_input(told)


def _check_stand_in(settings: GesSettings) -> None:
    """Tell that the sandbox's profile is used; leave where it would be sent elsewhere."""
    missing = f"no {USUAL_CONFIG} is here, and {CONFIG_VARIABLE} and --config name none"
    if not is_loopback_address(urlsplit(settings.root_url).hostname or ""):
        wrong_input([f"{missing}: nothing is sent to {settings.root_url} without one"])
    sys.stderr.write(f"{missing}: the profile of the sandbox is used\n")


def read_config(config: Path | None) -> CallbackConfig:
    """Read the configuration, or tell all that is wrong with it and leave.

    Args:
        config: The file that was named; None looks for the usual ones.
    """
    file = config_file(os.environ, config)
    try:
        return CallbackConfig.from_yaml(file.text())
    except CallbackConfigError as error:
        wrong_input(each.in_file(file.name) for each in error.located)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        wrong_input([f"{file.name}: cannot be read: {reason or 'no file has such a name'}"])


def read_settings() -> GesSettings:
    """Read where GES is and with which key, or tell all that is wrong with it and leave."""
    check_environment(ges_faults())
    return GesSettings()


def wrong_input(faults: Iterable[str]) -> NoReturn:
    """Tell what is wrong, one line each, and leave."""
    for each in faults:
        sys.stderr.write(f"{each}\n")
    raise typer.Exit(ExitCode.WRONG_INPUT)


def zone_named(name: str | None, default: ZoneInfo, *, option: str = "--zone") -> ZoneInfo:
    """Find the zone that was asked for.

    Raises:
        typer.BadParameter: There is none of this name.
    """
    if name is None:
        return default
    if name not in available_timezones():
        raise typer.BadParameter(
            f"{name!r} is no zone; write for example Europe/Berlin", param_hint=option
        )
    return ZoneInfo(name)


def check_terminal(*, yes: bool) -> None:
    """Check that somebody can be asked, before anything is sent.

    Args:
        yes: Whether it was agreed to beforehand.

    Raises:
        typer.BadParameter: Nobody can.
    """
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter(
            "is needed where there is no terminal to ask at", param_hint="--yes"
        )


def agreed(question: str, *, yes: bool) -> bool:
    """Ask at the terminal; the question is on standard error, as standard output is for results.

    Args:
        question: What is asked.
        yes: Whether it was agreed to beforehand.
    """
    return yes or typer.confirm(question, err=True)


def complete_topics(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a topic; of a configuration that is faulty there is none.

    Args:
        context: What was typed so far.
        incomplete: The beginning of the name.
    """
    try:
        named = context.params.get("config")
        read = CallbackConfig.from_yaml(config_file(os.environ, named).text())
    except (CallbackConfigError, OSError, ValueError):
        return []
    return [name for name in read.topics if name.startswith(incomplete)]


def _zones(incomplete: str) -> list[str]:
    return sorted(name for name in available_timezones() if name.startswith(incomplete))


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        help="The configuration; else CALLBACK_CONFIG, callback.yml, or the sandbox's.",
        show_default=False,
    ),
]
TopicOption = Annotated[
    str | None,
    typer.Option(
        help="Topic of the configuration; else its first.",
        show_default=False,
        autocompletion=complete_topics,
    ),
]
ZoneOption = Annotated[
    str | None,
    typer.Option(
        help="The customer's time zone, such as Europe/Lisbon; else the topic's.",
        show_default=False,
        autocompletion=_zones,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object, for programs.", show_default=False)
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: it has been agreed to.")]
NumbersOption = Annotated[
    bool, typer.Option("--show-numbers", help="Show whole telephone numbers, not the last digits.")
]
