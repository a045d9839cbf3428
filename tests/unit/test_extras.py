"""What is told where an extra is missing."""

import shlex
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from ges_connector.extras import installing, missing

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_what_is_told_installs_the_packages_of_the_extra_wherever_the_program_came_from(
    extra: str,
) -> None:
    pip, install, *packages = shlex.split(installing(extra))
    assert (pip, install) == ("pip", "install")
    assert {str(Requirement(each)) for each in packages} == {
        str(Requirement(each)) for each in EXTRAS[extra]
    }


def test_a_sentence_says_what_needs_it() -> None:
    assert missing("--plot", "report").startswith("--plot needs the extra 'report': pip install ")


def test_a_tree_that_was_never_installed_is_told_the_name_of_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(_name: str) -> list[str]:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "requires", nothing)
    assert installing("redis") == "install ges-callback with its extra 'redis'"
