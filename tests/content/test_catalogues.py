"""What holds for the words of every language, chat and voice alike."""

import re
from typing import TYPE_CHECKING

import pytest

from ges_connector.language.formats import Style
from ges_connector.wording import placeholders_of

if TYPE_CHECKING:
    from ges_connector.wording import Wording
    from tests.content.conftest import Said

LANGUAGES = {"en", "de", "fr", "es"}
LONGEST_TITLE = 32
MOST_BUTTONS = 3

# Fragments that are no sentence of their own.
PHRASES = ("calendar_title", "hours_")

# After these the customer has to know what can be done instead. What follows the refusal of a set
# time is the offer of another kind of callback.
SETBACKS = re.compile(
    r"utter_callback_\w*((?<!scheduled_)refused|closed|closed_unknown|too_long|closing_soon|night|fits"
    r"|no_slots|unclear"
    r"|past|not_exist|twice|too_far|not_found|several|invalid|too_short|emergency|premium|country"
    r"|keypad|taken|allowed|reached|unconfirmed|unavailable|missed|cancelled|expired|failed|none"
    r"|unknown|gone|too_late|not_moved|not_understood|problem|please|stopped)(_asap)?$"
)

# The menu that follows these says what can be done, and holds its own question.
BEFORE_A_MENU = ("utter_callback_no_more", "utter_callback_no_earlier", "utter_callback_no_later")

QUOTATION_MARKS = {"en": "“{}”", "de": "„{}“", "fr": "«\u00a0{}\u00a0»", "es": "«{}»"}

# Words that only fit somebody one is on first-name terms with.
FAMILIAR = {
    "de": r"du|dir|dich|dein\w*|euch|eu(?:er|re\w*)|ihnen|ihr\w*|sag|gib|schick|ruf|wähl|nenn"
    r"|möchtest|willst|kannst|hast|brauchst",
    # "peux" and "veux" are the first person too, and "la espera" is the wait.
    "fr": r"tu|te|toi|ton|ta|tes|t['\u2019]\w+|dis|donne|appelle-nous|rappelle-nous|choisis",
    "es": r"tú|te|ti|contigo|tus?|vosotr[oa]s|os|vuestr[oa]s?|di(?:me|nos)|puedes|quieres|tienes"
    r"|prefieres|llámanos|elige|escribe|avísame|pídeme|inténtalo",
}

# A placeholder brings its own small words; these pairs say one of them twice or wrongly.
CLASHES = {
    "en": r"on (?:tomorrow|today|on)|(?:at|for|of|to|from) (?:on|tomorrow at|at)|until until",
    "de": r"(?:am|um|für|auf|von|statt|vor) (?:am|um|heute|morgen)|bis bis|nummer die",
    # "à demain" is a farewell, but "jusqu'à demain" is right.
    "fr": r"(?:pour|de|du|au|le) (?:le|la|les|demain|aujourd['\u2019]hui|à)"
    r"|à (?:le|la|les|à)|(?<!['\u2019])à (?:demain|aujourd['\u2019]hui)|jusqu['\u2019]à jusqu",
    # "en el" is right before anything but a day.
    "es": r"(?:a|de|el|para) el|en el (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
    r"|(?:el|para|en) (?:mañana|hoy)|hasta hasta|de la de",
}
# "à la", "de la" and the like are right before a noun; the samples above bring only these:
CLASH_EXCEPTIONS = {"fr": r"(?:à|de) (?:la|les)"}


def test_all_four_languages_are_complete(wording: "Wording") -> None:
    # That each has every text of the master with the same placeholders is checked on reading.
    assert wording.catalogues.keys() == LANGUAGES


def test_every_placeholder_is_used(wording: "Wording", said: "list[Said]") -> None:
    used = {name for one in said for name in placeholders_of(one.text)}
    from_menus = {f"slot_{n}" for n in range(1, max(wording.menus.values()) + 1)} | {"options"}
    assert wording.placeholders.keys() == used | from_menus


def test_every_sentence_begins_and_ends_as_one(said: "list[Said]") -> None:
    odd = [
        str(one)
        for one in said
        if not one.key.startswith(PHRASES)
        and not re.fullmatch(r"[¿¡«“]?[A-ZÀ-ÖÙ-Þ{].*(?:[.?!]| \{\w+\})", one.text)
    ]
    assert not odd


def test_no_text_asks_two_things_at_once(said: "list[Said]") -> None:
    assert not [str(one) for one in said if one.text.count("?") > 1]


def test_a_question_comes_last(said: "list[Said]") -> None:
    # What follows a question is easily taken for a part of it; a menu may add how to answer.
    late = [
        str(one)
        for one in said
        if "?" in one.text
        and not one.text.endswith("?")
        and not one.key.startswith("utter_ask_callback_slot")
    ]
    assert not late


def test_every_setback_says_what_can_be_done_instead(said: "list[Said]") -> None:
    bare = [
        str(one)
        for one in said
        if SETBACKS.search(one.key) and len(re.findall(r"[.?!:](?=\s|$)", one.text)) < 2
    ]
    assert not bare


