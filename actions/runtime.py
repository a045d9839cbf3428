"""What all actions of one process share: configuration, wording, the callback service, the clock.

Actions hold nothing themselves, because the SDK pickles them into its workers. The service belongs
to one event loop: `actions.server` opens it when a worker starts and closes it when the worker
stops; where the SDK has no such hooks (gRPC, actions inside the engine) it is opened when the first
action needs it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from ges_connector.api import GesConfigurationError, GesSettings
from ges_connector.api.settings import in_variables
from ges_connector.callbacks import clock
from ges_connector.callbacks.config_file import CONFIG_VARIABLE, USUAL_CONFIG, config_file
from ges_connector.callbacks.config_source import CallbackConfigError
from ges_connector.callbacks.counting import count
from ges_connector.callbacks.decision_log import DecisionLog
from ges_connector.callbacks.events import Announcer
from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.callbacks.service import CallbackService
from ges_connector.callbacks.verification import only_where_it_was_booked, verify_named_in
from ges_connector.store import InProcessStore, open_store
from ges_connector.wording import Wording, read_wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.callbacks.verification import Verify
    from ges_connector.store import Store

logger = logging.getLogger(__name__)

WORDING_VARIABLE: Final = "CALLBACK_WORDING"
"""Names a folder of catalogues, for a deployment that words things itself."""
_HERE: Final = Path(__file__).resolve().parent
# Where the wheel puts the catalogues, and where a checkout has them.
_INSTALLED_WORDING: Final = _HERE / "wording"
_CHECKOUT_WORDING: Final = _HERE.parent / "domain" / "wording"


@dataclass(frozen=True, slots=True)
class Runtime:
    """What an action works with.

    Attributes:
        config: What the contact centre offers.
        wording: The catalogues, for the fragments in them.
        service: The callback service, for this event loop.
        now: Tells the present instant, UTC.
        verify: Tells whether a callback may be changed.
        announcer: Tells what happens to whoever counts it or writes it down.
        store: What the service shares with others; None where that is nobody's business.
    """

    config: CallbackConfig
    wording: Wording
    service: CallbackService
    now: Callable[[], datetime]
    verify: Verify = only_where_it_was_booked
    announcer: Announcer = field(default_factory=Announcer)
    store: Store | None = None


_open: dict[asyncio.AbstractEventLoop, Runtime] = {}
# Loops open theirs one after the other, so that the second finds the store of the first.
_opening = Lock()
_told: set[str] = set()
"""What was logged of a runtime that cannot be opened."""
_unknown_topics: set[str] = set()
_MOST_UNKNOWN: Final = 20
_NAME_OF_TOPIC: Final = re.compile(r"[a-z][a-z_-]{0,40}")


def runtime() -> Runtime:
    """Give the runtime of the running event loop, opened now if there is none yet.

    Raises:
        CallbackConfigError: The configuration cannot be used.
        GesConfigurationError: The address or key of GES cannot be used.
        StoreConfigurationError: The store that is named cannot be used.
        VerificationConfigError: The check of who may change a callback cannot be used.
        WordingError: The catalogues cannot be used.
    """
    loop = asyncio.get_running_loop()
    if loop not in _open:
        with _opening:
            try:
                _open[loop] = _opened()
            except Exception as error:
                _tell_once(error)
                raise
    return _open[loop]


def _tell_once(error: Exception) -> None:
    """Log what keeps all actions from working, once a process: each of them comes here again."""
    for fault in _faults_in(error):
        if fault not in _told:
            _told.add(fault)
            logger.error("Callbacks cannot be served: %s", fault)


def _faults_in(error: Exception) -> tuple[str, ...]:
    """Name each fault with the file or the variable that it stands in."""
    if isinstance(error, CallbackConfigError):
        name = config_file(os.environ).name
        return tuple(f"{name}: {fault}" for fault in error.located)
    if isinstance(error, GesConfigurationError):
        return in_variables(error)
    return (str(error),)


def pseudonym_of(sender: str) -> str:
    """Give a conversation's id a form that is fit for logs and spans; never raises.

    Sender ids can be telephone numbers, which are few enough to try them all: so the form is keyed.
    """
    try:
        return runtime().service.pseudonym("conversation", sender)
    except Exception:  # noqa: BLE001 - what is only to be told must not break what it is told of
        return "conversation-unknown"


async def close() -> None:
    """Close the runtime of the running event loop, if it was opened."""
    closing = _open.pop(asyncio.get_running_loop(), None)
    if closing is not None:
        await closing.service.aclose()


@contextmanager
def using(replacement: Runtime) -> Iterator[None]:
    """Work with another runtime on the running event loop, as tests do; it stays open."""
    loop = asyncio.get_running_loop()
    before = _open.get(loop)
    _open[loop] = replacement
    try:
        yield
    finally:
        _open.pop(loop, None)
        if before is not None:
            _open[loop] = before


@cache
def wording() -> Wording:
    """Read the catalogues, once a process: those that are named, else those that came along.

    Raises:
        WordingError: They cannot be used.
    """
    named = os.environ.get(WORDING_VARIABLE)
    if named:
        return read_wording(Path(named))
    installed = _INSTALLED_WORDING.is_dir()
    return read_wording(_INSTALLED_WORDING if installed else _CHECKOUT_WORDING)


def profile_of(config: CallbackConfig, topic: str | None) -> TopicProfile:
    """Find the profile of a topic; that there is none of its name is logged, once a process.

    Args:
        config: The configuration.
        topic: What a conversation names, be it a flow or a channel that chose it; None for the
            default one.
    """
    is_known = topic is None or topic in config.topics or topic in _unknown_topics
    if topic is not None and not is_known and len(_unknown_topics) < _MOST_UNKNOWN:
        _unknown_topics.add(topic)
        # Whoever chose it may have put anything there.
        named = topic if _NAME_OF_TOPIC.fullmatch(topic) else "of some other name"
        default = config.default_topic
        logger.warning("There is no topic %s: it is treated as %s.", named, default)
    return config.profile(topic)


def read_config() -> CallbackConfig:
    """Read the configuration: the file that is named, else `callback.yml`, else the sandbox's.

    Raises:
        CallbackConfigError: It holds faults; all are listed.
        OSError: The named file cannot be read.
    """
    file = config_file(os.environ)
    if file.path is None:
        logger.warning("No %s and no %s: using %s.", CONFIG_VARIABLE, USUAL_CONFIG, file.name)
    return CallbackConfig.from_yaml(file.text())


def adopt(config: CallbackConfig) -> tuple[str, ...]:
    """Work with another configuration from now on, on the running event loop.

    Args:
        config: What the contact centre offers now.

    Returns:
        The parts that stay as they were until a restart; none where nothing was opened yet.
    """
    loop = asyncio.get_running_loop()
    opened = _open.get(loop)
    if opened is None:
        return ()
    waiting = opened.service.adopt(config)
    _open[loop] = replace(opened, config=opened.service.config)
    return waiting


def announcer_of(config: CallbackConfig) -> Announcer:
    """Make what tells of events, with all that a configuration wants to hear of them."""
    settings = config.decision_log
    if settings.directory is None:
        return Announcer(count)
    return Announcer(count, DecisionLog(Path(settings.directory), settings.keep_days, clock.now))


def _opened() -> Runtime:
    # The process that starts the workers never speaks HTTP to GES, and does without what it takes.
    from ges_connector.api import GesClient  # noqa: PLC0415 - see above

    config, settings, verify = read_config(), GesSettings(), verify_named_in(os.environ)
    store = _store()
    service = CallbackService(lambda: GesClient(settings), config, clock=clock.now, store=store)
    return Runtime(
        config=config,
        wording=wording(),
        service=service,
        now=clock.now,
        verify=verify,
        announcer=announcer_of(config),
        store=store,
    )


def _store() -> Store:
    """Open the store; in the memory of the process there is one for all its event loops.

    Actions inside the engine may run in several loops, and a yes may reach each of them.
    """
    opened = open_store()
    known = list(_open.items())
    ours = [each.store for _, each in known if isinstance(each.store, InProcessStore)]
    for loop, _ in known:
        if loop.is_closed():
            _open.pop(loop, None)
    return ours[0] if ours and isinstance(opened, InProcessStore) else opened
