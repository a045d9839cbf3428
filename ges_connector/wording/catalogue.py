"""The catalogues of what the assistant says: one file per language, chat and voice side by side.

English is the master. It names every response, fragment, placeholder and button choice; the other
files word the same things again. Nothing here knows an engine: `ges_connector.wording.classic`
turns catalogues into its domain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ges_connector.language.phrases import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

MASTER = "en"

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_PLACEHOLDER_AND_STOP = re.compile(_PLACEHOLDER.pattern + r"(\.?)")

_Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(?:[^\n\t]*\S)?$")]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class WordingError(ValueError):
    """The catalogues cannot be used.

    Attributes:
        faults: Everything that is wrong with them, each with file and key.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Part(BaseModel):
    """A part of a catalogue: unknown keys are mistakes, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """One thing to say.

    Attributes:
        chat: As it is written.
        voice: As it is spoken.
    """

    chat: _Text
    voice: _Text

    def of(self, style: Style) -> str:
        """The words for a channel."""
        return self.voice if style is Style.VOICE else self.chat


class Response(Words):
    """One thing the assistant says by itself.

    Attributes:
        buttons: Titles by choice, in the order shown; in chat only.
        options: For a menu, what stands for its times in voice, one entry per time.
        single: For a menu, its words when there is one time only.
    """

    buttons: dict[_Name, _Text] = Field(default_factory=dict)
    options: tuple[_Text, ...] = ()
    single: Words | None = None


class MasterResponse(Response):
    """A response with what only the master says about it.

    Attributes:
        about: What it is for.
        menu: For a menu, the most times it may hold.
        chat_only: Placeholders that its voice words leave out.
    """

    about: _Text
    menu: Annotated[int, Field(ge=1, le=10)] | None = None
    chat_only: tuple[_Name, ...] = ()


class MasterWords(Words):
    """Words with what only the master says about them.

    Attributes:
        about: What they are for.
    """

    about: _Text


class CatalogueFile(_Part):
    """A file that words the master again; see `Catalogue`."""

    language: str
    responses: dict[_Name, Response]
    fragments: dict[_Name, Words]
    last_resort: Words


class MasterFile(_Part):
    """The master file; see `Catalogue` and `Wording`."""

    language: str
    placeholders: dict[_Name, _Text]
    optional: tuple[_Name, ...] = ()
    choices: dict[_Name, _Text]
    responses: dict[_Name, MasterResponse]
    fragments: dict[_Name, MasterWords]
    last_resort: MasterWords


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the assistant says in one language.

    Attributes:
        language: Language code.
        responses: By name.
        fragments: Pieces that are filled in by the assistant, by name.
        last_resort: Said by the channel when the assistant cannot say anything.
    """

    language: str
    responses: Mapping[str, Response]
    fragments: Mapping[str, Words]
    last_resort: Words

    def fragment(self, name: str, style: Style, **values: str) -> str:
        """Fill in a fragment.

        A value that ends with a full stop ("Lakeside Inc.") takes the place of the one after it.

        Args:
            name: Its name.
            style: Written or spoken.
            values: What its placeholders hold, finished.

        Raises:
            KeyError: There is no such fragment, or a placeholder got no value.
        """
        template = self.fragments[name].of(style)

        def filled(found: re.Match[str]) -> str:
            value = values[found[1]]
            return value if value.endswith(".") else value + found[2]

        return _PLACEHOLDER_AND_STOP.sub(filled, template)


@dataclass(frozen=True, slots=True)
class Wording:
    """The catalogues of all languages.

    Attributes:
        catalogues: By language code; the master is always among them.
        menus: Names of the responses that are menus, with the most times each may hold.
        placeholders: What every placeholder holds.
        optional: Placeholders for a sentence that may be missing; see `optional_sentence`.
        choices: What every button choice means.
    """

    catalogues: Mapping[str, Catalogue]
    menus: Mapping[str, int] = field(default_factory=dict)
    placeholders: Mapping[str, str] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def master(self) -> Catalogue:
        """The catalogue every other one follows."""
        return self.catalogues[MASTER]

    def catalogue(self, language: str | None) -> Catalogue:
        """Find the catalogue of a language; the master for one that has none."""
        return self.catalogues.get(language or MASTER, self.master)


def optional_sentence(sentence: str) -> str:
    """Make the value of an optional placeholder: the space before the sentence belongs to it.

    Args:
        sentence: The finished sentence; empty for none.
    """
    return f" {sentence}" if sentence else ""


def placeholders_of(text: str) -> frozenset[str]:
    """Name the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def without_placeholders(text: str) -> str:
    """Give the text without its placeholders."""
    return _PLACEHOLDER.sub("", text)
