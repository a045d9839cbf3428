"""What flows can rely on: which actions say nothing, and what each sets the slots to they ask for.

Held against the flows by `ges_connector.flows.checking`, and against the actions wherever flows are
walked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rasa_sdk.executor import ActionExecutor

from actions import runtime
from actions.calm import ASIDE, HEARD, NEXT, OUTCOME, WORDS, Next
from actions.message import Choice
from actions.slots import PREFIX, Conversation, Ending
from ges_connector.callbacks.booking import BookingOutcome
from ges_connector.callbacks.manage import CancelOutcome, MoveOutcome
from ges_connector.language.phrases import Style
from ges_connector.language.word_lists import word_lists
from ges_connector.wording import placeholders_of
from ges_connector.wording.calm import NONE_OF_THESE
from ges_connector.wording.text import counts, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ges_connector.flows import Facts

_QUESTIONS: Final = frozenset({Next.KIND, Next.TIME, Next.NUMBER, Next.AGREEMENT})
# Where it fails, that was said, and it is over.
_RESUMED: Final = _QUESTIONS | {Next.SUBMIT, Next.OVER}
# Words that the model took for a wish may only refuse one of the callbacks that are there.
_BEGUN: Final = _RESUMED | {Next.CANCEL}
_ANSWERED: Final = _BEGUN | {Next.ARRANGE, Next.CANCELLATION}
_ABOUT_CANCELLING: Final = frozenset({Next.CANCELLATION, Next.SUBMIT, Next.ARRANGE, Next.OVER})
_BY_WORDS: Final = frozenset({Next.ARRANGE, Next.CANCEL})
_LEFT: Final = frozenset({Ending.KEPT, Ending.NOTHING_TO_DO, Ending.REFUSED, Ending.FAILED})
_BEGINNING: Final = (
    "action_begin_callback",
    "action_begin_choosing_time",
    "action_begin_moving",
    "action_begin_cancelling",
    "action_resume_callback",
)
_READING: Final = (
    "action_not_understood",
    "action_tell_wait",
    "action_show_callback",
    "action_give_call_in",
)
"""Actions that may find by the words that something is to be arranged or cancelled."""

SILENT: Final = frozenset({"action_note_customer", *_BEGINNING})
"""Actions that say nothing by themselves; others of the same flow do."""


def _values(*kinds: Any) -> frozenset[str]:
    return frozenset(str(each.value) for kind in kinds for each in kind)


BOOKING: Final = _values(BookingOutcome, MoveOutcome, Ending)
"""What an arrangement can come to."""
CANCELLING: Final = _values(CancelOutcome, _LEFT)
"""What a cancellation can come to."""

OUTCOMES: Final[Mapping[str, Mapping[str, frozenset[Any]]]] = {
    **{name: {NEXT: _values(_BEGUN), ASIDE: frozenset({True, False})} for name in _BEGINNING},
    "action_resume_callback": {NEXT: _values(_RESUMED), ASIDE: frozenset({True, False})},
    "action_begin_cancelling": {
        NEXT: _values(_ABOUT_CANCELLING),
        ASIDE: frozenset({True, False}),
    },
    # What the model took for something else, and its words ask for.
    **{name: {NEXT: _values(_BY_WORDS)} for name in _READING},
    # Who would rather ring leaves what is being arranged.
    "action_give_call_in": {NEXT: _values(_BY_WORDS | {Next.OVER})},
    **{f"validate_{words}": {NEXT: _values(_ANSWERED)} for words in WORDS.values()},
    "validate_callback_cancel_agreement": {NEXT: _values(_ABOUT_CANCELLING)},
    "action_submit_callback_form": {OUTCOME: BOOKING},
    "action_submit_callback_cancel_form": {OUTCOME: CANCELLING},
}
"""What each action may set a slot to that flows branch on: of `callback_next`, where
`callback_aside` does not tell that the message was the answer to a question of another flow."""

ELSEWHERE: Final[Mapping[str, frozenset[Any]]] = {
    # The question that was open is asked again by the flow that it belongs to.
    ASIDE: frozenset({True}),
    # That was said already, or another flow asks.
    NEXT: _values({Next.OVER, Next.CANCELLATION}),
}
"""Where a flow may end without a word."""

PASSED_ON: Final[Mapping[str, frozenset[Any]]] = {NEXT: _values({Next.CANCEL})}
"""Where a flow that is called may: the one that calls it has to link to `cancel_callback`."""

BEGINNING_ONE: Final = frozenset(_BEGINNING) - {"action_begin_cancelling"}
"""What comes before `arrange_callback`."""

ASKED_BY: Final[Mapping[str, str]] = {
    **dict.fromkeys(WORDS.values(), "arrange_callback"),
    "callback_cancel_agreement": "cancel_callback",
}
"""Where each answer of the customer's is asked for; in another flow nothing would be made of it."""

