"""What a configuration comes to: every value that holds, where it comes from, and what changes.

Pure. Values are as JSON has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from ges_connector.callbacks.config_source import Path, parse, place_of
from ges_connector.callbacks.profile import CallbackConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROCESS_WIDE: Final = frozenset({"patience", "budget", "decision_log"})
"""Parts that are built into a running service: they change when it is started again."""


class Origin(StrEnum):
    """Where a value comes from."""

    PROGRAM = "program"
    """The default of the program: the file says nothing."""
    DEFAULTS = "defaults"
    """The part `defaults` of the file."""
    TOPIC = "topic"
    """The topic itself."""
    FILE = "file"
    """A part of the file that is of no topic."""


@dataclass(frozen=True, slots=True)
class Effective:
    """A value that holds.

    Attributes:
        path: The keys that lead to it, from `topics` or from a part of the file on.
        value: The value, as JSON has it.
        origin: Where it comes from.
    """

    path: Path
    value: Any
    origin: Origin

    @property
    def place(self) -> str:
        """The keys, joined by dots."""
        return place_of(self.path)


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is another one in another configuration.

    Attributes:
        place: The keys that lead to it, joined by dots.
        old: The value before; None also where there was none.
        new: The value after; None also where there is none.
        is_added: Whether there was none before.
        is_removed: Whether there is none after.
        needs_restart: Whether a running action server keeps the old one until it is started again.
    """

    place: str
    old: Any
    new: Any
    is_added: bool
    is_removed: bool
    needs_restart: bool


def effective(text: str) -> tuple[Effective, ...]:
    """Find every value that holds.

    Args:
        text: Content of the configuration file.

    Raises:
        CallbackConfigError: It holds faults; all of them are listed.
    """
    config = CallbackConfig.from_yaml(text)
    return tuple(_effective(config.model_dump(mode="json"), parse(text)))


def _effective(config: Mapping[str, Any], written: Mapping[str, Any]) -> Iterator[Effective]:
    topics = written["topics"]
    for path, value in _leaves(config):
        if path[0] != "topics":
            origin = Origin.FILE if _is_written(written, path) else Origin.PROGRAM
        elif _is_written(topics, path[1:]):
            origin = Origin.TOPIC
        else:
            is_default = _is_written(written.get("defaults"), path[2:])
            origin = Origin.DEFAULTS if is_default else Origin.PROGRAM
        yield Effective(path, value, origin)


def _leaves(value: Any, here: Path = ()) -> Iterator[tuple[Path, Any]]:
    if not isinstance(value, Mapping):
        yield here, value
        return
    for key, below in value.items():
        yield from _leaves(below, (*here, key))


def _is_written(written: Any, path: Path) -> bool:
    """Whether a file says something at a place, be it by a null above it."""
    for part in path:
        if not isinstance(written, Mapping):
            return written is not None
        if part not in written:
            return False
        written = written[part]
    return True


def differences(old: str, new: str) -> tuple[Change, ...]:
    """Find every value that holds in one configuration and not in the other.

    Args:
        old: Content of the file before.
        new: Content of the file after.

    Returns:
        What changes for conversations, whatever part of the file it was written in.

    Raises:
        CallbackConfigError: One of them holds faults.
    """
    before, after = ({each.path: each.value for each in effective(text)} for text in (old, new))
    paths = [*before, *(path for path in after if path not in before)]
    return tuple(
        Change(
            place=place_of(path),
            old=before.get(path),
            new=after.get(path),
            is_added=path not in before,
            is_removed=path not in after,
            needs_restart=path[0] in _PROCESS_WIDE,
        )
        for path in paths
        if path not in before or path not in after or before[path] != after[path]
    )


def kept_until_restart(
    old: CallbackConfig, new: CallbackConfig
) -> tuple[CallbackConfig, tuple[str, ...]]:
    """Take over what a running service can, and keep what is built into it.

    Args:
        old: What it works with.
        new: What it shall work with.

    Returns:
        What it can work with at once, and the names of the parts that wait for a restart.
    """
    waiting = tuple(
        name for name in sorted(_PROCESS_WIDE) if getattr(old, name) != getattr(new, name)
    )
    kept = {name: getattr(old, name) for name in waiting}
    return new.model_copy(update=kept), waiting
