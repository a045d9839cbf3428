"""Judges what surrounds GES: the way, clocks, numbers, languages, store, action server. Pure."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import phonenumbers

from ges_connector.callbacks.clock import VARIABLE as CLOCK_VARIABLE
from ges_connector.callbacks.phone import NumberFault, NumberRefused, find_number
from ges_connector.doctor.finding import Finding, Light
from ges_connector.doctor.probes import CALL_BYTES, OtherProtocolError
from ges_connector.extras import installing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.doctor.assistant import Assistant, Endpoint, Unset
    from ges_connector.doctor.probes import ActionServer, Connection, Preflight

_SKEW_TOLD: Final = timedelta(seconds=30)
_SKEW_WRONG: Final = timedelta(minutes=5)
_CERTIFICATE_SOON: Final = timedelta(days=14)
_NO_TLS_THERE: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"})
_UNITS_SECONDS: Final = (("days", 86400), ("hours", 3600), ("minutes", 60))
_EMERGENCY: Final = "112"
_OF_A_REGION: Final = "gapi-"
_OK: Final = 200
_NAMES_TOLD: Final = 3
_ACTION_SERVER: Final = "action server"
_START_IT: Final = "start it with `ges-callback serve`, or correct --actions-url (or ACTIONS_URL)"
# With its plus and country code: no number in use that is not known is as short.
_SHORT_CHARACTERS: Final = 9
_GRPC: Final = "grpc://"
_SEE_GRPC: Final = "see in the log of the engine that `ges-callback serve --grpc` answers it"
_REFUSED: Final = frozenset({401, 403})


def check_name(host: str, found: Sequence[str] | OSError) -> Finding:
    """Judge whether the name of GES, or of the proxy before it, is known here."""
    if isinstance(found, OSError) or not found:
        told = f"{host} has no address here"
        named = (
            "GES_REGION with the label" if _OF_A_REGION in host else "GES_BASE_URL with the host"
        )
        step = (
            f"compare {named} that came with the key (a proxy: GES_PROXY_URL); if it is right, look"
            " at the name servers of this machine"
        )
        return Finding("name", Light.RED, told, None, step)
    return Finding("name", Light.GREEN, f"{host} is {', '.join(found)}")


def check_connection(
    place: str,
    found: Connection | Exception,
    *,
    now: datetime,
    is_local: bool,
    url: str | None = None,
) -> Finding:
    """Judge the connection and its certificate.

    Args:
        place: Host and port.
        found: The connection that came about, or why it did not.
        now: The present instant, UTC.
        is_local: Whether it stays on this machine.
        url: The URL of GES; None where it is the proxy that was connected to.
    """
    check = "connection"
    if isinstance(found, Exception):
        return _unconnected(place, found, url)
    if not found.is_tls:
        if is_local:
            told = f"{place}: plain HTTP, on this machine only"
            return Finding(check, Light.GREEN, told)
        step = "use https in GES_BASE_URL; key and telephone numbers can be read on the way"
        return Finding(check, Light.RED, f"{place}: plain HTTP to another machine", None, step)
    if found.ends_at is not None and found.ends_at - now < _CERTIFICATE_SOON:
        told = f"{place}: TLS, but its certificate ends on {found.ends_at:%Y-%m-%d}"
        return Finding(check, Light.AMBER, told, None, "have the certificate renewed")
    return Finding(check, Light.GREEN, f"{place}: {found.tls_version or 'TLS'}, trusted")


def _unconnected(place: str, error: Exception, url: str | None) -> Finding:
    check = "connection"
    if isinstance(error, ssl.SSLError):
        return _without_tls(place, error, url)
    if isinstance(error, OtherProtocolError):
        told = f"{place}: {error.spoken} is spoken there, and GES_BASE_URL says http://"
        return Finding(check, Light.RED, told, None, f"write {error.right_url} in GES_BASE_URL")
    told = f"{place}: no connection ({_kind(error)})"
    step = "look at the port in GES_BASE_URL, at the firewall and at GES_PROXY_URL"
    return Finding(check, Light.RED, told, None, step)


def _without_tls(place: str, error: ssl.SSLError, url: str | None) -> Finding:
    check, reason = "connection", _why_untrusted(error)
    if reason in _NO_TLS_THERE:
        told = f"{place}: no TLS is spoken there, only plain HTTP"
        step = "write http:// in GES_PROXY_URL"
        if url is not None:
            plain = url.replace("https://", "http://", 1)
            step = f"write {plain} in GES_BASE_URL, or the port that speaks TLS"
        return Finding(check, Light.RED, told, None, step)
    told = f"{place}: no trusted TLS connection ({reason})"
    step = "look at the certificate there; SSL_CERT_FILE names authorities to trust instead"
    return Finding(check, Light.RED, told, None, step)


def _why_untrusted(error: ssl.SSLError) -> str:
    # Errors that no peer caused lack them.
    said = (getattr(error, name, None) for name in ("verify_message", "reason"))
    return next((str(each) for each in said if each), type(error).__name__)


def _kind(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else None
    return reason or ("no answer in time" if isinstance(error, TimeoutError) else "broken off")


def check_clock(found: Preflight | Exception, file_variable: str | None = None) -> Finding:
    """Judge the clock that the action server goes by, by the Date header of the far side.

    Args:
        found: What the far side answered.
        file_variable: The variable that names the file with that clock; None where it is the clock
            of this machine.
    """
    check = "clock"
    if isinstance(found, Exception) or found.skew is None:
        step = "compare the clock of this machine with a time server yourself"
        return Finding(check, Light.AMBER, "the far side did not tell the time", None, step)
    way = "ahead of" if found.skew > timedelta(0) else "behind"
    whose = "this machine" if file_variable is None else f"the clock in {file_variable}"
    told = f"{whose} is {_span(abs(found.skew))} {way} the date on the far side's answers"
    if abs(found.skew) <= _SKEW_TOLD:
        return Finding(check, Light.GREEN, told)
    light = Light.RED if abs(found.skew) > _SKEW_WRONG else Light.AMBER
    right = "set the clock by a time server (NTP)" if file_variable is None else "correct the file"
    step = (
        f"{right}; times told to customers depend on it. A sandbox that lives on another day: "
        f"start it without --at, or write its time to the file that {CLOCK_VARIABLE} names"
    )
    return Finding(check, light, told, None, step)


def _span(length: timedelta) -> str:
    """Tell a length of time in the largest unit of which there are at least two."""
    seconds = length.total_seconds()
    for unit, size_seconds in _UNITS_SECONDS:
        if seconds >= 2 * size_seconds:
            return f"{seconds / size_seconds:.0f} {unit}"
    return f"{seconds:.0f} s"


def check_origin(origin: str | None, found: Preflight | Exception) -> Finding:
    """Say what web pages may do; the assistant itself is none and needs no leave (GES rule 43)."""
    check = "web pages"
    if origin is None:
        told = "the assistant calls GES from its server; no web origin has to be allowed for it"
        return Finding(check, Light.GREEN, told)
    if isinstance(found, Exception) or not found.allows_origin:
        told = f"pages of {origin} may not call GES themselves"
        step = "only if they shall: add the domain to the key in the Developer tab"
        return Finding(check, Light.AMBER, told, None, step)
    return Finding(check, Light.GREEN, f"pages of {origin} may call GES themselves")


def check_numbers(topic: str, profile: TopicProfile) -> Finding:
    """Judge our own rules on example numbers of each country, and the centre's own numbers."""
    check = "numbers"
    refused = [
        country
        for country in profile.countries
        if isinstance(_read_example(country, profile), NumberRefused)
    ]
    if refused:
        told = f"example numbers of {', '.join(refused)} are refused"
        step = "leave the country out of countries; nobody there could be called back"
        return Finding(check, Light.RED, told, topic, step)
    if not isinstance(find_number(_EMERGENCY, countries=profile.countries), NumberRefused):
        step = "report this; nothing in the configuration allows it"
        return Finding(check, Light.RED, "an emergency number would be called", topic, step)
    doubtful = [
        key
        for key in ("static_number", "calling_number")
        if (number := getattr(profile, key)) is not None
        and not phonenumbers.is_valid_number(phonenumbers.parse(number))
    ]
    if doubtful:
        told = f"{' and '.join(doubtful)}: in no range of numbers that is known to be in use"
        is_short = any(len(getattr(profile, key)) < _SHORT_CHARACTERS for key in doubtful)
        light = Light.RED if is_short else Light.AMBER
        step = "ring it yourself; if nobody answers, correct it in the configuration"
        return Finding(check, light, told, topic, step)
    told = f"examples of {', '.join(profile.countries)} are read, an emergency number is refused"
    return Finding(check, Light.GREEN, told, topic)


