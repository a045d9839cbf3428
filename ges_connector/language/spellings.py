"""Chat and spoken spellings of common words, put right before a text is read: "nn" for "non".

A word that turns a time must be found however it is spelt, by every list and template alike.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ges_connector.language.normalize import Text, fold, is_unspaced, level

_LETTER = r"[^\W_]"


@dataclass(frozen=True, slots=True)
class Spellings:
    """The spellings of a language.

    Attributes:
        pattern: finds them in levelled text.
        words: by the spelling, the word or words it stands for.
    """

    pattern: re.Pattern[str]
    words: Mapping[str, str]

    def put_right(self, text: Text) -> Text:
        """The text in the usual spelling; where each letter came from is kept.

        Args:
            text: levelled, and of the customer's own words alone.
        """
        chars, origin, hyphens = "", list[int](), set[int]()
        last = 0
        for match in self.pattern.finditer(text.chars):
            start, end = match.span()
            hyphens |= {len(chars) + each - last for each in text.hyphens if last <= each < start}
            chars += text.chars[last:start]
            origin += text.origin[last:start]
            word = self.words[match.group()]
            # Its last letter is the last that was typed.
            places = (min(start + place, end - 1) for place in range(len(word) - 1))
            origin += [text.origin[each] for each in (*places, end - 1)]
            chars += word
            last = end
        if not last:
            return text
        hyphens |= {len(chars) + each - last for each in text.hyphens if each >= last}
        chars += text.chars[last:]
        origin += text.origin[last:]
        return replace(
            text, chars=chars, folded=fold(chars), origin=tuple(origin), hyphens=frozenset(hyphens)
        )


def compiled_spellings(section: Mapping[str, Sequence[str]]) -> Spellings | None:
    """The spellings of a grammar file; None if it has none.

    Args:
        section: its `[spellings]`: for a word or words, how else they are spelt.
    """
    words = {level(each): level(word) for word, each_way in section.items() for each in each_way}
    ways = "|".join(_bounded(each) for each in sorted(words, key=len, reverse=True))
    return Spellings(re.compile(ways), words) if words else None


def _bounded(way: str) -> str:
    """A whole word; a part of one where words are not told apart by spaces."""
    if is_unspaced(way[0], hangul=False):
        return re.escape(way)
    return f"(?<!{_LETTER})(?<!'){re.escape(way)}(?!{_LETTER})"
