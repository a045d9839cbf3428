"""Tell the wish from the reasons given for it: "I've got the dentist at ten, so eleven is better".

People explain when they can be called by telling what else they have to do, with times of its own.
A clause is such a reason if it speaks of the customer's own affairs ("my shift", "the train") or of
what has been ("you rang me"), if "because" opens it, or if "so" follows it. What asks for a call is
never one.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, Protocol

from ges_connector.language.normalize import Text, fold, is_unspaced, level
from ges_connector.language.template import pattern_of, spelling, variants

# Where words stand without spaces, no space follows the sign that ends a sentence either.
_SIGNS = re.compile(
    r"[.!?;]+(?=[\s]|$)|,(?!\d)|(?<=\s)-(?=\s)|[()]|(?<=[\u3040-\u30ff\u3400-\u9fff])[.!?;]+"
)
# Where the dot makes an ordinal, "am 3. Dezember" is no end of a sentence.
_SIGNS_BESIDE_ORDINALS = re.compile(
    _SIGNS.pattern.replace("[.!?;]+", r"(?:(?<!\d)\.|[!?;])[.!?;]*")
)
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w")
# What a comma at the head of a word of a list stands for.
_BEHIND_SIGN = r"(?:(?<=[,.;!?-])|(?<=[,.;!?-] ))"
# Who says more tells a story, which costs time to read.
_MOST_CLAUSES = 16
_ENDS_SENTENCE = ".!?;"

Opening = Literal["so", "because", "but", "instead", "please", ""]
OPENINGS: tuple[Opening, ...] = ("so", "because", "but", "instead", "please")
"""What a word that opens a clause may stand for, and the lists of a grammar file that hold them."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words of a language that tell reasons from wishes; each a pattern over folded text.

    Attributes:
        openings: the words that open a clause.
        kinds: which of "so", "because", "but", "instead" and "please" each of these stands for.
        affairs: words of a clause that tells what the customer does, or what has been.
        stories: words of a clause that tells what has been, or when somebody else comes, even where
            it speaks of a call: "I've been calling all morning".
        requests: words of a clause that asks for a call.
        happenings: words that tell what happens before, after or meanwhile, where no time follows.
        greetings: parts of the day that greet, where they open a text that asks for a call.
        signs: what stands between clauses.
        otherwise: words before what is second best: "tomorrow if you can, otherwise Thursday".
        both: words that make one of the best and the second best: "both after four".
        unfinished: words that more must follow ("and"), over text that is not folded.
        corrected: a word, one that takes it back, and what is meant: "Friday no Thursday".
        retracting: more than a "no" that does: "wait no".
        bare_no: whether a "no" alone does, and rules out nothing behind it.
    """

    openings: re.Pattern[str]
    kinds: Mapping[str, Opening]
    affairs: re.Pattern[str]
    stories: re.Pattern[str] | None
    requests: re.Pattern[str] | None
    happenings: frozenset[str]
    greetings: frozenset[str]
    signs: re.Pattern[str]
    otherwise: re.Pattern[str] | None
    both: re.Pattern[str] | None
    unfinished: re.Pattern[str] | None
    corrected: re.Pattern[str] | None
    retracting: re.Pattern[str] | None
    bare_no: bool

    def corrects(self, text: Text) -> bool:
        """Tell whether a text takes back what it said before."""
        found = self.openings.finditer(text.folded)
        return any(self.kinds[match.group()] == "instead" for match in found)

    def asks(self, text: Text) -> bool:
        """Tell whether a text asks for a call."""
        return self.requests is not None and self.requests.search(text.folded) is not None


class Stretch(Protocol):
    """Where something stands in a text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where what follows begins."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text by its two ends."""

    start: int
    end: int


def spans_of(pattern: re.Pattern[str] | None, text: Text) -> list[Span]:
    """Where a pattern is found in a levelled text; nowhere for None."""
    return [Span(*each.span()) for each in pattern.finditer(text.chars)] if pattern else []


def meet(one: Stretch, other: Stretch) -> bool:
    """Tell whether two stretches have a character in common."""
    return one.start < other.end and other.start < one.end


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    opening: Opening
    sentence: int


