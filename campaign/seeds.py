"""Plans that once failed, kept to be played again: `tests/faults/seeds.yml`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml import YAML

from campaign.plans import Round
from campaign.play import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SEEDS: Final = ROOT / "tests" / "faults" / "seeds.yml"


def kept_rounds(path: Path = SEEDS) -> dict[str, Round]:
    """Read the plans that are kept, each by what it shows."""
    listed: Any = YAML(typ="safe", pure=True).load(path)
    return {each["shows"]: Round.model_validate(each["round"]) for each in listed or []}


def as_entry(shows: str, played: Round) -> str:
    """Write a plan as an entry of that file."""
    plan = played.model_dump(mode="json", exclude_defaults=True)
    return f"- shows: {json.dumps(shows)}\n  round: {json.dumps(plan)}\n"
