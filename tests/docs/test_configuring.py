"""docs/configuring.md names every setting and every variable there is, and none besides."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ges_connector.callbacks import CallbackConfig, TopicProfile
from ges_connector.callbacks.config_schema import Setting, settings_of
from ges_connector.cli.environment import variables

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "configuring.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (.*) \|$", re.MULTILINE)
ROWS = dict(ROW.findall(DOCUMENT))
# What begins like a variable in our sources, quoted or in a docstring.
VARIABLE = re.compile(r'"(GES_[A-Z_]+[A-Z]|CALLBACK_[A-Z_]+[A-Z])"')
# Names of other things: outcomes and kinds of the wire and of the tests.
NO_VARIABLES = {"CALLBACK_OFFER", "CALLBACK_NOTICE"}


def settings() -> Iterator[Setting]:
    yield from settings_of(TopicProfile)
    for name, field in CallbackConfig.model_fields.items():
        if name != "topics":
            assert isinstance(field.annotation, type)
            yield from settings_of(field.annotation, f"{name}.", field.default)


@pytest.mark.parametrize("setting", [*settings()], ids=lambda setting: setting.path)
def test_every_setting_is_described_with_its_form_and_default(setting: Setting) -> None:
    meaning, form, default = ROWS[setting.path].split(" | ")
    assert meaning
    assert form == setting.form
    assert default.strip("`") == (setting.default or "must be given")


def test_every_variable_of_the_settings_is_described() -> None:
    assert {each.name for each in variables()} - set(ROWS) == set()


def test_every_variable_of_the_sources_is_described() -> None:
    found = {
        name
        for package in ("actions", "ges_connector")
        for path in (ROOT / package).rglob("*.py")
        for name in VARIABLE.findall(path.read_text(encoding="utf-8"))
    }
    assert found - NO_VARIABLES - set(ROWS) == set()


def test_nothing_is_described_that_is_not_there() -> None:
    known = {each.path for each in settings()} | {each.name for each in variables()}
    tables = DOCUMENT.partition("## Changes while it runs")[0]
    assert {name for name, _ in ROW.findall(tables)} - known == set()


def test_the_file_shown_is_a_sound_one() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    assert [*CallbackConfig.from_yaml(example).topics] == ["billing", "support"]