def _read_example(country: str, profile: TopicProfile) -> object:
    kind = phonenumbers.PhoneNumberType.MOBILE
    example = phonenumbers.example_number_for_type(country, kind) or phonenumbers.example_number(
        country
    )
    if example is None:
        return NumberRefused(NumberFault.NONE_FOUND)
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    return find_number(written, countries=profile.countries)


def check_languages(
    topic: str, profile: TopicProfile, said: Collection[str] | None, read: Collection[str]
) -> Finding:
    """Judge whether all languages of a topic can be spoken and understood.

    Args:
        topic: The topic.
        profile: Its profile.
        said: Languages there is a catalogue of; None if there are no catalogues here.
        read: Languages whose words about time are understood.
    """
    check = "languages"
    wanted = dict.fromkeys(
        tag.partition("-")[0] for tag in (*profile.languages, profile.default_locale)
    )
    if said is None:
        step = (
            "correct CALLBACK_WORDING if it is set; else run this in the folder of the assistant, "
            "or name it with --project"
        )
        return Finding(check, Light.AMBER, "no catalogues were found here", topic, step)
    mute = [tag for tag in wanted if tag not in said]
    deaf = [tag for tag in wanted if tag not in read]
    if not mute and not deaf:
        return Finding(check, Light.GREEN, f"{', '.join(wanted)}: complete", topic)
    told = "; ".join(
        f"{what} {', '.join(tags)} (there are: {', '.join(sorted(there))})"
        for what, tags, there in (
            ("no wording in", mute, said),
            ("times not understood in", deaf, read),
        )
        if tags
    )
    step = "add the catalogue (docs/languages.md), or leave the language out of languages"
    return Finding(check, Light.AMBER, told, topic, step)


