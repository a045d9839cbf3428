"""Which files of a checkout are rendered from the catalogues, and whether they are fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ges_connector.wording.calm import render_calm_responses
from ges_connector.wording.classic import render_responses
from ges_connector.wording.last_resort import render_last_resort
from ges_connector.wording.reading import read_wording

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUES = "domain/wording"
CLASSIC_RESPONSES = "domain/classic/responses.yml"
CALM_RESPONSES = "domain/calm/responses.yml"
LAST_RESORT = "engine/last_resort.yml"


def rendered(root: Path) -> dict[Path, str]:
    """Render every file.

    Args:
        root: The top of a checkout, or a folder that holds catalogues as one does.

    Returns:
        The text that each file should have; what is said when nothing works only in a checkout.

    Raises:
        WordingError: The catalogues cannot be used, or the settings among the rendered files.
        OSError: A file cannot be read.
    """
    wording = read_wording(root / CATALOGUES)
    last_resort = root / LAST_RESORT
    responses = {
        root / CLASSIC_RESPONSES: render_responses(wording),
        root / CALM_RESPONSES: render_calm_responses(wording),
    }
    if not last_resort.is_file():
        return responses
    last = render_last_resort(wording, last_resort.read_text(encoding="utf-8"))
    return {**responses, last_resort: last}


def stale(root: Path) -> list[Path]:
    """Name the files that are not as the catalogues would have them.

    Raises:
        WordingError: As `rendered`.
        OSError: As `rendered`.
    """
    return [
        path
        for path, text in rendered(root).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
