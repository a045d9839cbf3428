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
    from collections.abc import Collection, Iterator

_PROCESS_WIDE: Final = frozenset({"patience", "budget", "decision_log"})
"""Parts that are built into a running service: they change when it is started again."""
_FIRST_TOPIC: Final = "default_topic"
_NOTHING: Final = object()


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
        path: The keys that lead to it.
        old: The value before; None also where there was none.
        new: The value after; None also where there is none.
        is_added: Whether there was none before.
        is_removed: Whether there is none after.
        needs_restart: Whether a running action server keeps the old one until it is started again.
    """

    path: Path
    old: Any
    new: Any
    is_added: bool
    is_removed: bool
    needs_restart: bool

    @property
    def place(self) -> str:
        """The keys, joined by dots."""
        return place_of(self.path)


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
        What changes for conversations, whatever part of the file it was written in; under
        `default_topic` also that another topic comes first, which is meant where none is named.

    Raises:
        CallbackConfigError: One of them holds faults.
    """
    before, after = (_held(text) for text in (old, new))
    whole = {path for path in (*before, *after) if _is_whole(path, before, after)}
    paths = dict.fromkeys(_kept(path, whole) for path in (*before, *after))
    found = ((path, _at(before, path), _at(after, path)) for path in paths)
    return tuple(_change(path, was, will) for path, was, will in found if was != will)


def _held(text: str) -> dict[Path, Any]:
    """All values by their places, and which topic is meant where a conversation names none."""
    values = {each.path: each.value for each in effective(text)}
    return {(_FIRST_TOPIC,): CallbackConfig.from_yaml(text).default_topic, **values}


def _is_whole(path: Path, *configurations: Mapping[Path, Any]) -> bool:
    """Whether a value stands where another configuration has a part with keys of its own."""
    return any(
        path not in values and any(each[: len(path)] == path for each in values)
        for values in configurations
    )


def _kept(path: Path, whole: Collection[Path]) -> Path:
    """The place at which a value is told: its own, or that of the part it belongs to."""
    return next((each for each in whole if path[: len(each)] == each), path)


def _at(values: Mapping[Path, Any], path: Path) -> Any:
    """What stands at a place: a value, or a part with its keys; `_NOTHING` if nothing does."""
    if path in values:
        return values[path]
    below = {each[-1]: value for each, value in values.items() if each[: len(path)] == path}
    return below or _NOTHING


def _change(path: Path, old: Any, new: Any) -> Change:
    return Change(
        path=path,
        old=None if old is _NOTHING else old,
        new=None if new is _NOTHING else new,
        is_added=old is _NOTHING,
        is_removed=new is _NOTHING,
        needs_restart=path[0] in _PROCESS_WIDE,
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
