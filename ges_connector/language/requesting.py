"""Whether a message asks to be called, whatever else it tells."""

from ges_connector.language.compiler import lexicon
from ges_connector.language.normalize import normalize


def asks_to_be_called(text: str, locale: str) -> bool:
    """Tell whether a message asks for a call: "call me on Friday at 3, my window is broken".

    Args:
        text: What the customer said.
        locale: BCP 47 tag; a language without words for it asks for nothing.
    """
    known = lexicon(locale)
    return known is not None and known.reasons is not None and known.reasons.asks(normalize(text))
