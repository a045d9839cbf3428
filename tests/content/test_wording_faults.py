"""Catalogues with something wrong in them: every fault is told, at once, with file and key."""

from pathlib import Path

import pytest

from ges_connector.language.formats import Style
from ges_connector.wording import WordingError, optional_sentence, read_wording
from ges_connector.wording.__main__ import main
from ges_connector.wording.reading import parse_yaml
from ges_connector.wording.rendering import CLASSIC_RESPONSES, LAST_RESORT

MASTER = """
language: en
placeholders: {number: a number, moment: a moment, caller: a sentence, slot_1: a time,
               slot_2: a time, options: the options}
optional: [caller]
choices: {'yes': so be it, 'no': not so}
responses:
  utter_booked:
    about: done
    chat: "Booked. Number: {number}. We call {moment}. {caller}"
    voice: "Booked. We call {moment}. {caller}"
    chat_only: [number]
    buttons: {'yes': "Good", 'no': "Bad"}
  utter_menu:
    about: a menu
    menu: 2
    chat: "Choose."
    voice: "There is {options} Which?"
    options: ["First, {slot_1}.", "Second, {slot_2}."]
    single: {chat: "Only {slot_1}.", voice: "Only {slot_1}."}
fragments:
  caller_number: {about: who, chat: "From {number}.", voice: "From {number}."}
last_resort: {about: help, chat: "Call {number}.", voice: "Call {number}."}
"""

GERMAN = """
language: de
responses:
  utter_booked:
    chat: "Gebucht. Nummer: {number}. Anruf {moment}. {caller}"
    voice: "Gebucht. Anruf {moment}. {caller}"
    buttons: {'yes': "Gut", 'no': "Schlecht"}
  utter_menu:
    chat: "Wählen Sie."
    voice: "Es gibt {options} Welche?"
    options: ["Erstens, {slot_1}.", "Zweitens, {slot_2}."]
    single: {chat: "Nur {slot_1}.", voice: "Nur {slot_1}."}
fragments:
  caller_number: {chat: "Von {number}.", voice: "Von {number}."}
last_resort: {chat: "Rufen Sie {number} an.", voice: "Rufen Sie {number} an."}
"""


def checkout(tmp_path: Path, master: str = MASTER, german: str = GERMAN) -> Path:
    """Make a checkout with two catalogues and the settings of the last resort."""
    for name, text in (
        ("domain/wording/en.yml", master),
        ("domain/wording/de.yml", german),
        (LAST_RESORT, 'default: de\nnumber: "0800 7"\nsentences: {}\n'),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def faults(tmp_path: Path, master: str = MASTER, german: str = GERMAN) -> tuple[str, ...]:
    with pytest.raises(WordingError) as caught:
        read_wording(checkout(tmp_path, master, german) / "domain/wording")
    return caught.value.faults


def test_good_catalogues_are_read(tmp_path: Path) -> None:
    wording = read_wording(checkout(tmp_path) / "domain/wording")
    assert wording.catalogues.keys() == {"en", "de"}
    assert wording.menus == {"utter_menu": 2}
    assert wording.catalogue("xx") is wording.master


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("{number}. We call", "{numbre}. We call", "en.yml: responses.utter_booked.chat: {numbre}"),
        (
            'We call {moment}. {caller}"\n    chat_only',
            'We call."\n    chat_only',
            "utter_booked.voice",
        ),
        ("'no': \"Bad\"", 'maybe: "Bad"', "utter_booked.buttons.maybe: is not among the choices"),
        ('"Good"', '"Good (best)"', "utter_booked.buttons.yes: a title must not"),
        ("Booked. Number", "Booked {. Number", "utter_booked.chat: has a brace"),
        (
            '{moment}. {caller}"\n    voice',
            '{moment}.{caller}"\n    voice',
            "needs a space before it",
        ),
        (
            "There is {options} Which?",
            "Which?",
            "utter_menu.voice: must have the placeholder options",
        ),
        (
            ', "Second, {slot_2}."',
            ', "Second."',
            "utter_menu.options.1: must have the placeholder slot_2",
        ),
        ("    menu: 2\n", "", "options and single belong to a menu"),
        ("optional: [caller]", "optional: [caler]", "optional: caler is not among"),
        ("about: done", "abuot: done", "responses.utter_booked.about: Field required"),
        ('voice: "Call {number}."', 'voice: "Call."', "last_resort: chat and voice must have"),
        ("language: en", "language: eng", "en.yml: language: must be en"),
        ("language: en", "language: [en", "en.yml: cannot be read"),
    ],
)
def test_a_fault_of_the_master_is_told_with_its_key(
    tmp_path: Path, right: str, wrong: str, fault: str
) -> None:
    assert right in MASTER
    assert fault in "\n".join(faults(tmp_path, master=MASTER.replace(right, wrong)))


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (
            'Anruf {moment}. {caller}"\n    voice',
            'Anruf. {caller}"\n    voice',
            "de.yml: responses.utter_booked.chat: must have",
        ),
        ('"Gut", \'no\': "Schlecht"', '"Gut"', "responses.utter_booked.buttons.no: missing"),
        (
            "'yes': \"Gut\", 'no': \"Schlecht\"",
            "'no': \"Schlecht\", 'yes': \"Gut\"",
            "must be in the order yes, no",
        ),
        ("  utter_menu:", "  utter_menue:", "responses.utter_menu.chat: missing"),
        ("  utter_menu:", "  utter_menue:", "responses.utter_menue.chat: not in en.yml"),
        (', "Zweitens, {slot_2}."', "", "responses.utter_menu.options.1: missing"),
        ("language: de", "language: nl", "de.yml: language: must be de"),
        (
            '"Gebucht. Anruf',
            '" Gebucht. Anruf',
            "de.yml: responses.utter_booked.voice: String should match",
        ),
        ("responses:", "about: x\nresponses:", "de.yml: about: Extra inputs"),
    ],
)
def test_a_fault_of_a_language_is_told_with_its_key(
    tmp_path: Path, right: str, wrong: str, fault: str
) -> None:
    assert right in GERMAN
    assert fault in "\n".join(faults(tmp_path, german=GERMAN.replace(right, wrong)))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        master=MASTER.replace('"Good"', '"Go/od"').replace("Booked. Number", "Booked }. Number"),
        german=GERMAN.replace("Von {number}", "Von"),
    )
    assert sorted({fault.split(":")[0] for fault in found}) == ["de.yml", "en.yml"]
    assert len(found) == 4  # the German fragment lacks its number in chat and in voice


