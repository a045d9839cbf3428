"""What `ges-callback doctor` does, step by step, with the settings of the environment."""

import asyncio
import json
import logging
import os
import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path

import typer

from ges_connector.api import GesClient, GesSettings
from ges_connector.api.redaction import without_credentials
from ges_connector.api.transport import tls_context
from ges_connector.callbacks import clock, decision_log
from ges_connector.callbacks.config_file import config_file
from ges_connector.callbacks.config_source import CallbackConfigError, ConfigFault
from ges_connector.callbacks.phone import NumberRefused, Phone, find_number
from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.cli.environment import ACTIONS_URL_VARIABLE
from ges_connector.cli.hours import unworded_hours
from ges_connector.cli.judged_environment import (
    EnvironmentFault,
    access_settings,
    environment_faults,
    misspelt_variables,
)
from ges_connector.doctor import Finding, Light, assistant_checks, local_checks, worst
from ges_connector.doctor.assistant import Assistant, read_assistant
from ges_connector.doctor.by_hand import to_check_by_hand
from ges_connector.doctor.examination import Way, examine_topics, examine_way, not_tried
from ges_connector.doctor.probes import ActionServer, ask_action_server, base_of
from ges_connector.doctor.trial import try_booking
from ges_connector.language.grammar_files import grammar_languages
from ges_connector.store.settings import StoreSettings, open_store
from ges_connector.store.terms import StoreError

_COLORS = {Light.GREEN: "green", Light.AMBER: "yellow", Light.RED: "red"}
_INTERRUPTED = 130
_ORIGIN = re.compile(r"https?://[^/?#@\s]+")
# Where one of these is red, nothing that comes after it can be asked for.
_ON_THE_WAY = frozenset({"name", "connection", "path", "key", "answer"})
# Checks that more than one place here knows of.
_SETTINGS, _STORE, _SECRET = "settings", "store", "secret"
_NO_TOKEN = "ges-callback-doctor"  # noqa: S105 - a token of a booking that nobody makes


