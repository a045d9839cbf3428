"""Bring what customers type and say into one form, and remember where each letter came from.

Customers type capitals or none, accents or none, curly apostrophes, full-width and Arabic digits.
All of that is levelled here once, so the grammar sees one spelling. `Text.folded` goes a step
further and drops accents; it has the same length, so a word can be looked up both ways at one
position.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_SAME = {
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'",
    "\N{ACUTE ACCENT}": "'",
    "`": "'",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{FIGURE DASH}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{WAVE DASH}": "-",
    "~": "-",
    "\N{ARABIC COMMA}": ",",
    # With a space, for it is never a decimal: the Japanese "2、3" is two or three.
    "\N{IDEOGRAPHIC COMMA}": ", ",
    "\N{IDEOGRAPHIC FULL STOP}": ".",
    "\N{ARABIC TATWEEL}": "",
    # Written either way by most people, without any other meaning.
    "\N{ARABIC LETTER ALEF WITH HAMZA ABOVE}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER ALEF WITH HAMZA BELOW}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER ALEF WITH MADDA ABOVE}": "\N{ARABIC LETTER ALEF}",
    "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
    "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
    # NFKC would make letters of these, and "4.º" would end in a word.
    "\N{MASCULINE ORDINAL INDICATOR}": "º",
    "\N{FEMININE ORDINAL INDICATOR}": "ª",
}
# Right behind a number they are its fraction: "1½ hours" is 1.5 hours. "½ past" is no five past.
_FRACTIONS = {
    "\N{VULGAR FRACTION ONE HALF}": (".5", "1/2"),
    "\N{VULGAR FRACTION ONE QUARTER}": (".25", "1/4"),
    "\N{VULGAR FRACTION THREE QUARTERS}": (".75", "3/4"),
}
# Letters that no decomposition takes apart, but that a hurried writer does.
_PLAIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "ħ": "h",
    "ŧ": "t",
    "ё": "\N{CYRILLIC SMALL LETTER IE}",
}
# Scripts whose accents may be left out without making another letter of it.
_FOLDED_SCRIPTS = ("LATIN", "GREEK")
# Scripts written without spaces between words.
_UNSPACED = re.compile(
    "[\N{HIRAGANA LETTER SMALL A}-\N{KATAKANA LETTER SMALL RO}\u30fc\u3005\u3007"
    "\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)
_SPACES = re.compile(" *")
_HANGUL = re.compile("[\uac00-\ud7a3]")
# "p. m." with its space, other abbreviations ("u.s.") without.
_DOTTED_LETTERS = re.compile(
    r"(?<![^\W\d_])(?:[ap]\. ?m(?![^\W\d_])|[^\W\d_](?:\.[^\W\d_](?![^\W\d_]))+)\.?"
)


# Words that are level as they stand, as most of a grammar file are.
_LEVEL = re.compile("[a-z0-9'à-öø-ÿ]+(?: [a-z0-9'à-öø-ÿ]+)*")


@dataclass(frozen=True, slots=True)
class Text:
    """A customer's words in one form.

    Attributes:
        source: the words as they came (canonically composed).
        chars: the levelled form.
        folded: `chars` without accents, of the same length.
        origin: for each place in `chars`, and its end, the place in `source`.
        hyphens: places in `chars` that are a space now and were a hyphen between letters.
        zones: by the place of a mark that stands for a zone, the zone; None for one not known.
    """

    source: str
    chars: str
    folded: str
    origin: tuple[int, ...]
    hyphens: frozenset[int] = frozenset()
    zones: Mapping[int, str | None] = field(default_factory=dict)

    def words(self, start: int, end: int) -> str:
        """The customer's own words between two places of `chars`."""
        last = self.origin[end - 1] + 1 if end > start else self.origin[start]
        return self.source[self.origin[start] : last].strip(" \t\n\r,.;!?")

    def after_spaces(self, place: int) -> int:
        """Where the next word may begin; a hyphen between words is no space."""
        match = _SPACES.match(self.chars, place)
        end = match.end() if match else place
        # What was cut out of a text leaves hundreds of spaces, and few texts have hyphens.
        return min((each for each in self.hyphens if place <= each < end), default=end)


