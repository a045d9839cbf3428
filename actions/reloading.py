"""Takes up a changed configuration file while the server runs.

Each worker looks every few seconds whether the file has changed, so no signal has to reach all
workers of all replicas. A file with faults is not taken up: the old one stays, and the log says so.
What is built into a running service (`patience`, `budget`) and what the environment says wait for a
restart.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from actions import runtime
from ges_connector.callbacks import counting
from ges_connector.callbacks.config_hours import hours_without_words
from ges_connector.callbacks.config_source import CallbackConfigError
from ges_connector.callbacks.profile import CallbackConfig
from ges_connector.wording import WordingError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ges_connector.callbacks.config_file import ConfigFile

logger = logging.getLogger(__name__)

SECONDS_VARIABLE: Final = "CALLBACK_RELOAD_SECONDS"
"""How often the file is looked at; 0 never does."""
_USUAL_SECONDS: Final = 5.0
_LONGEST_SECONDS: Final = 3600.0


class ReloadSettingsError(ValueError):
    """How often to look cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{SECONDS_VARIABLE}: {text!r} is no number of seconds from 0 to {_LONGEST_SECONDS:.0f}"
        )


def seconds_between(environment: Mapping[str, str]) -> float:
    """Read how often the file is looked at, in seconds; 0 for never.

    Args:
        environment: Variables by name.

    Raises:
        ReloadSettingsError: What is set is no such number.
    """
    text = environment.get(SECONDS_VARIABLE, "").strip()
    try:
        seconds = float(text or _USUAL_SECONDS)
    except ValueError:
        raise ReloadSettingsError(text) from None
    if not 0 <= seconds <= _LONGEST_SECONDS:
        raise ReloadSettingsError(text)
    return seconds


class ConfigWatch:
    """Knows the state in which the file was last read.

    Make it before the file is read, so that no change in between is missed.

    Args:
        file: The file.
    """

    def __init__(self, file: ConfigFile) -> None:
        self._file = file
        self._mark = file.mark()

    async def look(self) -> None:
        """Take up the file if it has changed and is sound; keep the old one otherwise."""
        mark = self._file.mark()
        if mark == self._mark:
            return
        self._mark = mark
        if mark is None:
            logger.warning("%s is no longer there; what was read of it stays.", self._file.name)
            return
        try:
            config = await asyncio.to_thread(self._read)
        except CallbackConfigError as error:
            self._refuse(map(str, error.located))
            return
        except OSError as error:
            self._refuse([error.strerror or "cannot be read"])
            return
        waiting = runtime.adopt(config)
        counting.begin(config)
        logger.info("%s has changed and is taken up.", self._file.name)
        if waiting:
            logger.warning("%s: changes need a restart.", ", ".join(waiting))

    def _refuse(self, faults: Iterable[str]) -> None:
        name = self._file.name
        for fault in faults:
            logger.error("%s: %s", name, fault)
        logger.error("%s has changed and is not taken up; the old one stays.", name)

    def _read(self) -> CallbackConfig:
        text = self._file.text()
        config = CallbackConfig.from_yaml(text)
        if unworded := [*hours_without_words(config, _worded(config), text)]:
            raise CallbackConfigError(*unworded)
        return config

    async def look_every(self, seconds: float) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            await self.look()


def _worded(config: CallbackConfig) -> Collection[str]:
    """What the catalogues word, looked at only where hours are named; all if they are broken."""
    named = {profile.static_hours for profile in config.topics.values()} - {None}
    try:
        return runtime.wording().master.fragments if named else ()
    except (WordingError, OSError):
        # The ones that were read at the start still hold.
        return {name for name in named if name is not None}
