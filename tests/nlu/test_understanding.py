"""What the assistant's own model, trained by the real engine, understands of messages it never saw.

The model is the one the demo runs. It is trained when it is stale, once, whichever tests need it
first. The test processes of one run share one reading of all messages.

`heldout` was written before the training data, `afterwards` when it was thought complete, and
`colloquial` last, with the slips and regional words of chat and speech. What falls back counts as
not understood. Button titles are customers' words too: whoever types one gets what it does.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from ges_connector.demo.plan import Ports, Project, plan_demo
from ges_connector.demo.programs import Programs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ges_connector.demo.plan import Job

HERE = Path(__file__).resolve().parent
PROJECT = Project(root=HERE.parents[1], python=Path(sys.executable))
LANGUAGES = ("en", "de", "fr", "es")
COLLECTIONS = ("heldout", "afterwards", "colloquial")
NEVER_AFFIRM = "never_affirm"
OFF_TOPIC = "off_topic"
FALLBACK = "nlu_fallback"
INTENTS = {
    "request_callback",
    "ask_wait",
    "ask_call_in",
    "show_callback",
    "move_callback",
    "cancel_callback",
    "affirm",
    "deny",
    "inform",
    "other_number",
    "other_time",
    "never_mind",
    "repeat",
    "help",
    "greet",
    "goodbye",
    "thanks",
}
ENOUGH = 0.93
# What may be understood of the title of a button, by its choice. The dialogue asks more of some
# titles than their choice tells, by the response that they belong to.
TITLES = {
    "asap": {"inform", "request_callback"},
    "scheduled": {"other_time"},
    "call_in": {"ask_call_in"},
    "connect": {"ask_call_in"},
    "yes": {"affirm"},
    "no": {"deny"},
    "more": {"inform"},
    "none": {"inform"},
    "other_number": {"other_number"},
    "other_time": {"other_time"},
    "keep": {"deny", "never_mind"},
    "move": {"move_callback", "other_time"},
    "cancel": {"cancel_callback"},
    "stop": {"never_mind"},
    "help": {"help"},
}
TITLES_THERE = {
    ("keep", "utter_ask_callback_confirmed_move"): {"never_mind"},
    ("keep", "utter_ask_callback_confirmed_move_asap"): {"never_mind"},
    ("yes", "utter_ask_callback_cancel_confirmed"): {"affirm", "cancel_callback"},
    ("yes", "utter_ask_callback_cancel_confirmed_asap"): {"affirm", "cancel_callback"},
}
# Nobody can mean anything by these, but somebody will send them.
ODD = (
    "?",
    "...",
    "😀",
    "👍🏽👍🏽",
    "\u200b\u200f",
    "\x00\x01\x02",
    "مرحبا، أريد مكالمة",
    "שלום",
    "こんにちは",
    "<script>alert('x')</script>",
    "{{slots.callback_phone}} ${HOME} {callback_id}",
    "'; DROP TABLE callbacks; --",
    "[go on](callback_choice)",
    "/choose{",
    "1" * 5000 + "a",
    "1 " * 2500,
    "- " * 2500,
    "la " * 2500,
)


@dataclass(frozen=True)
class Utterance:
    """One message, and what is meant by it.

    Attributes:
        language: Its language.
        meant: An intent, or the name of one of the two lists that are no intent.
        text: The message.
        collection: The directory it stands in.
    """

    language: str
    meant: str
    text: str
    collection: str


def collected() -> tuple[Utterance, ...]:
    return tuple(
        Utterance(language, meant, text, collection)
        for collection in COLLECTIONS
        for language in LANGUAGES
        for meant, lines in _yaml(HERE / collection / f"{language}.yml").items()
        for text in lines.splitlines()
    )


def titles(language: str) -> list[tuple[str, str, str]]:
    """Response, choice and title of every button, also in the ways in which titles are typed."""
    responses = _yaml(PROJECT.root / "domain" / "wording" / f"{language}.yml")["responses"]
    return [
        (name, choice, typed)
        for name, response in responses.items()
        for choice, title in response.get("buttons", {}).items()
        for typed in (title, title.upper(), title.replace("’", "'"), _plain(title))  # noqa: RUF001 - typographic apostrophe
    ]


def examples(language: str) -> list[tuple[str, str]]:
    """Intent and text of everything the model learns from in one language."""
    return [
        (block["intent"], line.removeprefix("- "))
        for block in _yaml(PROJECT.data / "nlu" / f"{language}.yml")["nlu"]
        for line in block["examples"].splitlines()
    ]


def _yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(path)
    return content


@pytest.fixture(scope="session")
def understood(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The intent by message, for every message of this module."""
    mine = tmp_path_factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine
    answers = shared / "understood.json"
    with _alone(shared / "understood.lock"):
        if not answers.is_file():
            _train_if_stale(tmp_path_factory.mktemp("training"))
            typed = [title for language in LANGUAGES for *_, title in titles(language)]
            _read([*ODD, *typed, *(each.text for each in collected())], answers)
    intents: dict[str, str] = json.loads(answers.read_text(encoding="utf-8"))
    return intents


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _train_if_stale(scratch: Path) -> None:
    assert PROJECT.rasa.exists(), "The Rasa engine is not installed; run `make engine`."
    PROJECT.home.mkdir(parents=True, exist_ok=True)
    # The conversations train under the same lock.
    with _alone(PROJECT.home.parent / "training.lock"):
        training = plan_demo(PROJECT, Ports(rasa=0, actions=0, ges=0), scratch).training
        if training is not None:
            asyncio.run(_finish(training, scratch))