PRESSED: Final = frozenset({*map(str, Choice), NONE_OF_THESE}) - {str(Choice.NONE)}
"""What a button may answer, besides the id of a time."""

_WORDS_HEARD: Final = {
    "answers": "no yes is understood, and nothing booked",
    "remark": "what customers ask beside the question is not understood",
}
"""What is missed without the words of a language, by the folder that they stand in."""

YOURS: Final = frozenset({"callback_profile", "callback_reason"})
"""Slots that flows and actions of others may set, before an arrangement begins."""

GUARDED: Final = (
    frozenset({f"{PREFIX}{name}" for name in Conversation.model_fields} | {ASIDE, HEARD, NEXT})
    - YOURS
)
"""Slots that these actions alone may set."""


def facts(
    actions: Iterable[str],
    *,
    silent: Iterable[str] = (),
    languages: frozenset[str] | None = None,
    topics: Iterable[str] | None = None,
) -> Facts:
    """Tell all of this to the checks.

    Args:
        actions: Names of all actions that the action server registers, those of others among them.
        silent: Those of others that say nothing by themselves.
        languages: Into which the names of flows are to be translated; None for any.
        topics: Those of the configuration; None if it is not known.
    """
    from ges_connector.flows import Facts  # noqa: PLC0415 - when flows are checked: no server does

    fillable = _fillable()
    return Facts(
        actions=frozenset(actions),
        silent=SILENT.union(silent),
        outcomes=OUTCOMES,
        followed=frozenset(_READING),
        elsewhere=ELSEWHERE,
        passed_on=PASSED_ON,
        guarded=GUARDED,
        filled_in=_filled_in(),
        fillable=fillable,
        taken={} if topics is None else {"callback_profile": frozenset(topics)},
        pressed=dict.fromkeys(WORDS.values(), PRESSED),
        begun_by={"arrange_callback": BEGINNING_ONE},
        aside=dict.fromkeys(_BEGINNING, ASIDE),
        asked_by=ASKED_BY,
        said=frozenset(fillable),
        missing=(*unheard_in(runtime.wording().catalogues),),
        languages=languages,
    )


def unheard_in(languages: Iterable[str]) -> Iterator[str]:
    """Find languages in which things are said, and what customers say is not understood.

    Args:
        languages: Those of the catalogues.
    """
    for folder, what in _WORDS_HEARD.items():
        for language in sorted(set(languages) - word_lists(folder).keys()):
            yield f"wording: {language}: {folder}/{language}.toml is missing: {what}"


def _fillable() -> dict[str, frozenset[str]]:
    """All that actions fill in for a response, for the eye or for the ear."""
    wording = runtime.wording()
    return {
        name if count is None else f"{name}_{count}": frozenset(
            each
            for catalogue in wording.catalogues.values()
            for style in Style
            for each in placeholders_of(text_of(wording, catalogue.responses[name], style, count))
        )
        for name in wording.master.responses
        for count in counts(wording, name)
    }


def _filled_in() -> dict[str, frozenset[str]]:
    """What the words of each response leave room for, whether they are read or heard."""
    wording = runtime.wording()
    return {
        name if count is None else f"{name}_{count}": frozenset.intersection(
            *(placeholders_of(text_of(wording, said, style, count)) for style in Style)
        )
        - wording.optional
        for name, said in wording.master.responses.items()
        for count in counts(wording, name)
    }


def facts_of_modules(
    modules: Iterable[str], languages: frozenset[str] | None, topics: Iterable[str] | None
) -> Facts:
    """Tell what these actions do, and those of modules of others that are served beside them.

    Args:
        modules: Names of modules that were imported already.
        languages: Into which the names of flows are to be translated; None for any.
        topics: Those of the configuration; None if it is not known.
    """
    executor = ActionExecutor()
    for name in ("actions", *modules):
        executor.register_package(name)
    return facts(executor.actions, languages=languages, topics=topics)
