"""Whether opening hours that a configuration names have words in the catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ges_connector.callbacks.config_source import ConfigFault
from ges_connector.doctor.assistant import catalogues
from ges_connector.wording import WordingError, read_wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ges_connector.callbacks.profile import CallbackConfig

_PREFIX: Final = "hours_"


def unworded_hours(
    config: CallbackConfig, project: Path, environment: Mapping[str, str]
) -> Iterator[ConfigFault]:
    """Find the `static_hours` that nothing would be said for.

    Args:
        config: What the contact centre offers.
        project: The folder of the assistant, where catalogues of a checkout lie.
        environment: Variables, of which one may name other catalogues.

    Yields:
        A fault for each topic; none where there are no catalogues that can be read.
    """
    named = {
        topic: profile.static_hours
        for topic, profile in config.topics.items()
        if profile.static_hours is not None
    }
    if not named:
        return
    try:
        there = read_wording(catalogues(project, environment)).master.fragments
    except (WordingError, OSError):
        # Said by the doctor and at the start of the action server, which cannot do without them.
        return
    for topic, hours in named.items():
        if hours not in there:
            known = ", ".join(name for name in there if name.startswith(_PREFIX)) or "none"
            yield ConfigFault(
                f"topics.{topic}.static_hours",
                f"{hours!r} has no wording",
                right=f"there are: {known}; add it to every file of the catalogues",
            )