def check_store(place: str | None, fault: str | None, *, is_refusal: bool = False) -> Finding:
    """Judge the store.

    Args:
        place: Host and port of the one that is named; None if none is.
        fault: Why it did not answer.
        is_refusal: Whether it is there, and does not take the password.
    """
    if fault is not None:
        told = f"{place}: {fault}"
        step = "look at CALLBACK_STORE_URL and whether the server runs there; bookings need it"
        if is_refusal:
            step = "correct the name and password in CALLBACK_STORE_URL; bookings need the store"
        return Finding("store", Light.RED, told, None, step)
    if place is None:
        told = "none: each process keeps to itself what it knows"
        step = "fine for one process; several workers or replicas need CALLBACK_STORE_URL"
        return Finding("store", Light.AMBER, told, None, step)
    return Finding("store", Light.GREEN, f"{place} answers")


def check_decision_log(directory: Path, fault: str | None) -> Finding:
    """Judge where decisions are written down.

    Args:
        directory: As configured.
        fault: Why nothing can be written there.
    """
    check, key = "decision log", "decision_log.directory"
    if fault is not None:
        step = f"name a directory in {key} that the action server may write to"
        return Finding(check, Light.RED, fault, None, step)
    if not directory.is_absolute():
        told = f"{directory}: counted from the folder that a command is called in"
        step = f"write the whole path in {key}, so that server and report mean the same"
        return Finding(check, Light.AMBER, told, None, step)
    return Finding(check, Light.GREEN, f"{directory} can be written to")


