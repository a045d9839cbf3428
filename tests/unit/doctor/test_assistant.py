"""What is read of the assistant's own files, and what is left out where they are not."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from ges_connector.callbacks import CallbackConfig
from ges_connector.doctor import Light
from ges_connector.doctor.assistant import Endpoint, Misspelt, Unset, read_assistant
from ges_connector.doctor.assistant_checks import check_domain
from ges_connector.doctor.by_hand import to_check_by_hand
from ges_connector.doctor.classic_domain import CLASSIC_DOMAIN
from ges_connector.wording.reading import parse_yaml

ROOT = Path(__file__).resolve().parents[3]
URL, SECRET = "http://actions:5055/webhook", "some-secret"
VARIABLES = {"ACTIONS_URL": URL, "CALLBACK_ACTIONS_SECRET": SECRET}
WRITTEN: dict[str, Any] = {
    "is_selective": True,
    "secret_variables": ("CALLBACK_ACTIONS_SECRET",),
    "secret_line": 7,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what is read of this checkout."""
    for part in ("domain", "engine"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def test_a_checkout_tells_languages_actions_and_what_the_engine_is_told(project: Path) -> None:
    found = read_assistant(project, VARIABLES)
    assert {"en", "de"} <= set(found.languages or ())
    assert "action_submit_callback_form" in (found.actions or ())
    assert (found.stale, found.fault) == ((), None)
    assert found.endpoint == Endpoint("engine/endpoints.yml", URL, SECRET, **WRITTEN)


@pytest.fixture
def rasa_project(tmp_path: Path) -> Path:
    """A Rasa project of somebody's own that our files were copied into, as deploying.md says."""
    own = tmp_path / "rasa"
    (own / "domain").mkdir(parents=True)
    for file in (ROOT / "domain" / "classic").glob("*.yml"):
        shutil.copy(file, own / "domain")
    (own / "domain" / "own.yml").write_text("actions: [action_order_pizza, utter_pizza]\n")
    shutil.copy(ROOT / "engine" / "endpoints.yml", own)
    return own


def test_a_project_our_files_were_copied_into_tells_the_same(rasa_project: Path) -> None:
    found = read_assistant(rasa_project, VARIABLES)
    assert {"en", "de"} <= set(found.languages or ())
    assert {"action_submit_callback_form", "action_order_pizza"} <= set(found.actions or ())
    assert "utter_pizza" not in (found.actions or ())
    assert (found.stale, found.fault) == ((), None)
    assert found.endpoint == Endpoint("endpoints.yml", URL, SECRET, **WRITTEN)


def test_a_domain_in_one_file_is_read_too(rasa_project: Path) -> None:
    merged = "".join(path.read_text("utf-8") for path in (rasa_project / "domain").glob("a*.yml"))
    shutil.rmtree(rasa_project / "domain")
    (rasa_project / "domain.yml").write_text(merged, encoding="utf-8")
    found = read_assistant(rasa_project, VARIABLES)
    assert "action_submit_callback_form" in (found.actions or ())
    assert found.stale is None


def test_responses_that_were_copied_before_the_wording_changed_are_out_of_date(
    rasa_project: Path,
) -> None:
    responses = rasa_project / "domain" / "responses.yml"
    kept = responses.read_text("utf-8").replace("utter_callback_help:", "utter_help:")
    responses.write_text(kept, encoding="utf-8")
    assert read_assistant(rasa_project, {}).stale == ("domain/responses.yml",)


def test_variables_that_are_not_set_are_empty_as_in_the_engine(project: Path) -> None:
    found = read_assistant(project, {}).endpoint
    assert found is not None
    assert (found.url, found.secret) == ("", "")


def test_a_rendered_file_that_was_changed_is_out_of_date(project: Path) -> None:
    responses = project / "domain" / "classic" / "responses.yml"
    responses.write_text(responses.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    assert read_assistant(project, {}).stale == ("domain/classic/responses.yml",)


def test_faults_of_a_catalogue_are_told_in_one_line(project: Path) -> None:
    (project / "domain" / "wording" / "de.yml").write_text("language: de\n", encoding="utf-8")
    fault = read_assistant(project, {}).fault
    assert fault
    assert "de.yml" in fault
    assert "\n" not in fault


def test_a_folder_without_an_assistant_tells_no_domain_and_no_engine(tmp_path: Path) -> None:
    found = read_assistant(tmp_path, VARIABLES)
    assert (found.actions, found.stale, found.endpoint) == (None,) * 3


def test_catalogues_that_are_named_come_first(project: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(project / "domain" / "wording" / "en.yml", own)
    found = read_assistant(project, {"CALLBACK_WORDING": str(own)})
    assert found.languages == frozenset({"en"})


def test_variables_that_are_not_set_are_told_with_their_lines(rasa_project: Path) -> None:
    engine = (
        "# ${NOBODY} is a comment\n"
        "action_endpoint:\n"
        "  url: http://${HOST}:5055/webhook # ${NOBODY}\n"
        "  token: ${CALLBACK_ACTION_SECRET}\n"
        "tracker_store: {password: '${DB_PASSWORD}', url: '${DB_URL}'}\n"
    )
    (rasa_project / "endpoints.yml").write_text(engine, encoding="utf-8")
    found = read_assistant(rasa_project, {**VARIABLES, "DB_URL": "x"}).endpoint
    assert found is not None
    assert found.unset == (
        Unset("HOST", 3, is_of_actions=True),
        Unset("CALLBACK_ACTION_SECRET", 4, is_of_actions=True, meant="CALLBACK_ACTIONS_SECRET"),
        Unset("DB_PASSWORD", 5),
    )


@pytest.mark.parametrize("content", ["- a\n- b", "action_endpoint: 3", ""])
def test_a_file_of_the_engine_that_names_no_actions_tells_nothing(
    project: Path, content: str
) -> None:
    (project / "engine" / "endpoints.yml").write_text(content, encoding="utf-8")
    assert read_assistant(project, VARIABLES).endpoint == Endpoint("engine/endpoints.yml")


def test_a_slip_in_a_file_of_the_engine_is_told_with_its_line(rasa_project: Path) -> None:
    slip = "action_endpoint:\n  url: http://actions:5055/webhook\n   headers: {}\n"
    (rasa_project / "endpoints.yml").write_text(slip, encoding="utf-8")
    found = read_assistant(rasa_project, VARIABLES).endpoint
    assert found is not None
    assert (found.fault or "").startswith("line 3: ")
    (rasa_project / "endpoints.yml").write_text("action_endpoint:\n\turl: x\n", encoding="utf-8")
    found = read_assistant(rasa_project, VARIABLES).endpoint
    assert found is not None
    assert found.fault == "line 2: a tab stands here (indent with spaces)"


@pytest.mark.parametrize(
    ("way", "shown"),
    [
        ("headers: {authorization: Bearer abc}", "abc"),
        ("token: abc", "abc"),
        ("basic_auth: {username: engine, password: abc}", "abc"),
        ("headers: {}", None),
    ],
)
def test_the_secret_is_read_in_each_way_that_rasa_shows_it(
    tmp_path: Path, way: str, shown: str | None
) -> None:
    content = f"action_endpoint:\n  url: http://actions:5055/webhook\n  {way}\n"
    (tmp_path / "endpoints.yml").write_text(content, encoding="utf-8")
    found = read_assistant(tmp_path, {}).endpoint
    assert found is not None
    assert (found.secret, found.is_selective) == (shown, False)
    assert found.secret_variables == ()
    assert found.secret_line == (1 if shown is None else 3)


@pytest.mark.parametrize("key", ["slots", "actions", "intents", "forms", "responses"])
def test_a_file_of_the_domain_that_was_not_copied_is_lacking(rasa_project: Path, key: str) -> None:
    assert read_assistant(rasa_project, {}).missing == {}
    (rasa_project / "domain" / f"{key}.yml").unlink()
    found = read_assistant(rasa_project, {})
    assert [*found.missing] == [key]
    told = check_domain(found)
    assert told.light is Light.RED
    assert f"domain/classic/{key}.yml" in (told.next_step or "")


@pytest.mark.parametrize("key", ["actions", "responses"])
def test_a_checkout_that_lost_a_file_of_the_domain_lacks_it(project: Path, key: str) -> None:
    (project / "domain" / "classic" / f"{key}.yml").unlink()
    assert [*read_assistant(project, {}).missing] == [key]


def test_a_domain_with_nothing_of_ours_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("actions: [action_order_pizza]\nslots: {size: {}}\n")
    assert read_assistant(tmp_path, {}).is_without_ours


def test_what_a_domain_has_to_hold_is_what_ours_holds() -> None:
    for key, names in CLASSIC_DOMAIN.items():
        there = parse_yaml((ROOT / "domain" / "classic" / f"{key}.yml").read_text("utf-8"))[key]
        listed = (
            there
            if isinstance(there, dict)
            else [name for each in there for name in (each if isinstance(each, dict) else [each])]
        )
        assert set(listed) == set(names)


def test_an_assistant_of_flows_needs_no_forms(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "domain" / "calm", tmp_path / "domain")
    found = read_assistant(tmp_path, {})
    assert (found.missing, found.is_without_ours) == ({}, False)
    assert "action_begin_callback" in (found.actions or ())


def test_a_slip_in_a_file_of_the_domain_is_told_with_its_line(rasa_project: Path) -> None:
    (rasa_project / "domain" / "own.yml").write_text("actions:\n  - a\n b: [\n", encoding="utf-8")
    assert "domain/own.yml: line 3: " in (read_assistant(rasa_project, {}).fault or "")


def test_what_to_check_by_hand_names_what_the_topics_rest_on() -> None:
    topic = {
        "service_name": "Billing_DE",
        "static_number": "+493023125000",
        "office_zone": "Europe/Berlin",
        "countries": ["DE", "AT"],
        "attempts": None,
        "offer": {"immediate": False},
    }
    told = [*to_check_by_hand(CallbackConfig.from_mapping({"topics": {"billing": topic}}))]
    for word in ("callback settings table", "office hours", "capacity", "allowed countries"):
        assert sum(word in each for each in told) == 1
    text = "\n".join(told)
    assert "Europe/Berlin" in text
    assert "DE, AT" in text
    assert "callbacks at a time" in text
    assert "attempts" not in text
    assert "virtual queues" not in text


def test_names_of_virtual_queues_are_to_be_checked_by_hand() -> None:
    topic = {
        "service_name": "Billing_DE",
        "static_number": "+493023125000",
        "office_zone": "Europe/Berlin",
        "countries": ["DE"],
        "virtual_queues": ["VQ_Billing"],
    }
    told = [*to_check_by_hand(CallbackConfig.from_mapping({"topics": {"billing": topic}}))]
    (line,) = (each for each in told if "virtual queues" in each)
    assert "VQ_Billing" in line


@pytest.mark.parametrize(
    ("header", "is_bare"),
    [("", True), ("Basic ", True), ("Bearer ", False), ("bearer ", False)],
)
def test_a_secret_in_a_header_needs_the_word_before_it(
    tmp_path: Path,
    header: str,
    is_bare: bool,  # noqa: FBT001 - a table's column
) -> None:
    shown = f"headers: {{authorization: '{header}${{CALLBACK_ACTIONS_SECRET}}'}}"
    (tmp_path / "endpoints.yml").write_text(f"action_endpoint: {{{shown}}}\n")
    found = read_assistant(tmp_path, VARIABLES).endpoint
    assert found is not None
    assert found.is_bare == is_bare
    assert (found.secret == SECRET) == (header != "Basic ")


@pytest.mark.parametrize(
    ("content", "misspelt"),
    [
        (
            "# engine\naction_endpoints:\n  url: http://actions:5055/webhook\n",
            Misspelt("action_endpoints", 2, "action_endpoint"),
        ),
        ("action_endpoint: {urls: http://actions:5055/webhook}\n", Misspelt("urls", 1, "url")),
        ("action_endpoint:\n  ulr: http://a:5055/webhook\n", None),
        ("tracker_store: {type: SQL}\n", None),
        ("action_endpoint: {url: http://actions:5055/webhook}\nactions_endpoint: 3\n", None),
    ],
)
def test_a_key_that_the_engine_does_not_read_is_told_with_its_line(
    rasa_project: Path, content: str, misspelt: Misspelt | None
) -> None:
    (rasa_project / "endpoints.yml").write_text(content, encoding="utf-8")
    found = read_assistant(rasa_project, VARIABLES).endpoint
    assert found is not None
    assert found.misspelt == misspelt


def test_a_session_that_begins_without_its_slots_is_found(rasa_project: Path) -> None:
    assert read_assistant(rasa_project, VARIABLES).forgetful is None
    (rasa_project / "domain").mkdir(exist_ok=True)
    session = "session_config: {carry_over_slots_to_new_session: false}\n"
    (rasa_project / "domain" / "session.yml").write_text(session, encoding="utf-8")
    assert read_assistant(rasa_project, VARIABLES).forgetful == "domain/session.yml"
