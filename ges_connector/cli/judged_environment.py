"""What is wrong with the environment variables of a deployment, before anything is started.

`serve`, `config check` and `doctor` all ask here, so that none calls sound what another refuses.
Nothing is connected; modules that a variable names are loaded, as the action server would.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from typing_extensions import override

from ges_connector.api import GesConfigurationError, GesSettings
from ges_connector.api.settings import in_variables
from ges_connector.callbacks import clock
from ges_connector.callbacks.config_schema import near
from ges_connector.callbacks.verification import (
    VERIFY_VARIABLE,
    VerificationConfigError,
    verify_named_in,
)
from ges_connector.cli.environment import variables
from ges_connector.cli.others import OTHERS_VARIABLE, faults_of_others, named_others
from ges_connector.doctor.assistant import WORDING_VARIABLE, served_catalogues
from ges_connector.sandbox.loopback import is_loopback_address
from ges_connector.store import StoreConfigurationError, open_store
from ges_connector.wording import WordingError, read_wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from actions.access import AccessSettings

WORKERS_VARIABLE: Final = "ACTION_SERVER_SANIC_WORKERS"
_PATH: Final = "/engagement/v3"
_OUR_PREFIXES: Final = ("GES_", "CALLBACK_")
_ACCESS_PREFIX: Final = "CALLBACK_ACTIONS_"
_RIGHT: Final = {
    "GES_REGION, GES_BASE_URL": (
        "GES_REGION is the label that came with the key, GES_BASE_URL an address that ends in "
        "/engagement/v3"
    ),
    "GES_REGION": "write the label that came with the key: letters, digits and hyphens",
    "GES_BASE_URL": "as https://gapi-REGION.genesyscloud.com/engagement/v3",
    "GES_API_KEY, GES_API_KEY_FILE": "the key is in the Developer tab of GES",
    "GES_API_KEY": "copy the key anew from the Developer tab of GES; it holds no blank",
    "GES_API_KEY_FILE": "correct the path, or write the key and nothing else into that file",
    "CALLBACK_STORE_URL": "as redis://:PASSWORD@HOST:6379/0",
    "CALLBACK_ACTIONS_SECRET": (
        "make one with `openssl rand -hex 24`; give it to the action server and to the engine"
    ),
    "CALLBACK_ACTIONS_SECRET_FILE": "correct the path and who may read the file",
    "CALLBACK_ACTIONS_METRICS_SECRET": "make one with `openssl rand -hex 24`, or unset it",
    VERIFY_VARIABLE: "name a coroutine function, or leave the variable out",
    WORDING_VARIABLE: "name a folder of catalogues, as domain/wording, or leave the variable out",
    clock.VARIABLE: "leave it out for real time",
}
# Forms that say no more than a sentence about the value does already.
_UNTELLING: Final = frozenset({"text", None})


@dataclass(frozen=True, slots=True)
class EnvironmentFault:
    """Something that is wrong with environment variables.

    Attributes:
        check: What it is about, as the doctor calls it.
        names: The variables, joined by commas.
        wrong: What is wrong, without any secret.
        right: What would be right; None if that is said already.
    """

    check: str
    names: str
    wrong: str
    right: str | None = None

    @property
    def is_absence(self) -> bool:
        """Whether nothing is set yet, as where the action server does not run."""
        return not any(os.environ.get(name) for name in self.names.split(", "))

    @property
    def plain(self) -> str:
        """The fault without what would be right."""
        return f"{self.names}: {self.wrong}"

    @override
    def __str__(self) -> str:
        right = f" ({self.right})" if self.right else ""
        return f"environment: {self.plain}{right}"


def environment_faults() -> tuple[EnvironmentFault, ...]:
    """Tell all that is wrong; what the action server alone reads only where it is installed."""
    return (*client_faults(), *server_faults(), *others_faults())


def client_faults() -> Iterator[EnvironmentFault]:
    """Tell what is wrong with the way to GES, the store and the clock."""
    yield from ges_faults()
    try:
        open_store()
    except StoreConfigurationError as error:
        yield from (_fault("store", each) for each in error.faults)
    try:
        clock.now()
    except (OSError, ValueError):
        yield _fault("environment", f"{clock.VARIABLE}: names no file with an instant")


def ges_faults() -> Iterator[EnvironmentFault]:
    """Tell what is wrong with the way to GES."""
    try:
        GesSettings()
    except GesConfigurationError as error:
        yield from (_fault("settings", each) for each in in_variables(error))


def server_faults(*, is_certified: bool = False) -> Iterator[EnvironmentFault]:
    """Tell what is wrong with the action server's own settings; nothing if it is not installed.

    Args:
        is_certified: Whether callers show certificates, and may do without a secret.
    """
    try:
        verify_named_in(os.environ)
    except VerificationConfigError as error:
        yield _fault("verification", str(error))
    yield from _worker_faults()
    yield from _wording_faults()
    try:
        from actions import log_lines, reloading  # noqa: PLC0415 - needs the extra `rasa`
    except ImportError:
        return
    yield from _access_faults(is_certified=is_certified)
    try:
        reloading.seconds_between(os.environ)
    except reloading.ReloadSettingsError as error:
        yield _fault("environment", str(error))
    for name in (log_lines.FORMAT_VARIABLE, log_lines.LEVEL_VARIABLE):
        try:
            log_lines.check({name: os.environ.get(name, "")})
        except log_lines.LogSettingsError as error:
            yield _fault("environment", str(error))


def _worker_faults() -> Iterator[EnvironmentFault]:
    told = os.environ.get(WORKERS_VARIABLE, "")
    if told and not (told.isascii() and told.isdecimal() and int(told)):
        wrong = f"{WORKERS_VARIABLE}: must be a whole number at least 1"
        yield _fault("environment", wrong)


def _wording_faults() -> Iterator[EnvironmentFault]:
    folder = served_catalogues(os.environ)
    if folder is None:
        return
    try:
        read_wording(folder)
    except (WordingError, OSError) as error:
        is_named = bool(os.environ.get(WORDING_VARIABLE))
        # The folder is where to look: without the variable it is the one that came along.
        names = WORDING_VARIABLE if is_named else str(folder)
        told = " ".join(str(error).split()) if Path(folder).is_dir() else "there is no such folder"
        yield _fault("environment", f"{names}: {told}")


def access_settings() -> AccessSettings:
    """Read who may call the action server; a limit that is wrong is left at what holds without it.

    So the secrets can be looked at whatever else is wrong. Needs the extra `rasa`.
    """
    from actions.access import AccessSettings  # noqa: PLC0415 - needs the extra

    fields = AccessSettings.model_fields
    wrong = [name for fault in _told_by(AccessSettings) for name in _names(fault)]
    return AccessSettings(**{name: fields[name].default for name in wrong})


def _access_faults(*, is_certified: bool) -> Iterator[EnvironmentFault]:
    from actions.access import DEMO_VARIABLE, AccessSettings  # noqa: PLC0415 - needs the extra

    settings, is_demo = access_settings(), os.environ.get(DEMO_VARIABLE) == "1"
    secrets = _told_by(lambda: settings.secrets(is_demo=is_demo, is_certified=is_certified))
    for each in (*secrets, *_told_by(settings.metrics_secrets)):
        yield _fault("secret", _named(_ACCESS_PREFIX, each))
    for each in _told_by(AccessSettings):
        yield _fault("environment", _named(_ACCESS_PREFIX, each))


def _told_by(read: Callable[[], object]) -> tuple[str, ...]:
    from actions.access import AccessSettingsError  # noqa: PLC0415 - needs the extra

    try:
        read()
    except AccessSettingsError as error:
        return error.faults
    return ()


def misspelt_variables() -> Iterator[EnvironmentFault]:
    """Tell which variables nobody reads, and which one was probably meant.

    They keep nothing from starting: others may have variables of such names too.
    """
    known = [each.name for each in variables()]
    for name in sorted(os.environ):
        if not name.startswith(_OUR_PREFIXES) or name in known:
            continue
        if (meant := near(name, known)) is not None:
            is_set = ", which is set too" if os.environ.get(meant) else ""
            right = f"is {meant} meant{is_set}?"
            yield EnvironmentFault("environment", name, "nothing reads it", right)


def doubtful_ways() -> Iterator[EnvironmentFault]:
    """Tell what is odd about the way to GES; nothing while it is not sound.

    It keeps nothing from starting: another machine in plain text may be in the same closed network,
    and a gateway may have GES under a path of its own.
    """
    try:
        url = GesSettings().root_url
    except GesConfigurationError:
        return
    way = urlsplit(url)
    if not way.path.endswith(_PATH):
        wrong = f"does not end in {_PATH}, under which GES is"
        right = f"write {way.scheme}://{way.netloc}{_PATH}, unless a gateway has another path"
        yield EnvironmentFault("settings", "GES_BASE_URL", wrong, right)
    host = way.hostname or ""
    if way.scheme == "http" and not is_loopback_address(host):
        wrong = f"key and telephone numbers go to {host} in plain text"
        right = "write https://, unless that is a machine of yours"
        yield EnvironmentFault("settings", "GES_BASE_URL", wrong, right)


def others_faults() -> Iterator[EnvironmentFault]:
    """Tell which modules of others that the environment names cannot be loaded."""
    for each in faults_of_others(named_others(os.environ)):
        yield EnvironmentFault("environment", OTHERS_VARIABLE, each)


def _names(fault: str) -> list[str]:
    return fault.partition(": ")[0].split(", ")


def _named(prefix: str, fault: str) -> str:
    """Name the variables a fault is about instead of the settings they give."""
    named = ", ".join(f"{prefix}{name}".upper() for name in _names(fault))
    return f"{named}: {fault.partition(': ')[2]}"


def _fault(check: str, told: str) -> EnvironmentFault:
    names, _, wrong = told.partition(": ")
    right = _RIGHT.get(names)
    forms = {each.name: each.form for each in variables()}
    if "needs the extra" in wrong:
        # The address is right as it is; the fault says what to install.
        right = None
    # The words of pydantic are those of who writes Python.
    wrong = wrong.removeprefix("Value error, ")
    if wrong.startswith("Input should") and (form := forms.get(names)) not in _UNTELLING:
        wrong, right = f"must be {form}", None
    return EnvironmentFault(check, names, wrong, right)