def check_secret(*, is_installed: bool) -> Finding:
    """Say that the secret of the action server holds, where what knows of it is installed."""
    if not is_installed:
        step = f"look where the action server runs; to run one here: {installing('rasa')}"
        return Finding("secret", Light.AMBER, "the action server is not installed", None, step)
    return Finding("secret", Light.GREEN, "set, and not to be guessed")


def is_refused(found: ActionServer | Exception | None) -> bool:
    """Whether an action server is there and does not take the secret it was shown."""
    return getattr(found, "list_status", None) in _REFUSED


def check_action_server(
    url: str | None, found: ActionServer | Exception | None, wanted: Collection[str] | None
) -> Finding:
    """Judge a running action server.

    Args:
        url: Where it was looked for; None if nobody said.
        found: What was found there.
        wanted: The actions of the domain; None if there is no domain here.
    """
    if url is not None and is_by_grpc(url):
        told = f"{url} is asked by gRPC, which is not looked into"
        return Finding(_ACTION_SERVER, Light.AMBER, told, None, _SEE_GRPC)
    if url is None or found is None:
        told = "not looked at, as nobody said where it is"
        return Finding(
            _ACTION_SERVER, Light.AMBER, told, None, "name it with --actions-url or ACTIONS_URL"
        )
    if isinstance(found, Exception):
        return _unanswered(url, found)
    faulty = _not_usable(found)
    return _compared(found.actions or (), wanted) if faulty is None else faulty


def _not_usable(found: ActionServer) -> Finding | None:
    """What keeps an action server that answers from being used; None if nothing does."""
    if found.ready_status != _OK:
        reason = f" ({found.reason})" if found.reason else ""
        told = f"up, but not ready{reason}"
        step = "its log says what it lacks; /ready must answer 200"
    elif is_refused(found):
        told = "it refuses the secret that is set here"
        step = "give CALLBACK_ACTIONS_SECRET here the value it has there"
    elif found.actions is None:
        told = f"it does not list its actions (HTTP {found.list_status})"
        step = "look whether this is the address of an action server of Rasa"
    elif not found.takes_calls:
        told = f"it refuses calls of {CALL_BYTES // 1024} KiB as too long (HTTP 413)"
        step = "raise CALLBACK_ACTIONS_MAX_BYTES where it runs, or leave it out"
    else:
        return None
    return Finding(_ACTION_SERVER, Light.RED, told, None, step)


def _unanswered(url: str, error: Exception) -> Finding:
    told, step, light = f"{url}: no answer ({_kind(error)})", _START_IT, Light.RED
    if isinstance(error, OtherProtocolError) and error.right_url is not None:
        told = f"{url}: {error.spoken} is spoken there"
        step = f"write {error.right_url} in --actions-url or ACTIONS_URL"
    elif isinstance(error, OtherProtocolError):
        told, light = (
            f"{url}: {error.spoken} is spoken there, which is not looked into",
            Light.AMBER,
        )
        step = "the engine asks it by grpc://; to have it looked at, start it without --grpc"
    elif isinstance(getattr(error, "os_error", error), ssl.SSLCertVerificationError) or isinstance(
        getattr(error, "certificate_error", None), ssl.SSLError
    ):
        told = f"{url}: its certificate is not trusted"
        step = "SSL_CERT_FILE names the authorities that are trusted, for the doctor and the engine"
    return Finding(_ACTION_SERVER, light, told, None, step)


def _compared(there: Collection[str], wanted: Collection[str] | None) -> Finding:
    check = _ACTION_SERVER
    if wanted is None:
        told = f"ready, with {len(there)} actions; no domain was found here to compare"
        step = "run this in the folder of the assistant, or name it with --project"
        return Finding(check, Light.AMBER, told, None, step)
    missing = sorted(set(wanted) - set(there))
    if missing:
        told = f"it lacks actions of the domain: {', '.join(missing)}"
        step = "run the action server and train the engine from the same version"
        return Finding(check, Light.RED, told, None, step)
    return Finding(check, Light.GREEN, f"ready; all {len(wanted)} actions of the domain are there")