@lru_cache(maxsize=4096)
def _level(char: str) -> str:
    if char in _SAME:
        return _SAME[char]
    if char.isspace():
        return " "
    value = unicodedata.digit(char, None) if unicodedata.category(char) == "Nd" else None
    if value is not None:
        return str(value)
    levelled = unicodedata.normalize("NFKC", char).casefold()
    kept = [each for each in levelled if _is_kept(each)]
    return "".join(" " if each.isspace() else _SAME.get(each, each) for each in kept)


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    if category in {"Cf", "Cc"}:
        return False
    # Vowel marks of Hebrew and Arabic, and the dot that lower-casing İ leaves behind, are optional;
    # those of Indic scripts are letters of their own.
    return category != "Mn" or not ("\u0300" <= char <= "\u06ff")


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char.isascii():
        return char
    if char in _PLAIN:
        return _PLAIN[char]
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and unicodedata.name(base, "").startswith(_FOLDED_SCRIPTS):
        return base
    return char


def fold(chars: str) -> str:
    """Drop the accents of levelled text; the length stays."""
    return chars if chars.isascii() else "".join(map(_fold_char, chars))


def is_unspaced(char: str, *, hangul: bool) -> bool:
    """Tell whether a letter belongs to a script without spaces between words.

    Args:
        char: one letter.
        hangul: whether to count Korean, whose particles follow the word without a space.
    """
    return bool(_UNSPACED.match(char) or (hangul and _HANGUL.match(char)))


def normalize(source: str) -> Text:
    """Level a customer's words; linear in their length, never raises."""
    composed = source if source.isascii() else unicodedata.normalize("NFC", source)
    chars: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(composed):
        behind = composed[place + 1 : place + 2]
        for each in _level(char) if char not in _FRACTIONS else _fraction(char, chars, behind):
            if each == " " and (not chars or chars[-1] == " "):
                continue
            chars.append(each)
            origin.append(place)
    origin.append(len(composed))
    levelled = "".join(chars)
    if "." in levelled:
        levelled, origin = _close_dotted_letters(levelled, origin)
    hyphens = frozenset(_hyphens(levelled) if "-" in levelled else ())
    if hyphens:
        levelled = "".join(" " if place in hyphens else char for place, char in enumerate(levelled))
    return Text(composed, levelled, fold(levelled), tuple(origin), hyphens)


def _fraction(char: str, before: list[str], behind: str) -> str:
    behind_number, alone = _FRACTIONS[char]
    if before and before[-1].isdigit():
        return behind_number
    # "½4" is half an hour before four, and no first of February 2004.
    return f"{alone} " if behind.isdigit() else alone


def _hyphens(chars: str) -> Iterator[int]:
    """Where "twenty-five" becomes two words; a dash beside a number stays one."""
    for place in range(1, len(chars) - 1):
        if chars[place] == "-" and chars[place - 1].isalpha() and chars[place + 1].isalpha():
            yield place


def _close_dotted_letters(chars: str, origin: list[int]) -> tuple[str, list[int]]:
    """Make one word of "p. m." and "u.s."."""
    kept_chars: list[str] = []
    kept_origin: list[int] = []
    last = 0
    for match in _DOTTED_LETTERS.finditer(chars):
        kept_chars.append(chars[last : match.start()])
        kept_origin.extend(origin[last : match.start()])
        for place in range(match.start(), match.end()):
            if chars[place] not in ". ":
                kept_chars.append(chars[place])
                kept_origin.append(origin[place])
        last = match.end()
    kept_chars.append(chars[last:])
    kept_origin.extend(origin[last:])
    return "".join(kept_chars), kept_origin


# Large enough for the words that a grammar repeats; all of them would cost memory for ever.
@lru_cache(maxsize=1024)
def level(words: str) -> str:
    """The levelled form of a word or phrase of a grammar file."""
    bare = words.strip()
    return bare if _LEVEL.fullmatch(bare) else normalize(bare).chars.strip()