def compiled(section: Mapping[str, Any], *, dotted_ordinals: bool) -> Reasons | None:
    """The reasons of a grammar file; None if it has none.

    Args:
        section: its `[reasons]`: lists `so`, `because`, `but`, `instead`, `please`, `affairs`,
            `stories`, `requests`, `otherwise`, `both` and `unfinished`; a word that ends with "*"
            may go on, and one that begins with a comma stands behind a sign. `happenings`,
            `greetings` and `corrections` are whole phrases.
        dotted_ordinals: whether "3." is the third.
    """
    kinds: dict[str, Opening] = {}
    for kind in OPENINGS:
        kinds.update({_said(fold(level(each))): kind for each in section.get(kind, ())})
    affairs = _pattern(section.get("affairs", ()))
    opens = _pattern([each for kind in OPENINGS for each in section.get(kind, ())])
    if affairs is None or opens is None:
        return None
    happenings, greetings = (
        frozenset(fold(level(each)) for each in section.get(key, ()))
        for key in ("happenings", "greetings")
    )
    stories, requests = (_of_templates(section.get(key, ())) for key in ("stories", "requests"))
    signs = _SIGNS_BESIDE_ORDINALS if dotted_ordinals else _SIGNS
    otherwise, both = (_pattern(section.get(key, ())) for key in ("otherwise", "both"))
    unfinished = sorted(map(level, section.get("unfinished", ())), key=len, reverse=True)
    corrections = section.get("corrections", ())
    retracting = [each for each in corrections if " " in each]
    return Reasons(
        opens, kinds, affairs, stories, requests, happenings, greetings, signs, otherwise, both,
        unfinished=_any_of(unfinished) if unfinished else None,
        corrected=_between_words(corrections),
        retracting=re.compile(rf"(?<!\w)(?:{_in_turn(retracting)})(?!\w)") if retracting else None,
        bare_no=len(retracting) < len(corrections),
    )  # fmt: skip