def test_a_directory_without_master_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"en\.yml: cannot be read"):
        read_wording(tmp_path)


def test_a_fragment_is_filled_in_without_reading_its_values(tmp_path: Path) -> None:
    german = read_wording(checkout(tmp_path) / "domain/wording").catalogue("de")
    assert (
        german.fragment("caller_number", Style.CHAT, number="{moment} \\1") == "Von {moment} \\1."
    )


def test_a_name_with_a_full_stop_of_its_own_does_not_double_the_sentences(tmp_path: Path) -> None:
    german = read_wording(checkout(tmp_path) / "domain/wording").catalogue("de")
    assert german.fragment("caller_number", Style.CHAT, number="Lakeside Inc.") == (
        "Von Lakeside Inc."
    )


def test_the_space_before_an_optional_sentence_comes_and_goes_with_it(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    assert main(["render", "--project", str(root)]) == 0
    rendered = parse_yaml((root / CLASSIC_RESPONSES).read_text(encoding="utf-8"))
    template = rendered["responses"]["utter_booked"][-1]["text"]
    assert template.format(moment="soon", caller=optional_sentence("")) == "Booked. We call soon."
    with_caller = template.format(moment="soon", caller=optional_sentence("From 7."))
    assert with_caller == "Booked. We call soon. From 7."


def test_check_tells_stale_files_until_they_are_rendered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = checkout(tmp_path)
    assert main(["check", "--project", str(root)]) == 1
    assert CLASSIC_RESPONSES in capsys.readouterr().err
    assert main(["render", "--project", str(root)]) == 0
    assert main(["check", "--project", str(root)]) == 0
    catalogue = root / "domain/wording/de.yml"
    catalogue.write_text(GERMAN.replace("Gut", "Bestens"), encoding="utf-8")
    assert main(["check", "--project", str(root)]) == 1


def test_rendering_keeps_the_number_and_the_default_of_the_last_resort(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    main(["render", "--project", str(root)])
    content = parse_yaml((root / LAST_RESORT).read_text(encoding="utf-8"))
    assert (content["number"], content["default"]) == ("0800 7", "de")
    assert content["sentences"]["de"]["chat"] == "Rufen Sie {number} an."


@pytest.mark.parametrize("settings", ["default: de", 'default: nl\nnumber: "7"', "[", "7"])
def test_a_last_resort_without_its_settings_is_not_overwritten(
    tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = checkout(tmp_path)
    (root / LAST_RESORT).write_text(settings, encoding="utf-8")
    assert main(["render", "--project", str(root)]) == 2
    assert "last_resort.yml" in capsys.readouterr().err
    assert (root / LAST_RESORT).read_text(encoding="utf-8") == settings
