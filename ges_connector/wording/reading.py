"""Reads the catalogues of a directory and refuses them with all faults of all files at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar
from warnings import catch_warnings, simplefilter

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError, YAMLWarning

from ges_connector.wording.catalogue import (
    MASTER,
    Catalogue,
    CatalogueFile,
    MasterFile,
    Wording,
    WordingError,
)
from ges_connector.wording.consistency import master_faults, translation_faults

if TYPE_CHECKING:
    from pathlib import Path

_PLAIN_KEY = re.compile(r"[\w-]+|\[key\]")
_Content = TypeVar("_Content", CatalogueFile, MasterFile)

# What the YAML reader raises for a document, or a scalar with a wrong tag, that it cannot make out.
_UNREADABLE = (OSError, YAMLError, YAMLWarning, ValueError, LookupError, TypeError, RecursionError)


def read_wording(directory: Path) -> Wording:
    """Read all catalogues of a directory, one `<language>.yml` each.

    Raises:
        WordingError: The master is missing, or a file holds faults; all of all files are listed.
    """
    faults: list[str] = []
    master_path = directory / f"{MASTER}.yml"
    master = _read(master_path, MasterFile, faults)
    translations = [
        translation
        for path in sorted(directory.glob("*.yml"))
        if path != master_path and (translation := _read(path, CatalogueFile, faults)) is not None
    ]
    if master is None:
        raise WordingError(*faults)
    faults.extend(f"{MASTER}.yml: {fault}" for fault in master_faults(master))
    for content in translations:
        file_name = f"{content.language}.yml"
        faults.extend(f"{file_name}: {fault}" for fault in translation_faults(content, master))
    if faults:
        raise WordingError(*faults)
    return Wording(
        catalogues={
            master.language: _catalogue(master),
            **{content.language: _catalogue(content) for content in translations},
        },
        menus={name: said.menu for name, said in master.responses.items() if said.menu},
        placeholders=master.placeholders,
        optional=frozenset(master.optional),
        choices=master.choices,
    )


def parse_yaml(text: str, *, with_lines: bool = False) -> Any:
    """Read YAML 1.2.

    Args:
        text: The content of a file.
        with_lines: Whether each mapping is to know where it stands, as `lc.line`, from 0.

    Raises:
        ValueError: It is none.
    """
    try:
        with catch_warnings():
            simplefilter("error", YAMLWarning)
            return YAML(typ="rt" if with_lines else "safe", pure=True).load(text)
    except _UNREADABLE as error:
        raise ValueError(" ".join(str(error).split())) from error


def _catalogue(content: CatalogueFile | MasterFile) -> Catalogue:
    return Catalogue(content.language, content.responses, content.fragments, content.last_resort)


def _read(path: Path, model: type[_Content], faults: list[str]) -> _Content | None:
    """Read one file; what is wrong with it is added to `faults`."""
    try:
        content = model.model_validate(parse_yaml(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults.extend(
            f"{path.name}: {_place(fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        )
        return None
    except (OSError, ValueError) as error:
        faults.append(f"{path.name}: cannot be read: {error}")
        return None
    if content.language != path.stem:
        faults.append(f"{path.name}: language: must be {path.stem}, as the file is called")
        return None
    return content


def _place(loc: tuple[str | int, ...]) -> str:
    """A path of keys; a key that is no plain word, such as an empty one, is quoted."""
    parts = (str(part) for part in loc)
    return ".".join(part if _PLAIN_KEY.fullmatch(part) else repr(part) for part in parts)
