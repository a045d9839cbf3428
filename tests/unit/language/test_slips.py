"""Slips of the finger: which words may have been meant by which."""

from hypothesis import given
from hypothesis import strategies as st

from ges_connector.language.slips import is_near

# Few letters, so that words are often alike.
_WORDS = st.text("abc", min_size=1, max_size=9)


def _less_a_letter(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


@given(_WORDS, _WORDS)
def test_words_are_near_if_they_are_the_same_less_a_letter_of_each(word: str, other: str) -> None:
    is_alike = word[0] == other[0] and not _less_a_letter(word).isdisjoint(_less_a_letter(other))
    assert is_near(word, other) == is_alike