@dataclass(frozen=True, slots=True)
class Options:
    """What the command was called with.

    Attributes:
        file: The configuration file; None for the usual one.
        actions_url: Where the action server runs; None for that of the environment.
        project: The folder of the assistant.
        origin: A web page's origin that shall call GES itself.
        lends: Whether call-in numbers may be lent.
        number: A number to book a callback for; None for no booking.
        topic: The topic of the booking; None for the first.
    """

    file: Path | None
    actions_url: str | None
    project: Path
    origin: str | None
    lends: bool
    number: str | None
    topic: str | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command was asked for."""

    config: CallbackConfig | None
    file_findings: tuple[Finding, ...]
    actions_url: str | None
    project: Path
    origin: str | None
    lends: bool
    topic: str
    phone: Phone | None


def run(options: Options, *, as_json: bool) -> int:
    """Check a deployment and print the findings.

    Args:
        options: What the command was called with.
        as_json: Whether to print one JSON object, at the end.

    Returns:
        The exit code.

    Raises:
        typer.BadParameter: The command was called wrongly.
    """
    wanted = _wanted(options)
    # What the client logs about a failed call stands among the findings, in better words.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        findings = asyncio.run(_gather(wanted, shows=not as_json))
    except KeyboardInterrupt:
        return _INTERRUPTED
    light = worst(findings)
    by_hand = list(to_check_by_hand(wanted.config)) if wanted.config else []
    if as_json:
        result = {
            "light": light.value,
            "findings": [asdict(each) for each in findings],
            "by_hand": by_hand,
        }
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        _print_end(light, findings, by_hand)
    return 1 if light is Light.RED else 0


def _wanted(options: Options) -> _Wanted:
    """Read the options; what is wrong with the call itself ends the command with 2."""
    if options.file is not None and not options.file.is_file():
        raise typer.BadParameter(f"{options.file} is no file", param_hint="--config")
    if not options.project.is_dir():
        raise typer.BadParameter(f"{options.project} is no folder", param_hint="--project")
    url = options.actions_url or os.environ.get(ACTIONS_URL_VARIABLE) or None
    schemes = ("http://", "https://")
    if url and not url.startswith(schemes) and not assistant_checks.is_by_grpc(url):
        named = "--actions-url" if options.actions_url else ACTIONS_URL_VARIABLE
        said = f"{without_credentials(url)!r} does not begin with http://"
        raise typer.BadParameter(said, param_hint=named)
    if options.origin is not None and not _ORIGIN.fullmatch(options.origin):
        said = f"{options.origin!r} is no origin; write it as https://shop.example, without a path"
        raise typer.BadParameter(said, param_hint="--origin")
    config, findings = _read_config(options)
    topic, phone = "", None
    if config is not None:
        topic = options.topic or config.default_topic
        phone = _phone(options, config, topic)
    return _Wanted(
        config=config,
        file_findings=findings,
        actions_url=url,
        project=options.project,
        origin=options.origin,
        lends=options.lends or phone is not None,
        topic=topic,
        phone=phone,
    )


def _phone(options: Options, config: CallbackConfig, topic: str) -> Phone | None:
    if topic not in config.topics:
        known = ", ".join(config.topics)
        raise typer.BadParameter(f"{topic!r} is none; there are: {known}", param_hint="--topic")
    if options.number is None:
        return None
    found = find_number(options.number, countries=config.topics[topic].countries)
    if isinstance(found, NumberRefused):
        called = ", ".join(config.topics[topic].countries)
        said = f"{found.fault.value.replace('_', ' ')} (called back: {called})"
        raise typer.BadParameter(said, param_hint="--book")
    return found


def _read_config(options: Options) -> tuple[CallbackConfig | None, tuple[Finding, ...]]:
    chosen = config_file(os.environ, options.file)
    check = "configuration"
    try:
        text = chosen.text()
        config = CallbackConfig.from_yaml(text)
    except CallbackConfigError as error:
        return None, tuple(_of_file(chosen.name, each) for each in error.located)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        told = f"{chosen.name}: cannot be read: {reason or 'no file has such a name'}"
        step = "correct the path in CALLBACK_CONFIG (or --config), and who may read the file"
        return None, (Finding(check, Light.RED, told, None, step),)
    if unworded := [*unworded_hours(config, text, options.project, os.environ)]:
        return config, tuple(_of_file(chosen.name, each) for each in unworded)
    if chosen.path is None:
        step = "write a callback.yml of your own, or name it in CALLBACK_CONFIG"
        told = f"none was found: {chosen.name} is used"
        return config, (Finding(check, Light.AMBER, told, None, step),)
    return config, (Finding(check, Light.GREEN, f"{chosen.name}: sound"),)


def _of_file(name: str, fault: ConfigFault) -> Finding:
    """A fault of the file, at its line; what would be right is the next step."""
    told = replace(fault, right=None).in_file(name)
    step = f"correct the file: {fault.right}" if fault.right else "correct the file"
    return Finding("configuration", Light.RED, told, None, step)


async def _gather(wanted: _Wanted, *, shows: bool) -> list[Finding]:
    findings: list[Finding] = []
    async with aclosing(_examine(wanted)) as steps:
        async for finding in steps:
            # Addresses are told as they are set, and may hold a password.
            found = replace(finding, told=without_credentials(finding.told))
            findings.append(found)
            if shows:
                _print(found)
    return findings


async def _examine(wanted: _Wanted) -> AsyncGenerator[Finding, None]:
    faults = environment_faults()
    for finding in (*wanted.file_findings, *_check_environment(faults)):
        yield finding
    assistant = _assistant(wanted)
    for finding in _check_profiles(wanted, assistant):
        yield finding
    if not _faulty(faults, _SETTINGS):
        async with aclosing(_examine_ges(GesSettings(), wanted)) as steps:
            async for finding in steps:
                yield finding
    else:
        yield not_tried("GES_… variables are missing or wrong")
    for finding in _faulty(faults, _STORE) or [await _check_store()]:
        yield finding
    for finding in (*_check_decision_log(wanted), *(_faulty(faults, _SECRET) or [_check_secret()])):
        yield finding
    async with aclosing(_examine_assistant(wanted, assistant)) as steps:
        async for finding in steps:
            yield finding


def _check_environment(faults: Sequence[EnvironmentFault]) -> Iterable[Finding]:
    """What `serve` would refuse, but for what has a check of its own further down."""
    others = [each for each in faults if each.check not in {_STORE, _SECRET}]
    yield from map(_as_finding, others)
    yield from (replace(_as_finding(each), light=Light.AMBER) for each in misspelt_variables())
    if not _faulty(faults, _SETTINGS):
        yield Finding(_SETTINGS, Light.GREEN, f"GES is at {GesSettings().root_url}")


def _faulty(faults: Iterable[EnvironmentFault], check: str) -> list[Finding]:
    return [_as_finding(each) for each in faults if each.check == check]


def _as_finding(fault: EnvironmentFault) -> Finding:
    step = fault.right or "correct the variable, or leave it out"
    return Finding(fault.check, Light.RED, fault.plain, None, step)


def _check_decision_log(wanted: _Wanted) -> list[Finding]:
    """Nothing where none is written, as it is unless it is asked for."""
    named = None if wanted.config is None else wanted.config.decision_log.directory
    if named is None:
        return []
    return [local_checks.check_decision_log(Path(named), decision_log.fault_of(Path(named)))]


def _check_secret() -> Finding:
    return assistant_checks.check_secret(is_installed=find_spec("rasa_sdk") is not None)


def _check_profiles(wanted: _Wanted, assistant: Assistant) -> Iterable[Finding]:
    if wanted.config is None:
        return
    read = grammar_languages()
    for topic, profile in wanted.config.topics.items():
        yield local_checks.check_numbers(topic, profile)
        yield local_checks.check_languages(topic, profile, assistant.languages, read)


async def _examine_ges(settings: GesSettings, wanted: _Wanted) -> AsyncGenerator[Finding, None]:
    is_tls = settings.root_url.startswith("https")
    trust = tls_context() if is_tls else None
    has_clock = _action_server_clock() is not None
    named = clock.VARIABLE if os.environ.get(clock.VARIABLE) else None
    way = Way(settings, lambda: datetime.now(UTC), _clock, named, trust=trust, origin=wanted.origin)
    blocked = is_clock_off = False
    async with aclosing(examine_way(way)) as steps:
        async for finding in steps:
            blocked = blocked or _blocks(finding)
            is_clock_off = is_clock_off or (finding.check, finding.light) == ("clock", Light.RED)
            yield _uncompared(finding) if finding.check == "clock" and not has_clock else finding
    if blocked or wanted.config is None:
        yield not_tried("GES cannot be reached" if blocked else "the configuration cannot be used")
        return
    # Each call is to tell of itself, however many before it failed.
    async with GesClient(settings.model_copy(update={"circuit_failures": 0})) as client:
        async with aclosing(
            examine_topics(client, way, wanted.config, lends=wanted.lends)
        ) as steps:
            async for finding in steps:
                blocked = blocked or _blocks(finding)
                # Where the clock is red, the days only say the same again.
                if finding.check != "days" or not is_clock_off:
                    yield finding
        if wanted.phone is not None and not blocked:
            profile = wanted.config.topics[wanted.topic]
            async with aclosing(try_booking(client, wanted.topic, profile, wanted.phone)) as steps:
                async for finding in steps:
                    yield finding


def _blocks(finding: Finding) -> bool:
    return finding.light is Light.RED and finding.check in _ON_THE_WAY


def _clock() -> datetime:
    """The clock of the action server; where its file cannot be read, that of this machine."""
    return _action_server_clock() or datetime.now(UTC)


def _action_server_clock() -> datetime | None:
    """The clock of the action server; None where its file cannot be read."""
    try:
        return clock.now()
    except (OSError, ValueError):
        return None


def _uncompared(found: Finding) -> Finding:
    """Say that there is no clock to compare, in place of what this machine's came to."""
    told = f"not compared: what {clock.VARIABLE} names cannot be read"
    return replace(
        found, light=Light.AMBER, told=told, next_step="correct the file, or leave it out"
    )


