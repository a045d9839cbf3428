"""`ges-callback config`: faults, values and differences as people and programs get them."""

import json
import re
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ges_connector.cli.app import app
from ges_connector.cli.config_output import schema_text

DEMO = resources.files("ges_connector.demo").joinpath("callback.yml").read_text("utf-8")
KEY = "key-4Rt8vB1nK5q7Hc2wXz9Lm"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "callback.yml"
    path.write_text(DEMO, encoding="utf-8")
    return path


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(app, ["config", *map(str, arguments)], env=environment)


def test_a_sound_file_is_told_as_such_with_its_topics(sound: Path) -> None:
    result = run("check", sound)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "sound; topics: billing, support, night" in result.stdout


def test_every_fault_is_one_line_with_file_line_and_column(sound: Path) -> None:
    sound.write_text(
        DEMO.replace("service_name: Night_Line", "service_nam: Night_Line").replace(
            "Europe/Berlin", "Europe/Berln"
        )
    )
    result = run("check", sound)
    lines = result.stderr.splitlines()
    assert result.exit_code == 2
    assert len(lines) == 4
    assert all(line.startswith(f"{sound}:") for line in lines)
    line = 1 + sound.read_text().splitlines().index("    service_nam: Night_Line")
    assert f"{sound}:{line}:5: topics.night.service_nam" in result.stderr
    assert "did you mean service_name?" in result.stderr
    assert "did you mean Europe/Berlin?" in result.stderr


def test_faults_are_json_for_programs(sound: Path) -> None:
    sound.write_text(DEMO.replace("count: 3", "count: 0"))
    result = run("check", sound, "--json")
    assert result.exit_code == 2
    (fault,) = json.loads(result.stdout)["faults"]
    assert (fault["line"], fault["place"]) == (9, "defaults.attempts.count")
    assert fault["right"] == "a whole number at least 1"


@pytest.mark.parametrize("command", ["check", "show"])
@pytest.mark.parametrize("content", [None, b"topics: [", b"\xff\xfe", b"[]", b""])
def test_a_file_that_cannot_be_used_is_one_line_and_no_traceback(
    tmp_path: Path, command: str, content: bytes | None
) -> None:
    path = tmp_path / "some.yml"
    if content is not None:
        path.write_bytes(content)
    result = run(command, path)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert str(path) in result.stderr


def test_the_file_may_be_named_in_the_environment(sound: Path) -> None:
    assert str(sound) in run("check", CALLBACK_CONFIG=str(sound)).stdout


def test_values_are_shown_with_their_origin_and_secrets_are_not(sound: Path) -> None:
    environment = {
        "GES_API_KEY": KEY,
        "GES_REGION": "euw1",
        "CALLBACK_STORE_URL": f"redis://:{KEY}@store",
        "CALLBACK_ACTIONS_SECRET": KEY,
    }
    for_people, for_programs = (
        run("show", sound, *options, **environment) for options in ([], ["--json"])
    )
    for result in (for_people, for_programs):
        assert result.exit_code == 0
        assert KEY not in result.output
        assert "euw1" in result.stdout
    shown = json.loads(for_programs.stdout)
    values = {each["place"]: (each["value"], each["origin"]) for each in shown["values"]}
    assert values["topics.support.slots.min_lead_minutes"] == (75, "topic")
    assert values["topics.support.default_locale"] == ("en", "defaults")
    variables = {each["variable"]: each["value"] for each in shown["environment"]}
    assert variables["GES_API_KEY"] == variables["CALLBACK_STORE_URL"] == "****"
    assert variables["CALLBACK_ACTIONS_SECRET"] == "****"


def test_of_an_address_neither_password_nor_query_is_shown(sound: Path) -> None:
    address = f"http://rasa:{KEY}@actions:5055/webhook?token={KEY}"
    for options in ([], ["--json"]):
        result = run("show", sound, *options, ACTIONS_URL=address, GES_BASE_URL=address)
        assert KEY not in result.output
        assert "http://***@actions:5055/webhook?***" in result.stdout


def test_one_topic_is_shown_alone_and_an_unknown_one_refused(sound: Path) -> None:
    lines = run("show", sound, "--topic", "night").stdout.splitlines()
    assert lines
    assert all(line.startswith("topics.night.") for line in lines)
    unknown = run("show", sound, "--topic", "nigth")
    assert unknown.exit_code == 2
    assert "night" in unknown.stderr


