"""All that is read of one message shares one bound of steps."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ges_connector.language import Unclear, UnclearReason, Wish, understand
from ges_connector.language.chart import MAX_STEPS, Steps, TooComplexError
from ges_connector.language.compiler import lexicon
from ges_connector.language.normalize import normalize
from ges_connector.language.parsing import one_message, parsed

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
# Each is read as a whole and in parts, and once took up to half a second.
TOO_MUCH = {
    "3pm tomorrow, failing that Thursday " * 3: "en-GB",
    "3pm tomorrow, failing that Thursday " * 5: "en-GB",
    "3pm tomorrow, failing that Thursday " * 20: "en-GB",
    "mañana de mañana y a las 15 o más tarde mañana y el jueves que viene no, "
    "el siguiente a las 10": "es-ES",
    "jeudi de la semaine prochaine à 10h ou je travaille jusqu'à 17h demain ou demain 15h "
    "ne m'arrange pas": "fr-FR",
    "na próxima quinta às 10 ou às 15 ou mais tarde amanhã ou daqui a duas semanas na quinta "
    "às 10": "pt-PT",
}


@pytest.fixture
def steps_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], int]:
    """Counts the steps that are taken for a text, and the one that is refused."""
    taken = 0
    take = Steps.take

    def counted(self: Steps) -> None:
        nonlocal taken
        taken += 1
        take(self)

    monkeypatch.setattr(Steps, "take", counted)

    def count(text: str, locale: str) -> int:
        nonlocal taken
        taken = 0
        understand(text, locale, NOW, "UTC")
        return taken

    return count


@pytest.mark.parametrize("text", TOO_MUCH)
def test_what_holds_too_much_is_refused_within_the_steps_of_one_message(
    text: str, steps_of: Callable[[str, str], int]
) -> None:
    assert understand(text, TOO_MUCH[text], NOW, "UTC") == Unclear(UnclearReason.TOO_LONG)
    assert steps_of(text, TOO_MUCH[text]) <= MAX_STEPS + 1


def test_three_days_and_hours_are_far_from_the_bound(steps_of: Callable[[str, str], int]) -> None:
    text = "monday at 3, tuesday at 4 or friday at 10"
    assert isinstance(understand(text, "en-GB", NOW, "UTC"), Wish)
    assert steps_of(text, "en-GB") < MAX_STEPS * 3 // 4


def test_a_text_that_is_read_twice_takes_its_steps_once() -> None:
    known = lexicon("en-GB")
    assert known is not None
    with one_message() as steps:
        first = parsed(normalize("tomorrow at three"), known)
        left = steps.left
        assert parsed(normalize("tomorrow at three"), known) is first
        assert steps.left == left < MAX_STEPS


def test_no_step_is_taken_when_none_is_left() -> None:
    with pytest.raises(TooComplexError):
        Steps(left=0).take()