def test_a_menu_begins_with_its_question_as_what_comes_before_it_is_opener_enough(
    wording: "Wording",
) -> None:
    for catalogue in wording.catalogues.values():
        for name in wording.menus:
            menu = catalogue.responses[name]
            ends = re.findall(r"[.?!]", menu.chat.replace("\u202f", ""))
            assert ends[:1] == ["?"], name
            assert menu.voice.startswith("{options}")
        for name in BEFORE_A_MENU:
            words = catalogue.responses[name]
            assert len(re.findall(r"[.?!:](?=\s|$)", words.chat)) == 1


@pytest.mark.parametrize("kind", ["", "_unknown", "_closed"])
def test_a_wait_told_in_the_middle_offers_nothing_anew(wording: "Wording", kind: str) -> None:
    for catalogue in wording.catalogues.values():
        alone = catalogue.responses[f"utter_callback_wait{kind}"]
        aside = catalogue.responses[f"utter_callback_wait{kind}_aside"]
        for style in Style:
            assert alone.of(style).startswith(f"{aside.of(style)} ")


@pytest.mark.parametrize("language", QUOTATION_MARKS)
def test_words_of_the_customer_stand_in_the_quotation_marks_of_the_language(
    wording: "Wording", language: str
) -> None:
    quoting = wording.catalogues[language].responses["utter_callback_nothing_fits"]
    assert QUOTATION_MARKS[language].format("{wish}") in quoting.chat
    assert re.search(r", \{wish\}[,.]", quoting.voice)


def test_german_is_spelt_for_switzerland_too(said: "list[Said]") -> None:
    assert not [str(one) for one in said if one.language == "de" and "ß" in one.text]


def test_a_name_without_article_stands_where_german_needs_none(said: "list[Said]") -> None:
    named = [one.text for one in said if one.language == "de" and "{calling_name}" in one.text]
    assert named
    assert not [text for text in named if re.search(r"\b(?:von|durch) „?\{calling_name", text)]


@pytest.mark.parametrize("language", FAMILIAR)
def test_customers_are_addressed_politely(said: "list[Said]", language: str) -> None:
    familiar = re.compile(rf"\b(?:{FAMILIAR[language]})\b")
    texts = [one for one in said if one.language == language]
    assert texts
    found = [str(one) for one in texts if familiar.search(_first_letters_small(one))]
    assert not found


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_buttons_are_short_few_and_told_apart(wording: "Wording", language: str) -> None:
    for name, response in wording.catalogues[language].responses.items():
        titles = list(response.buttons.values())
        assert len(titles) <= MOST_BUTTONS, name
        assert len(set(titles)) == len(titles), name
        assert not [title for title in titles if len(title) > LONGEST_TITLE], name


def test_filled_texts_have_no_gap_and_no_leftover(filled: "list[Said]") -> None:
    odd = [str(one) for one in filled if re.search(r"[{}]|  | [.,]|\.\.|,,|,\.|^ | $", one.text)]
    assert not odd


def test_no_small_word_is_said_twice_around_a_placeholder(filled: "list[Said]") -> None:
    doubled = re.compile(r"\b([^\W\d]+) \1\b", re.IGNORECASE)
    # Digits are dictated, and "nous nous occupons", "Sie sie" are right.
    dictated = re.compile(r"zero|one|two|three|null|eins|drei|zéro|un|deux|trois|cero|uno|dos|tres")
    odd = [
        str(one)
        for one in filled
        for found in doubled.finditer(one.text)
        if not dictated.fullmatch(found[1].lower())
        and found[1].lower() not in {"nous", "vous", "sie"}
    ]
    assert not odd


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_placeholders_fit_the_words_around_them(filled: "list[Said]", language: str) -> None:
    clash = re.compile(rf"\b(?:{CLASHES[language]})\b", re.IGNORECASE)
    right = re.compile(CLASH_EXCEPTIONS.get(language, r"(?!)"), re.IGNORECASE)
    odd = [
        str(one)
        for one in filled
        if one.language == language
        for found in clash.finditer(one.text)
        if not right.fullmatch(found[0])
    ]
    assert not odd


def test_chat_and_voice_differ_where_signs_are_used(said: "list[Said]") -> None:
    written = {(one.language, one.key): one.text for one in said if one.style is Style.CHAT}
    spoken = {(one.language, one.key): one.text for one in said if one.style is Style.VOICE}
    assert written.keys() == spoken.keys()
    same = [
        key for key, text in written.items() if re.search(r"[“”«»:;]", text) and spoken[key] == text
    ]
    assert not same


def _first_letters_small(one: "Said") -> str:
    """Lower the first letter of each sentence; German keeps "Ihr" elsewhere, which is polite."""
    if one.language != "de":
        return one.text.lower()
    starts = re.compile(r"(?:^|(?<=[.?!:] ))(?!Ihr|Ihnen)\w")
    return starts.sub(lambda found: found[0].lower(), one.text)
