"""The catalogues as they are, what is rendered from them, and examples of what fills them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typing_extensions import override

from ges_connector.language import formats, speech
from ges_connector.language.formats import Listener, Style, WaitRange
from ges_connector.wording import Wording, optional_sentence, placeholders_of, read_wording
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CATALOGUES, CLASSIC_RESPONSES

LOCALES = {
    "en": ("en-US", "en-GB", "en-CA"),
    "de": ("de-DE", "de-AT", "de-CH"),
    "fr": ("fr-FR", "fr-CA", "fr-BE"),
    "es": ("es-ES", "es-MX"),
}
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = {
    "en-US": ZoneInfo("America/New_York"),
    "en-CA": ZoneInfo("America/Toronto"),
    "fr-CA": ZoneInfo("America/Toronto"),
    "es-MX": ZoneInfo("America/Mexico_City"),
}
OFFICES = (None, ZoneInfo("Europe/London"))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Sunday noon: one callback is tomorrow, one far enough away to be told by its date.
INSTANTS = (NOW + timedelta(days=1, hours=2, minutes=30), NOW + timedelta(days=8, hours=1))


OPTIONAL = frozenset({"caller", "attempts", "zone"})


@dataclass(frozen=True)
class Said:
    """One text of a catalogue."""

    language: str
    key: str
    style: Style
    text: str

    @override
    def __str__(self) -> str:
        return f"{self.language}.yml {self.key}.{self.style}: {self.text}"


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wording(root: Path) -> Wording:
    return read_wording(root / CATALOGUES)


@pytest.fixture(scope="session")
def responses(root: Path) -> dict[str, list[dict[str, Any]]]:
    content = parse_yaml((root / CLASSIC_RESPONSES).read_text(encoding="utf-8"))
    responses: dict[str, list[dict[str, Any]]] = content["responses"]
    return responses


@pytest.fixture(scope="session")
def said(wording: Wording) -> list[Said]:
    """Every sentence of every language, menus put together with all their options."""
    found: list[Said] = []
    for language, catalogue in wording.catalogues.items():
        for style in Style:
            for name, response in catalogue.responses.items():
                text = response.of(style).replace("{options}", " ".join(response.options))
                found.append(Said(language, name, style, text))
                if response.single is not None:
                    found.append(Said(language, f"{name}.single", style, response.single.of(style)))
            found.extend(
                Said(language, name, style, words.of(style))
                for name, words in catalogue.fragments.items()
            )
            found.append(Said(language, "last_resort", style, catalogue.last_resort.of(style)))
    return found


@pytest.fixture(scope="session")
def filled(said: list[Said], wording: Wording) -> list[Said]:
    """Every sentence with real values in it: in every region, for a near and a far moment, and by
    the clock of one office or of two.
    """
    values = {
        (language, style): [
            _values(wording, locale, style, at, office)
            for locale in LOCALES[language]
            for at, office in product(INSTANTS, OFFICES)
        ]
        for language in wording.catalogues
        for style in Style
    }
    return [
        Said(one.language, one.key, one.style, _fill(one.text, filling))
        for one in said
        for filling in values[one.language, one.style][: None if placeholders_of(one.text) else 1]
    ]


def _fill(text: str, values: Mapping[str, Callable[[], str]]) -> str:
    for name in placeholders_of(text):
        value = values[name]()
        space = " " if name in OPTIONAL else ""
        text = text.replace(f"{space}{{{name}}}", value)
    return text


_FLOWS = {
    "de": ("einen Rückruf vereinbaren", "die Wartezeit erfragen"),
    "en": ("request a callback", "check the waiting time"),
    "es": ("solicitar una llamada", "consultar el tiempo de espera"),
    "fr": ("demander un rappel", "connaître le temps d'attente"),
}
"""Two flows by their names."""


def _values(
    wording: Wording, locale: str, style: Style, at: datetime, office: ZoneInfo | None
) -> Mapping[str, Callable[[], str]]:
    listener = Listener(locale, ZONES.get(locale, BERLIN), office, style)
    moment = formats.tell(at, now=NOW, listener=listener)
    catalogue = wording.catalogue(locale[:2])
    speaks = style is Style.VOICE

    def number() -> str:
        sample = "+4930123456"
        return speech.speak_phone(sample, locale) if speaks else "030 123456"

    def code() -> str:
        return speech.spell_code("7F3K", locale) if speaks else "7F3K"

    def caller() -> str:
        words = catalogue.fragment("caller_number", style, calling_number=number())
        return optional_sentence(words)

    def zone() -> str:
        words = catalogue.fragment("times_zone", style, zone_name=moment.zone)
        return optional_sentence("" if office is None else words)

    return {
        **dict.fromkeys(("moment", "old_moment"), lambda: moment.text),
        **dict.fromkeys(("opening", "first", "second"), lambda: moment.brief),
        **dict.fromkeys((f"slot_{number}" for number in range(1, 6)), lambda: moment.label),
        **dict.fromkeys(("code", "reference"), code),
        **dict.fromkeys(("number", "calling_number"), number),
        "expiry": lambda: moment.until,
        "furthest": lambda: moment.day,
        "day": lambda: moment.day,
        "wish": lambda: moment.day,
        "time": lambda: moment.time,
        "times": lambda: formats.tell_times([at, at + timedelta(hours=1)], listener=listener),
        "wait": lambda: formats.tell_wait(WaitRange(5, 10), locale, style=style),
        "ending": lambda: speech.ending("+4930123456", locale, style=style),
        "country": lambda: "Andorra",
        "flows": lambda: formats.tell_list([*_FLOWS[locale[:2]]], locale, style=style),
        "countries": lambda: formats.tell_list(["Andorra", "Monaco"], locale, style=style),
        **dict.fromkeys(("position", "count"), lambda: formats.tell_count(3, locale, style=style)),
        "zone": zone,
        "zone_name": lambda: moment.zone,
        "calling_name": lambda: "Lakeside",
        "hours": lambda: catalogue.fragments["hours_lakeside"].of(style),
        "caller": caller,
        "attempts": lambda: optional_sentence(catalogue.fragment("attempts_once", style)),
    }
