"""The word lists of the languages, as their files hold them.

A list of every language stands either in one file, with a table for each, or in a folder with a
file for each. Languages that do not come along are read from folders of the same names, with a file
for each, in the folder that `CALLBACK_WORDING` names, where the catalogues of such languages lie.
Nothing is kept here: whoever asks keeps what it makes of them.
"""

import itertools
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from ges_connector.language.own_files import own_files

_HERE = resources.files("ges_connector.language")
_ENDING = ".toml"
_ALTERNATIVES = re.compile(r"\{([^}]*)\}")


def word_lists(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Read the lists of all languages, by language, in the order of their names.

    Args:
        name: Name of the folder, or of the file without its ending.

    Raises:
        ValueError: A file that does not come along cannot be read.
    """
    folder = _HERE / name
    if not folder.is_dir():
        here = tomllib.loads((_HERE / f"{name}{_ENDING}").read_text("utf-8"))
    else:
        files = sorted(folder.iterdir(), key=lambda file: file.name)
        found = (file.name.removesuffix(_ENDING) for file in files if file.name.endswith(_ENDING))
        here = {language: _of_folder(name, language) for language in found}
    own = own_files(name, _ENDING)
    return {**here, **{language: _own(file) for language, file in own.items()}}


def word_list(name: str, language: str) -> Mapping[str, Any]:
    """Read the lists of one language; nothing where it has none.

    Args:
        name: Name of the folder, or of the file without its ending.
        language: As `de`.

    Raises:
        ValueError: A file that does not come along cannot be read.
    """
    own = own_files(name, _ENDING).get(language)
    if own is not None:
        return _own(own)
    if (_HERE / name).is_dir():
        return _of_folder(name, language)
    return word_lists(name).get(language, {})


def _of_folder(name: str, language: str) -> Mapping[str, Any]:
    file = _HERE / name / f"{language}{_ENDING}"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _own(file: Path) -> Mapping[str, Any]:
    """Give the lists of a language that does not come along."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"{file}: cannot be read: {error}"
        raise ValueError(message) from error


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
