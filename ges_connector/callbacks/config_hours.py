"""Whether opening hours that a configuration names have words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ges_connector.callbacks.config_source import (
    ConfigFault,
    Path,
    in_order_of_lines,
    place_of,
    standing,
)
from ges_connector.callbacks.profile import topics_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ges_connector.callbacks.profile import CallbackConfig

_PREFIX: Final = "hours_"


def hours_without_words(
    config: CallbackConfig, worded: Collection[str], text: str
) -> Iterator[ConfigFault]:
    """Find the `static_hours` that nothing would be said for.

    Args:
        config: What the contact centre offers.
        worded: The names of the fragments that the catalogues word.
        text: The file that it was read from.

    Yields:
        A fault for each place in the file.
    """
    wrong = [
        (topic, profile.static_hours)
        for topic, profile in config.topics.items()
        if profile.static_hours is not None and profile.static_hours not in worded
    ]
    if not wrong:
        return
    topics = topics_of(text)
    known = ", ".join(name for name in worded if name.startswith(_PREFIX)) or "none"
    right = f"there are: {known}; add it to every file of the catalogues"
    faults: dict[Path, ConfigFault] = {}
    for topic, hours in wrong:
        path = standing(("topics", topic, "static_hours"), topics)
        faults[path] = ConfigFault(place_of(path), f"{hours!r} has no wording", right, path=path)
    yield from in_order_of_lines(faults.values(), text)
