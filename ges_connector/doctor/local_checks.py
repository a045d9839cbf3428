"""Judges what surrounds GES: the way, clocks, numbers, languages, store, decision log. Pure."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import phonenumbers

from ges_connector.callbacks.clock import VARIABLE as CLOCK_VARIABLE
from ges_connector.callbacks.phone import NumberFault, NumberRefused, find_number
from ges_connector.doctor.distrust import distrust_of
from ges_connector.doctor.finding import Finding, Light
from ges_connector.doctor.probes import OtherProtocolError, reason_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from ges_connector.callbacks.profile import TopicProfile
    from ges_connector.doctor.probes import Connection, Preflight

_SKEW_TOLD: Final = timedelta(seconds=30)
_SKEW_WRONG: Final = timedelta(minutes=5)
_CERTIFICATE_SOON: Final = timedelta(days=14)
_NO_TLS_THERE: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"})
_UNITS_SECONDS: Final = (("days", 86400), ("hours", 3600), ("minutes", 60))
_EMERGENCY: Final = "112"
_OF_A_REGION: Final = "gapi-"
# With its plus and country code: no number in use that is not known is as short.
_SHORT_CHARACTERS: Final = 9


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
    told = f"{place}: no connection ({reason_of(error)})"
    step = "look at the port in GES_BASE_URL, at the firewall and at GES_PROXY_URL"
    return Finding(check, Light.RED, told, None, step)


def _without_tls(place: str, error: ssl.SSLError, url: str | None) -> Finding:
    check = "connection"
    if getattr(error, "reason", None) in _NO_TLS_THERE:
        told = f"{place}: no TLS is spoken there, only plain HTTP"
        step = "write http:// in GES_PROXY_URL"
        if url is not None:
            plain = url.replace("https://", "http://", 1)
            step = f"write {plain} in GES_BASE_URL, or the port that speaks TLS"
        return Finding(check, Light.RED, told, None, step)
    distrust = distrust_of(error, place, "GES_PROXY_URL" if url is None else "GES_BASE_URL")
    return Finding(check, Light.RED, distrust.told, None, distrust.next_step)


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
        here = directory.absolute()
        told = f"{directory}: counted from the folder that a command is called in, so here {here}"
        step = f"write the whole path, {key}: {here}, so that server and report mean the same"
        return Finding(check, Light.AMBER, told, None, step)
    return Finding(check, Light.GREEN, f"{directory} can be written to")
