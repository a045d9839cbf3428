"""Whether opening hours that a configuration names have words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ges_connector.callbacks.config_source import ConfigFault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ges_connector.callbacks.profile import CallbackConfig

_PREFIX: Final = "hours_"


def hours_without_words(config: CallbackConfig, worded: Collection[str]) -> Iterator[ConfigFault]:
    """Find the `static_hours` that nothing would be said for.

    Args:
        config: What the contact centre offers.
        worded: The names of the fragments that the catalogues word.

    Yields:
        A fault for each topic.
    """
    for topic, profile in config.topics.items():
        hours = profile.static_hours
        if hours is not None and hours not in worded:
            known = ", ".join(name for name in worded if name.startswith(_PREFIX)) or "none"
            yield ConfigFault(
                f"topics.{topic}.static_hours",
                f"{hours!r} has no wording",
                right=f"there are: {known}; add it to every file of the catalogues",
            )
