"""The words of a response as an engine gets them: one text, with its menu filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ges_connector.language.phrases import Style
    from ges_connector.wording.catalogue import Response, Wording


def counts(wording: Wording, name: str) -> list[int] | list[None]:
    """How many times a menu may hold, each rendered by itself; one None for what is no menu.

    Args:
        wording: All catalogues.
        name: The response.
    """
    most = wording.menus.get(name)
    return [None] if most is None else list(range(1, most + 1))


def text_of(wording: Wording, said: Response, style: Style, count: int | None) -> str:
    """Give the words of a response.

    Args:
        wording: Which placeholders are optional.
        said: The response in one language.
        style: Written or spoken.
        count: How many times a menu holds; None for what is no menu.
    """
    words = said.single if count == 1 and said.single is not None else said
    text = words.of(style).replace("{options}", " ".join(said.options[:count]))
    for name in wording.optional:
        # The space comes with the sentence, see `catalogue.optional_sentence`.
        text = text.replace(f" {{{name}}}", f"{{{name}}}")
    return text