async def _check_store() -> Finding:
    """Look a booking up that nobody made: nothing is written."""
    given = StoreSettings()
    store, fault, is_refusal = open_store(given), None, False
    try:
        await store.result(_NO_TOKEN)
    except StoreError as error:
        fault, is_refusal = str(error), getattr(error, "is_refusal", False)
    finally:
        with suppress(StoreError):
            await store.aclose()
    return local_checks.check_store(given.place(), fault, is_refusal=is_refusal)


async def _examine_assistant(
    wanted: _Wanted, assistant: Assistant
) -> AsyncGenerator[Finding, None]:
    secret = _secret()
    endpoint, actions = assistant.endpoint, assistant.actions
    yield assistant_checks.check_domain(assistant)
    asked = endpoint.url if endpoint and assistant_checks.is_askable(endpoint) else None
    url = wanted.actions_url or asked
    is_unasked = url is None or assistant_checks.is_by_grpc(url)
    found = None if url is None or is_unasked else await ask_action_server(url, secret)
    server = assistant_checks.check_action_server(url, found, actions)
    yield assistant_checks.unless_told_by_engine(server, endpoint, url)
    shown = endpoint.secret if endpoint else None
    there = None
    if asked is not None and url is not None and base_of(asked) != base_of(url):
        there = await ask_action_server(asked, shown)
    is_held = await _is_held(url, found, shown)
    yield assistant_checks.check_engine(
        endpoint, wanted.actions_url, there, is_held=is_held, wanted=actions
    )