def _between_words(words: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern for some words between two others, with commas or without."""
    if not words:
        return None
    return re.compile(rf"(?<!\w)([^\W\d_]+),? (?:{_in_turn(words)}),? ([^\W\d_]+)")


def _in_turn(phrases: Sequence[str]) -> str:
    """A regular expression for phrases, with commas between their words or without."""
    spelled = (re.escape(fold(level(each))) for each in phrases)
    return "|".join(each.replace(r"\ ", ",? ") for each in spelled)


def _of_templates(templates: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern for templates of words alone, over folded text."""
    return whole_words([fold(level(each)) for each in templates])


def whole_words(templates: Sequence[str], *, folds: bool = True) -> re.Pattern[str] | None:
    """A pattern for whole words and phrases, as they are or without their accents; None for none.

    It is for text that is levelled and not folded: "war" is in no "wär".

    Args:
        templates: of words alone; a word that ends with "*" may go on.
        folds: whether they are found without their accents as well.
    """
    levelled = {level(each) for each in templates}
    ways = levelled | set(map(fold, levelled)) if folds else levelled
    spelled = sorted(ways, key=len, reverse=True)
    if any(is_unspaced(char, hangul=False) for each in spelled for char in each):
        return _any_of([word for each in spelled for word in variants(each)])
    return _bounded(map(pattern_of, spelled)) if spelled else None


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    folded = sorted((fold(level(each)) for each in words), key=len, reverse=True)
    return _any_of(folded)


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern for words from end to end; without spaces they may stand within others."""
    if any(is_unspaced(char, hangul=False) for word in words for char in (word[0], word[-1])):
        return re.compile("|".join(map(_whole, words)))
    return _bounded(map(_opening, words))


def _said(word: str) -> str:
    """A word of a list without the comma that it has to stand behind."""
    return word.lstrip(", ")


def _opening(word: str) -> str:
    said = _said(word)
    return spelling(said) if said == word else _BEHIND_SIGN + spelling(said)


def _bounded(ways: Iterable[str]) -> re.Pattern[str]:
    # Looking behind once, and not for each word, takes a fraction of the time.
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")


def _whole(word: str) -> str:
    before, after = (
        "" if char == "," or is_unspaced(char, hangul=False) else bound
        for char, bound in ((_said(word)[0], r"(?<!\w)"), (word[-1], r"(?!\w)"))
    )
    return before + _opening(word) + after


def without_greeting(text: Text, reasons: Reasons) -> Text:
    """The text without the "evening" that greets: "Evening, can you call me tomorrow at nine"."""
    if reasons.signs.split(text.folded, maxsplit=1)[0].strip() not in reasons.greetings:
        return text
    first, *others = _clauses(text.folded, reasons)
    is_asked = any(_asks(each, text.folded, reasons) for each in others)
    return blanked(text, [first]) if is_asked else text


def takes_all_back(text: Text, reasons: Reasons, refusals: Collection[str]) -> bool:
    """Tell whether a text ends with taking back what it said: "the first, no wait".

    Args:
        text: levelled.
        reasons: of its language.
        refusals: words of its language that refuse, folded: "I mean" at the end takes nothing back.
    """
    found = list(reasons.openings.finditer(text.folded))
    if not found or reasons.kinds[found[-1].group()] != "instead":
        return False
    said = found[-1].group()
    is_end = not text.folded[found[-1].end() :].strip(" ,.;!?")
    # A bare "no" is an answer, and none to what stands before it alone.
    is_answer = said in refusals
    return is_end and not is_answer and any(x in refusals for x in _LETTERS.findall(said))


def breaks_off(text: Text, reasons: Reasons) -> bool:
    """Tell whether a text ends where more must follow: "tomorrow at three and"."""
    found = spans_of(reasons.unfinished, text)
    return bool(found) and _WORD.search(text.chars, found[-1].end) is None


def without_stories(text: Text, reasons: Reasons) -> Text | None:
    """What is left of a text without its stories; None if it tells none, or asks for a call."""
    if reasons.stories is None:
        return None
    # "I'll ring you on Thursday" asks for nothing, though it rings.
    told = [Span(*match.span()) for match in reasons.stories.finditer(text.folded)]
    is_asked = reasons.asks(blanked(text, told))
    return None if is_asked else _beside_stories(text, reasons)


def asking_beside_stories(text: Text, reasons: Reasons) -> Text | None:
    """What is left of a text without its stories, where that asks for a call; else None."""
    left = _beside_stories(text, reasons)
    return left if left is not None and reasons.asks(left) else None


def _beside_stories(text: Text, reasons: Reasons) -> Text | None:
    if reasons.stories is None or not reasons.stories.search(text.folded):
        return None
    told = [
        each
        for each in _clauses(text.folded, reasons)
        if reasons.stories.search(text.folded, each.start, each.end)
    ]
    return blanked(text, told)


def best_and_second_best(text: Text, reasons: Reasons) -> Iterator[tuple[Text, Text, int]]:
    """What stands before an "otherwise" and what stands behind it, with where that begins.

    Nothing where both are of what follows: "Tuesday or failing that Thursday, both after four".
    """
    if reasons.both is not None and reasons.both.search(text.folded):
        return
    for match in reasons.otherwise.finditer(text.folded) if reasons.otherwise else ():
        before, behind = Span(match.start(), len(text.chars)), Span(0, match.end())
        yield blanked(text, [before]), blanked(text, [behind]), match.end()


def without_reasons(text: Text, reasons: Reasons) -> Iterator[tuple[Text, Text]]:
    """The text without its reasons, by clauses and then by whole sentences.

    Args:
        text: levelled.
        reasons: of its language.

    Yields:
        The text with spaces in place of the reasons, and the reasons with spaces in place of the
        rest. Nothing if it holds no reason, or nothing else.
    """
    clauses = list(_clauses(text.folded, reasons))
    if len(clauses) > _MOST_CLAUSES:
        return
    told = [
        each
        for place, each in enumerate(clauses)
        if _is_reason(place, clauses, text.folded, reasons)
    ]
    if not told or len(told) == len(clauses):
        return
    text = blanked(text, _corrections(text, clauses, reasons))
    yield _parted(text, clauses, told)
    asking = {each.sentence for each in clauses if _asks(each, text.folded, reasons)}
    sentences = {each.sentence for each in told} - asking
    whole = [each for each in clauses if each.sentence in sentences]
    left = [each.start for each in clauses if each not in whole]
    # What stands last may correct what stands before it.
    if left and len(told) < len(whole) and whole[-1].end <= left[-1]:
        yield _parted(text, clauses, whole)


def _clauses(folded: str, reasons: Reasons) -> Iterator[_Clause]:
    """The clauses of a text, cut at signs and at the words that open one."""
    cuts: list[tuple[int, Opening, bool]] = [(0, "", False)]
    cuts.extend(
        (match.end(), "", match.group()[0] in _ENDS_SENTENCE)
        for match in reasons.signs.finditer(folded)
    )
    cuts.extend(
        (match.start(), reasons.kinds[match.group()], False)
        for match in reasons.openings.finditer(folded)
    )
    cuts.sort()
    sentence = 0
    opening: Opening = ""
    for (start, opens, ends), (end, _, _) in pairwise([*cuts, (len(folded), "", False)]):
        sentence += ends
        opening = opens or opening
        if folded[start:end].strip(" ,.;!?()-"):
            yield _Clause(start, end, opening, sentence)
            opening = ""


def clauses_of(
    text: Text, reasons: Reasons, told: Sequence[Stretch]
) -> Iterator[tuple[Stretch, bool]]:
    """The clauses of a text, each with whether it asks for a call beside what it tells."""
    rest = blanked(text, told).folded
    for each in _clauses(text.folded, reasons):
        yield each, _asks(each, rest, reasons)


def clause_at(text: Text, place: int, reasons: Reasons) -> tuple[Stretch, bool] | None:
    """The clause of a text that a place is in, and whether it asks for a call."""
    for each in _clauses(text.folded, reasons):
        if each.start <= place < each.end:
            return each, each.opening in {"please", "so"} or _asks(each, text.folded, reasons)
    return None


def _is_reason(place: int, clauses: list[_Clause], folded: str, reasons: Reasons) -> bool:
    clause = clauses[place]
    if clause.opening == "because" or any(x.opening == "instead" for x in clauses[place + 1 :]):
        # What "I mean" corrects is no wish any more.
        return True
    if reasons.stories and reasons.stories.search(folded, clause.start, clause.end):
        return True
    if _asks(clause, folded, reasons):
        return False
    behind = clauses[place + 1] if place + 1 < len(clauses) else None
    if behind is not None and behind.opening == "so":
        return True
    return reasons.affairs.search(folded, clause.start, clause.end) is not None


def _asks(clause: _Clause, folded: str, reasons: Reasons) -> bool:
    found = reasons.requests and reasons.requests.search(folded, clause.start, clause.end)
    return found is not None


def _corrections(text: Text, clauses: Sequence[_Clause], reasons: Reasons) -> Iterator[Span]:
    """The words that take back what stands before them: the "no" is about that alone."""
    for each in clauses:
        match = reasons.openings.match(text.folded, each.start)
        if match is not None and reasons.kinds[match.group()] == "instead":
            yield Span(each.start, match.end())


def _parted(text: Text, clauses: Sequence[_Clause], told: Sequence[_Clause]) -> tuple[Text, Text]:
    return blanked(text, told), blanked(text, [each for each in clauses if each not in told])


def blanked(text: Text, stretches: Iterable[Stretch]) -> Text:
    """A text with nothing in place of some stretches of it."""
    chars, folded = text.chars, text.folded
    for each in stretches:
        # A sign keeps what stands on both sides apart.
        blank = ";".ljust(each.end - each.start)
        chars = chars[: each.start] + blank + chars[each.end :]
        folded = folded[: each.start] + blank + folded[each.end :]
    hyphens = frozenset(place for place in text.hyphens if chars[place] == " ")
    return replace(text, chars=chars, folded=folded, hyphens=hyphens)


def restored(text: Text, source: Text, start: int, end: int) -> Text:
    """A text with a stretch of another one, of the same length, put back."""
    # "Thursday, no, four" is no "Thursday no": a sign keeps the stretch apart.
    sign = ";" if text.chars[end : end + 1] == " " else ""
    rest = end + len(sign)
    chars = text.chars[:start] + source.chars[start:end] + sign + text.chars[rest:]
    folded = text.folded[:start] + source.folded[start:end] + sign + text.folded[rest:]
    return replace(text, chars=chars, folded=folded)
