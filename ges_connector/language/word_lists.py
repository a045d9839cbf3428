"""The word lists of the languages, as their files hold them.

A list of every language stands either in one file, with a table for each, or in a folder with a
file for each. Languages that do not come along are read from folders of the same names, with a file
for each, in the folder that `CALLBACK_WORDING` names, where the catalogues of such languages lie.
"""

import itertools
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from ges_connector.language.own_files import own_files

_HERE = resources.files("ges_connector.language")
_ENDING = ".toml"
_ALTERNATIVES = re.compile(r"\{([^}]*)\}")


@cache
def word_lists(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Give the lists of all languages, by language, in the order of their names.

    Args:
        name: Name of the folder, or of the file without its ending.

    Raises:
        ValueError: A file that does not come along cannot be read.
    """
    folder = _HERE / name
    if not folder.is_dir():
        return {**tomllib.loads((_HERE / f"{name}{_ENDING}").read_text("utf-8")), **_own(name)}
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    known = {
        file.name.removesuffix(_ENDING): tomllib.loads(file.read_text("utf-8"))
        for file in files
        if file.name.endswith(_ENDING)
    }
    return {**known, **_own(name)}


def _own(name: str) -> dict[str, Mapping[str, Any]]:
    """Give the lists of the languages that do not come along."""
    found: dict[str, Mapping[str, Any]] = {}
    for language, file in own_files(name, _ENDING).items():
        try:
            found[language] = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            message = f"{file}: cannot be read: {error}"
            raise ValueError(message) from error
    return found


def variants(entry: str) -> list[str]:
    """Give all phrases that an entry stands for: "a c", "b c", "a" and "b" for "{a|b} {c|}".

    Args:
        entry: One string of a list.
    """
    fixed = _ALTERNATIVES.split(entry)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(fixed)]
    return [" ".join("".join(chosen).split()) for chosen in itertools.product(*choices)]


def language_of(locale: str) -> str:
    """Tell the language of a locale: the name of its lists.

    Args:
        locale: BCP 47 tag.
    """
    return locale.replace("_", "-").partition("-")[0]