async def _finish(training: Job, scratch: Path) -> None:
    async with Programs(scratch, scratch, lambda _: None) as programs:
        await programs.finish(training)


def _read(messages: list[str], answers: Path) -> None:
    texts = answers.with_name("messages.json")
    texts.write_text(json.dumps(messages), encoding="utf-8")
    unfinished = answers.with_suffix(".unfinished")
    python = PROJECT.rasa.with_name("python")
    script = HERE / "understand_messages.py"
    reading = subprocess.run(
        [python, script, PROJECT.model, texts, unfinished],
        check=False,
        capture_output=True,
        text=True,
        cwd=PROJECT.root,
        env={**os.environ, "HOME": str(PROJECT.home), "RASA_TELEMETRY_ENABLED": "false"},
    )
    assert reading.returncode == 0, reading.stderr[-2000:]
    unfinished.replace(answers)


def _plain(text: str) -> str:
    """A message without what the model does not look at."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    words = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(words.split())


def _misread(understood: dict[str, str], utterances: list[Utterance]) -> list[str]:
    return [
        f"{utterance.text!r}: {understood[utterance.text]} for {utterance.meant}"
        for utterance in utterances
        if understood[utterance.text] != utterance.meant
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_customers_are_understood_in_words_the_model_never_saw(
    understood: dict[str, str], language: str
) -> None:
    said = [u for u in collected() if u.language == language and u.meant in INTENTS]

    misread = _misread(understood, said)

    assert len(misread) <= (1 - ENOUGH) * len(said), misread


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_each_collection_is_understood(understood: dict[str, str], collection: str) -> None:
    said = [u for u in collected() if u.collection == collection and u.meant in INTENTS]

    misread = _misread(understood, said)

    assert len(misread) <= (1 - ENOUGH) * len(said), misread


@pytest.mark.parametrize("language", LANGUAGES)
def test_typing_the_title_of_a_button_is_understood_as_pressing_it(
    understood: dict[str, str], language: str
) -> None:
    misread = [
        f"{title!r} ({choice} of {name}): {understood[title]}"
        for name, choice, title in titles(language)
        if understood[title] not in TITLES_THERE.get((choice, name), TITLES[choice])
    ]

    assert not misread, f"add an example of it to data/classic/nlu/{language}.yml"


@pytest.mark.parametrize("intent", sorted(INTENTS))
def test_no_intent_is_understood_badly_over_all_languages(
    understood: dict[str, str], intent: str
) -> None:
    said = [u for u in collected() if u.meant == intent]

    misread = _misread(understood, said)

    assert len(misread) <= 0.15 * len(said), misread


def test_what_is_no_yes_at_a_read_back_never_books(understood: dict[str, str]) -> None:
    careful = [u for u in collected() if u.meant not in {"affirm", OFF_TOPIC}]

    booked = [u for u in careful if understood[u.text] == "affirm"]

    assert not booked


@pytest.mark.parametrize(
    ("meant", "taken_for"),
    [
        ("affirm", {"deny", "cancel_callback", "never_mind", "goodbye"}),
        ("deny", {"affirm", "cancel_callback", "inform"}),
        ("never_mind", {"affirm", "inform", "request_callback"}),
        ("cancel_callback", {"affirm", "request_callback", "move_callback", "inform"}),
        ("move_callback", {"affirm", "cancel_callback"}),
        ("show_callback", {"affirm", "cancel_callback", "move_callback"}),
        ("request_callback", {"affirm", "cancel_callback"}),
    ],
)
def test_dangerous_confusions_do_not_happen(
    understood: dict[str, str], meant: str, taken_for: set[str]
) -> None:
    said = [u for u in collected() if u.meant == meant]

    assert not [u for u in said if understood[u.text] in taken_for]


def test_small_talk_never_cancels_moves_or_agrees(understood: dict[str, str]) -> None:
    passing = Counter(understood[u.text] for u in collected() if u.meant == OFF_TOPIC)

    assert not {"affirm", "cancel_callback", "never_mind"} & set(passing)
    assert passing[FALLBACK] >= 0.75 * passing.total(), passing


def test_odd_messages_are_read_and_agree_to_nothing(understood: dict[str, str]) -> None:
    taken = {text[:30]: understood[text] for text in ODD}

    assert "affirm" not in taken.values(), taken


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_asked_about_often_enough(language: str) -> None:
    asked = Counter(u.meant for u in collected() if u.language == language)

    assert set(asked) == INTENTS | {NEVER_AFFIRM, OFF_TOPIC}
    assert min(asked.values()) >= 10
    assert min(asked[intent] for intent in INTENTS) >= 18


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_asked_about_was_learnt_by_heart(language: str) -> None:
    learnt = {_plain(text) for _, text in examples(language)}

    asked = {u.text for u in collected() if u.language == language and u.meant in INTENTS}

    assert not [text for text in asked if _plain(text) in learnt]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_but_the_buttons_is_taught(language: str) -> None:
    taught = Counter(intent for intent, _ in examples(language))

    assert set(taught) == INTENTS | {FALLBACK}
    assert min(taught.values()) >= 25


def test_no_example_teaches_two_meanings() -> None:
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for intent, text in examples(language):
            meanings.setdefault(_plain(text), set()).add(intent)

    assert not {text: intents for text, intents in meanings.items() if len(intents) > 1}