def test_differences_are_told_and_fail_only_on_demand(sound: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yml"
    new.write_text(f"{DEMO.replace('min_lead_minutes: 75', 'min_lead_minutes: 90')}\n")
    result = run("diff", sound, new)
    assert result.exit_code == 0
    assert "75 -> 90" in result.stdout
    assert run("diff", sound, new, "--exit-code").exit_code == 1
    assert json.loads(run("diff", sound, new, "--json").stdout)[0]["new"] == 90
    assert run("diff", sound, sound, "--exit-code").stdout == "Nothing changes.\n"


def test_a_topic_that_comes_or_goes_is_one_line_and_hours_read_as_they_are_written(
    sound: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.yml"
    text = DEMO.replace("  night:", "  late night:").replace(
        "    calling_name: Lakeside\n    slots:",
        '    offer: {quiet_hours: {starts: "20:30", ends: "08:00"}}\n    slots:',
    )
    new.write_text(f"{text}decision_log: {{directory: /tmp/log}}\n", encoding="utf-8")
    told = [re.split(" {2,}", line) for line in run("diff", sound, new).stdout.splitlines()]
    assert told == [
        ["topics.support.calling_name", "Lakeside -> null", "taken up while running"],
        ["topics.support.offer.quiet_hours.starts", "21:00 -> 20:30", "taken up while running"],
        ["topics.night", "removed", "taken up while running"],
        ["decision_log.directory", "null -> /tmp/log", "needs a restart"],
        [
            "topics.'late night'",
            f"added: ges-callback config show {new} --topic 'late night'",
            "taken up while running",
        ],
    ]
    shown = run("show", new, "--topic", "late night")
    assert shown.exit_code == 0


def test_a_list_that_changes_reads_without_brackets(sound: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yml"
    new.write_text(DEMO.replace("countries: [US, CA, GB]", "countries: [US]"), encoding="utf-8")
    assert "topics.support.countries  US, CA, GB -> US  taken" in run("diff", sound, new).stdout


def test_comments_alone_change_nothing(sound: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yml"
    new.write_text(f"# another one\n{DEMO}", encoding="utf-8")
    result = run("diff", sound, new, "--exit-code")
    assert (result.exit_code, result.stdout) == (0, "Nothing changes.\n")


def test_of_files_that_cannot_be_compared_all_that_is_wrong_is_told(tmp_path: Path) -> None:
    bad, absent = tmp_path / "bad.yml", tmp_path / "absent.yml"
    bad.write_text("topics: {}", encoding="utf-8")
    for options in ([], ["--exit-code"]):
        result = run("diff", bad, absent, *options)
        assert (result.exit_code, result.stdout) == (2, "")
        first, second = result.stderr.splitlines()
        assert first.startswith(f"{bad}:1:1: topics: must not be empty")
        assert second == f"{absent}: cannot be read: No such file or directory"
    for_programs = run("diff", bad, absent, "--json")
    told = [json.loads(line) for line in for_programs.stdout.splitlines()]
    assert [each["file"] for each in told] == [str(bad), str(absent)]
    assert (for_programs.exit_code, for_programs.stderr) == (2, "")


def test_the_exit_codes_of_a_comparison_stand_in_its_help() -> None:
    told = " ".join(run("diff", "--help").stdout.split())
    assert "Exits with 0, changes or none; with 1 if --exit-code is given" in told
    assert "with 2 if a file cannot be read or holds faults" in told


def test_the_schema_that_ships_is_the_one_of_the_models() -> None:
    shipped = resources.files("ges_connector.callbacks").joinpath("callback.schema.json")
    assert shipped.read_text("utf-8") == schema_text() == run("schema").stdout


def test_the_schema_describes_every_key() -> None:
    schema = json.loads(schema_text())
    parts = [schema, *schema["$defs"].values()]
    bare = [
        (part.get("description"), name)
        for part in parts
        for name, each in part.get("properties", {}).items()
        if not each.get("description")
    ]
    assert bare == []


def test_without_a_file_there_is_nothing_to_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("check", CALLBACK_CONFIG="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("callback.yml: is not here, and CALLBACK_CONFIG names no file")
    faults = json.loads(run("check", "--json", CALLBACK_CONFIG="").stdout)["faults"]
    assert len(faults) == 1


def test_hours_without_wording_are_a_fault_that_names_those_there_are(sound: Path) -> None:
    sound.write_text(DEMO.replace("static_hours: hours_lakeside", "static_hours: hours_lakside"))
    result = run("check", sound)
    assert result.exit_code == 2
    wrong = [
        at for at, line in enumerate(sound.read_text().splitlines(), 1) if "hours_lakside" in line
    ]
    assert len(result.stderr.splitlines()) == len(wrong)
    assert result.stderr.startswith(f"{sound}:{wrong[0]}:")
    assert "static_hours: 'hours_lakside' has no wording" in result.stderr
    assert "there are: hours_lakeside" in result.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CALLBACK_WORDING", "/nowhere/wording"),
        ("CALLBACK_LOG_LEVEL", "LOUD"),
        ("CALLBACK_RELOAD_SECONDS", "often"),
        ("CALLBACK_ACTIONS_MAX_DEPTH", "x"),
        ("CALLBACK_ACTIONS_SECRET", "short"),
        ("CALLBACK_STORE_URL", "ftp://store"),
        ("GES_API_KEY_FILE", "/nowhere/key"),
    ],
)
def test_a_variable_that_serve_would_refuse_is_a_fault(
    sound: Path, variable: str, value: str
) -> None:
    result = run("check", sound, **{variable: value})
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"environment: {variable}: ")
    (fault,) = json.loads(run("check", sound, "--json", **{variable: value}).stdout)["environment"]
    assert fault["variable"] == variable


def test_faults_of_file_and_environment_are_told_together(sound: Path) -> None:
    sound.write_text(DEMO.replace("count: 3", "count: 0"))
    result = run("check", sound, CALLBACK_LOG_LEVEL="LOUD", CALLBACK_LOG_FORMAT="yaml")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3


def test_what_is_not_set_is_told_and_no_fault(sound: Path) -> None:
    result = run("check", sound)
    assert result.exit_code == 0
    assert "needed to serve: GES_REGION or GES_BASE_URL; GES_API_KEY or" in result.stdout
    assert "CALLBACK_ACTIONS_SECRET" in result.stdout


def test_hours_of_the_defaults_are_told_once_and_where_they_stand(sound: Path) -> None:
    own = "    static_hours: hours_lakeside\n"
    sound.write_text(DEMO.replace(own, "").replace("defaults:\n", f"defaults:\n  {own.strip()}x\n"))
    (line,) = run("check", sound).stderr.splitlines()
    assert "defaults.static_hours" in line


@pytest.mark.parametrize(
    ("written", "meant", "set_too"),
    [
        ("CALLBACK_ACTION_SECRET", "CALLBACK_ACTIONS_SECRET", sha256(b"a").hexdigest()),
        ("GES_APIKEY", "GES_API_KEY", "sandbox-key"),
        ("GES_APIKEY_FILE", "GES_API_KEY_FILE", ""),
    ],
)
def test_of_two_names_the_nearer_is_told_though_it_is_set(
    sound: Path, written: str, meant: str, set_too: str
) -> None:
    result = run("check", sound, **{written: "x", meant: set_too})
    more = ", which is set too" if set_too else ""
    said = f"environment: {written}: nothing reads it (is {meant} meant{more}?)"
    assert said in result.stdout + result.stderr


@pytest.mark.parametrize("command", ["check", "show"])
def test_the_file_may_be_named_as_with_every_other_command(sound: Path, command: str) -> None:
    assert run(command, "--config", sound).stdout == run(command, sound).stdout
    twice = run(command, sound, "--config", sound)
    assert (twice.exit_code, twice.stdout) == (2, "")
    assert twice.stderr == (
        f"ges-callback config {command}: Invalid value for --config: name the file once\n"
    )


def test_a_ges_that_is_asked_in_the_open_is_remarked(sound: Path) -> None:
    result = run("check", sound, GES_BASE_URL="http://ges.example/engagement/v3", GES_API_KEY=KEY)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "environment: GES_BASE_URL: key and telephone numbers go to ges.example in plain text "
        "(write https://, unless that is a machine of yours)"
    )
    here = run("check", sound, GES_BASE_URL="http://127.0.0.1:8080/engagement/v3", GES_API_KEY=KEY)
    assert "plain text" not in here.stdout


@pytest.mark.parametrize("path", ["", "/engagement/v2", "/engagement/v3/callbacks"])
def test_a_ges_under_another_path_is_remarked_and_no_fault(sound: Path, path: str) -> None:
    place = "https://ges.example"
    result = run("check", sound, GES_BASE_URL=f"{place}{path}", GES_API_KEY=KEY)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "environment: GES_BASE_URL: does not end in /engagement/v3, under which GES is "
        f"(write {place}/engagement/v3, unless a gateway has another path)"
    )
    behind = f"{place}/ges/engagement/v3/"
    assert "does not end" not in run("check", sound, GES_BASE_URL=behind, GES_API_KEY=KEY).stdout


def test_a_number_that_customers_would_pay_for_is_a_fault(sound: Path) -> None:
    text = DEMO.replace("+493023125000", "+499001234567")
    sound.write_text(text, encoding="utf-8")
    result = run("check", sound)
    assert result.exit_code == 2
    assert "static_number: is a premium-rate number: whoever rings it pays extra" in result.stderr


def test_a_variable_that_nothing_reads_is_remarked_with_the_one_that_was_meant(
    sound: Path,
) -> None:
    result = run("check", sound, CALLBACK_LOG_LEVL="DEBUG", CALLBACK_OF_SOMEBODY_ELSE="1")
    assert result.exit_code == 0
    said = "environment: CALLBACK_LOG_LEVL: nothing reads it (is CALLBACK_LOG_LEVEL meant?)"
    assert result.stdout.splitlines()[-1] == said