def is_by_grpc(url: str) -> bool:
    """Whether the action server is asked by gRPC there, which the doctor does not speak."""
    return url.startswith(_GRPC)


def is_askable(endpoint: Endpoint | None) -> bool:
    """Whether the engine is told enough of the action server to ask it: a URL and a secret."""
    return endpoint is not None and _untold(endpoint) is None


def check_engine(
    endpoint: Endpoint | None,
    url: str | None,
    there: ActionServer | Exception | None,
    *,
    is_held: bool,
    wanted: Collection[str] | None = None,
) -> Finding:
    """Judge what the engine is told of the action server.

    Args:
        endpoint: What that is; None if there is no `endpoints.yml` here.
        url: Where the action server is otherwise known to be; None if nobody said.
        there: What was found where the engine will look; None if that is `url`, or nobody looked.
        is_held: Whether the action server takes the secret that the engine shows.
        wanted: The actions of the domain; None if there is no domain here.
    """
    check = "engine"
    if endpoint is None:
        step = "run this in the folder of the assistant, or name it with --project"
        return Finding(check, Light.AMBER, "no endpoints.yml was found here", None, step)
    if (untold := _untold(endpoint)) is not None:
        return untold
    elsewhere = None if there is None else _not_there(there, wanted)
    if elsewhere is not None:
        known = "" if url is None else f"; the action server is at {url}"
        told = f"{endpoint.name} asks {endpoint.url}, where {elsewhere}{known}"
        step = "correct the url there; a name that only the engine's machine knows: look from there"
        return Finding(check, Light.RED, told, None, step)
    if not is_held:
        told = "the secret it shows is not the action server's"
        step = "set CALLBACK_ACTIONS_SECRET for both; the engine takes exactly one secret"
        return Finding(check, Light.RED, told, None, step)
    return _beside(endpoint) or Finding(
        check, Light.GREEN, f"asks {endpoint.url} and shows the right secret"
    )


def _beside(endpoint: Endpoint) -> Finding | None:
    """What somebody should look at where the engine and the action server fit; None if nothing."""
    if endpoint.unset:
        return _unset(endpoint, endpoint.unset, Light.AMBER)
    if not endpoint.is_selective:
        told = f"{endpoint.name} lacks enable_selective_domain: every call carries the whole domain"
        step = "set enable_selective_domain: true under action_endpoint"
        return Finding("engine", Light.AMBER, told, None, step)
    return None


def _untold(endpoint: Endpoint) -> Finding | None:
    """What the engine lacks to ask anybody; None if it lacks nothing."""
    check, name = "engine", endpoint.name
    if endpoint.fault is not None:
        return Finding(check, Light.RED, f"{name}: {endpoint.fault}", None, "correct the file")
    if endpoint.secret and endpoint.is_bare:
        told = f"{name} shows the secret alone, which the action server refuses"
        step = "write `Bearer ` before the secret, under headers: authorization"
        return Finding(check, Light.RED, told, None, step)
    if needed := [each for each in endpoint.unset if each.is_of_actions]:
        return _unset(endpoint, needed, Light.AMBER if endpoint.secret else Light.RED)
    if (unasked := _unasked(endpoint)) is not None:
        return unasked
    if not endpoint.secret:
        told = f"{name} shows no secret"
        step = (
            "under action_endpoint write headers: {authorization: "
            "'Bearer ${CALLBACK_ACTIONS_SECRET}'}, and set that variable"
        )
        return Finding(check, Light.RED, told, None, step)
    return None


def _unset(endpoint: Endpoint, unset: Sequence[Unset], light: Light) -> Finding:
    """Name variables of the file that are not set."""
    first, *more = (f"{each.line}: ${{{each.name}}} is not set here" for each in unset)
    told = "; ".join([f"{endpoint.name}:{first}", *(f"line {each}" for each in more)])
    meant = [f"is {each.meant} meant, which is set? Else " for each in unset if each.meant]
    names = " and ".join(each.name for each in unset)
    step = f"{''.join(meant)}set {names} where the engine runs, or it does not start"
    return Finding("engine", light, told, None, step)