def _assistant(wanted: _Wanted) -> Assistant:
    """The assistant, with the variables that the engine has, and none that only we were told."""
    return read_assistant(wanted.project, os.environ)


def _secret() -> str | None:
    """A secret that may be shown; None if there is none."""
    try:
        from actions.access import AccessSettingsError  # noqa: PLC0415 - an extra
    except ImportError:
        return next(iter(_named_secrets()), None)
    try:
        return access_settings().first()
    except AccessSettingsError:
        return None


async def _is_held(
    url: str | None, found: ActionServer | Exception | None, shown: str | None
) -> bool:
    """Whether the action server takes the secret that the engine shows.

    The server itself knows better than the settings here.
    """
    is_there = isinstance(found, ActionServer) and found.ready_status == HTTPStatus.OK
    if url is None or shown is None or not is_there:
        return _holds(shown)
    its = found if shown == _secret() else await ask_action_server(url, shown)
    return not assistant_checks.is_refused(its)


def _holds(shown: str | None) -> bool:
    """Whether the engine shows a secret that is set here, be it a weak one."""
    try:
        from actions.access import AccessSettingsError  # noqa: PLC0415 - an extra
    except ImportError:
        return shown in _named_secrets()
    try:
        return shown is not None and access_settings().secrets(is_demo=True).hold(shown)
    except AccessSettingsError:
        return False


def _named_secrets() -> list[str]:
    """The secrets in the environment, where what knows more of them is not installed."""
    return os.environ.get("CALLBACK_ACTIONS_SECRET", "").split()


def _print(finding: Finding) -> None:
    light = typer.style(f"{finding.light.value:5}", fg=_COLORS[finding.light], bold=True)
    topic = f" [{finding.topic}]" if finding.topic else ""
    typer.echo(f"{light}  {finding.check}{topic}: {finding.told}")
    if finding.next_step and finding.light is not Light.GREEN:
        typer.echo(f"       -> {finding.next_step}")
    if finding.corr_id:
        typer.echo(f"       -> corrId {finding.corr_id}")


def _print_end(light: Light, findings: list[Finding], by_hand: list[str]) -> None:
    counts = ", ".join(
        f"{sum(each.light is kind for each in findings)} {kind.value}" for kind in Light
    )
    if by_hand:
        typer.echo("\nLook at these in GES by hand before the first booking:")
        for each in by_hand:
            typer.echo(f"  - {each}")
    typer.echo(f"\n{counts}: {_summary(light, findings)}")


def _summary(light: Light, findings: list[Finding]) -> str:
    if light is Light.RED:
        return "callbacks cannot be served like this"
    left = sum(each.light is Light.AMBER for each in findings)
    return f"ready, with {left} thing{'s' * (left > 1)} to look at" if left else "ready"
