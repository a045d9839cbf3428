"""Whether opening hours that a configuration names have words in the catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ges_connector.callbacks.config_hours import hours_without_words
from ges_connector.doctor.assistant import catalogues
from ges_connector.wording import WordingError, read_wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ges_connector.callbacks.config_source import ConfigFault
    from ges_connector.callbacks.profile import CallbackConfig


def unworded_hours(
    config: CallbackConfig, text: str, project: Path, environment: Mapping[str, str]
) -> Iterator[ConfigFault]:
    """Find the `static_hours` that nothing would be said for.

    Args:
        config: What the contact centre offers.
        text: The file that it was read from.
        project: The folder of the assistant, where catalogues of a checkout lie.
        environment: Variables, of which one may name other catalogues.

    Yields:
        A fault for each place in the file; none where there are no catalogues that can be read.
    """
    if all(profile.static_hours is None for profile in config.topics.values()):
        return
    try:
        there = read_wording(catalogues(project, environment)).master.fragments
    except (WordingError, OSError):
        # Said by the doctor and at the start of the action server, which cannot do without them.
        return
    yield from hours_without_words(config, there, text)
