"""Judges what is the assistant's own: its secret, action server, engine and domain. Pure."""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from ges_connector.doctor.distrust import distrust_of
from ges_connector.doctor.finding import Finding, Light
from ges_connector.doctor.probes import CALL_BYTES, OtherProtocolError, reason_of
from ges_connector.extras import installing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ges_connector.doctor.assistant import Assistant, Endpoint, Unset
    from ges_connector.doctor.probes import ActionServer

_NAMES_TOLD: Final = 3
_ACTION_SERVER: Final = "action server"
_URL_NAMED: Final = "--actions-url or ACTIONS_URL"
_WHOLE: Final = "as http://actions:5055/webhook"
_START_IT: Final = "start it with `ges-callback serve`, or correct --actions-url (or ACTIONS_URL)"
_GRPC: Final = "grpc://"
_SEE_GRPC: Final = "see in the log of the engine that `ges-callback serve --grpc` answers it"
_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
# `/ready` wants no secret: whoever knows no such path, or wants one, is another program.
_NOT_OURS: Final = _REFUSED | {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
_OUR_SECRET: Final = "CALLBACK_ACTIONS_SECRET"  # noqa: S105 - the name of a variable


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
    faulty = _not_usable(url, found)
    return _compared(found.actions or (), wanted) if faulty is None else faulty


def _not_usable(url: str, found: ActionServer) -> Finding | None:
    """What keeps an action server that answers from being used; None if nothing does."""
    if found.ready_status in _NOT_OURS:
        told = f"no action server is found under {url} (HTTP {found.ready_status} at /ready)"
        step = f"write its address up to and with /webhook in {_URL_NAMED}: {_WHOLE}"
    elif found.ready_status != HTTPStatus.OK:
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
    told, step, light = f"{url}: no answer ({reason_of(error)})", _START_IT, Light.RED
    if isinstance(error, OtherProtocolError) and error.right_url is not None:
        told = f"{url}: {error.spoken} is spoken there"
        step = f"write {error.right_url} in {_URL_NAMED}"
    elif isinstance(error, OtherProtocolError):
        told, light = (
            f"{url}: {error.spoken} is spoken there, which is not looked into",
            Light.AMBER,
        )
        step = "the engine asks it by grpc://; to have it looked at, start it without --grpc"
    elif (untrusted := _certificate_error(error)) is not None:
        distrust = distrust_of(untrusted, url, _URL_NAMED)
        told, step = distrust.told, distrust.next_step
    return Finding(_ACTION_SERVER, light, told, None, step)


def _certificate_error(error: Exception) -> ssl.SSLCertVerificationError | None:
    """Why a certificate is not trusted, in whatever it is wrapped; None if that is not why."""
    wrapped = (getattr(error, name, None) for name in ("certificate_error", "os_error"))
    kind = ssl.SSLCertVerificationError
    return next((each for each in (*wrapped, error) if isinstance(each, kind)), None)


def unless_told_by_engine(found: Finding, endpoint: Endpoint | None, url: str | None) -> Finding:
    """Leave to the engine's own line what is wrong with an address that it asks too.

    Args:
        found: What came of looking for the action server.
        endpoint: What the engine is told of it; None if there is no `endpoints.yml` here.
        url: Where it was looked for; None if nobody said.
    """
    is_told = endpoint is not None and endpoint.url == url and _unasked(endpoint) is not None
    if found.light is not Light.RED or not is_told:
        return found
    told = f"not looked at, as {url} is no address of one"
    return Finding(_ACTION_SERVER, Light.AMBER, told, None, "see the line of the engine")


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
        return _wrong_secret(endpoint)
    return _beside(endpoint) or Finding(
        check, Light.GREEN, f"asks {endpoint.url} and shows the right secret"
    )


def _wrong_secret(endpoint: Endpoint) -> Finding:
    told = "the secret it shows is not the action server's"
    named = " and ".join(endpoint.secret_variables)
    step = f"set {named} to the same value for both; the engine takes exactly one secret"
    if not named:
        place = f"{endpoint.name}:{endpoint.secret_line}"
        told = f"{place}: the secret written there is not the action server's"
        step = f"write ${{{_OUR_SECRET}}} in its place, and set that variable where the engine runs"
    elif named != _OUR_SECRET:
        step = f"set {named} where the engine runs to the action server's {_OUR_SECRET}"
    return Finding("engine", Light.RED, told, None, step)


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
        step = f"write the whole URL, {_WHOLE} (in ACTIONS_URL, if it is used)"
        return Finding(check, Light.RED, told, None, step)
    return None


def _not_there(found: ActionServer | Exception, wanted: Collection[str] | None) -> str | None:
    """Why what the engine will ask is not the action server; None if it is."""
    if isinstance(found, OtherProtocolError):
        return f"{found.spoken} is spoken"
    if isinstance(found, Exception):
        return f"nothing answers ({reason_of(found)})"
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