def _unasked(endpoint: Endpoint) -> Finding | None:
    """Why the URL is none that can be asked here; None if it is one."""
    check, name = "engine", endpoint.name
    if (slip := endpoint.misspelt) is not None:
        told = f"{name}:{slip.line}: {slip.name} is not read, so the engine runs no action at all"
        return Finding(check, Light.RED, told, None, f"is {slip.meant} meant?")
    if not endpoint.url:
        told = f"{name} has no url under action_endpoint"
        step = (
            "write action_endpoint: at its top, and indented below it "
            "url: http://actions:5055/webhook, as engine/endpoints.yml does"
        )
        return Finding(check, Light.AMBER, told, None, step)
    if is_by_grpc(endpoint.url):
        told = f"{name} asks {endpoint.url} by gRPC, which is not looked into"
        return Finding(check, Light.AMBER, told, None, _SEE_GRPC)
    if not endpoint.url.startswith(("http://", "https://")) or not endpoint.url.endswith(
        "/webhook"
    ):
        told = f"{name} asks {endpoint.url}, which is no http://…/webhook"
        step = "write the whole URL, as http://actions:5055/webhook (in ACTIONS_URL, if it is used)"
        return Finding(check, Light.RED, told, None, step)
    return None


def _not_there(found: ActionServer | Exception, wanted: Collection[str] | None) -> str | None:
    """Why what the engine will ask is not the action server; None if it is."""
    if isinstance(found, OtherProtocolError):
        return f"{found.spoken} is spoken"
    if isinstance(found, Exception):
        return f"nothing answers ({_kind(found)})"
    if is_refused(found):
        return "its secret is refused"
    if found.actions is None:
        return "there is no action server"
    if wanted is not None and not set(wanted) <= set(found.actions):
        return "there is an action server without the actions of the domain"
    return None


def check_domain(assistant: Assistant) -> Finding:
    """Judge whether the domain is whole, and says what the catalogues say.

    Args:
        assistant: What the folder of the assistant holds.
    """
    check = "domain"
    if assistant.fault is not None:
        step = "correct that file; after a catalogue, `make render`"
        return Finding(check, Light.RED, assistant.fault, None, step)
    if assistant.is_without_ours:
        step = "copy domain/classic/*.yml into it and train again, or name your project: --project"
        return Finding(check, Light.RED, "the domain here holds nothing of ours", None, step)
    if assistant.missing or assistant.forgetful:
        return _lacking(assistant)
    if assistant.stale is None:
        step = "run this in the folder of the assistant, or name it with --project"
        return Finding(check, Light.AMBER, "no domain was found here", None, step)
    if assistant.stale:
        told = f"out of date: {', '.join(assistant.stale)}"
        return Finding(check, Light.RED, told, None, "run `make render` and train again")
    return Finding(check, Light.GREEN, "says what the catalogues say")


def _lacking(assistant: Assistant) -> Finding:
    """Tell what of ours a domain of rules lacks, or that it forgets what was booked."""
    check = "domain"
    if assistant.missing:
        lacking = [f"the {key} {_some(names)}" for key, names in assistant.missing.items()]
        files = ", ".join(f"domain/classic/{key}.yml" for key in assistant.missing)
        step = f"copy {files} into it and train again"
        return Finding(check, Light.RED, f"it lacks {'; '.join(lacking)}", None, step)
    told = (
        f"{assistant.forgetful}: carry_over_slots_to_new_session is false, so a callback that was "
        "booked is forgotten when the session ends: it cannot be moved or cancelled then, and may "
        "be booked twice"
    )
    step = "set carry_over_slots_to_new_session: true under session_config, and train again"
    return Finding(check, Light.RED, told, None, step)


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_TOLD
    return f"{', '.join(names[:_NAMES_TOLD])}{f' and {more} more' if more > 0 else ''}"
