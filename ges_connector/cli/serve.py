"""`ges-callback serve`: the action server, checked before it starts, and stopped with care."""

import os
import socket
import ssl
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from ges_connector.callbacks.config_file import CONFIG_VARIABLE, config_file
from ges_connector.cli.desk import (
    ConfigOption,
    Desk,
    all_told,
    check_environment,
    open_desk,
    wrong_input,
)
from ges_connector.cli.hours import unworded_hours
from ges_connector.cli.judged_environment import (
    WORKERS_VARIABLE,
    doubtful_ways,
    others_faults,
    server_faults,
)
from ges_connector.cli.others import OTHERS_VARIABLE, faults_of_others
from ges_connector.extras import missing
from ges_connector.sandbox.loopback import is_loopback_address
from ges_connector.store.settings import StoreSettings

HOST_VARIABLE: Final = "SANIC_HOST"
GRACE_VARIABLE: Final = "SANIC_GRACEFUL_SHUTDOWN_TIMEOUT"
_EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - the guard keeps out whoever shows no secret
_HERE: Final = "127.0.0.1"
_MORE_SECONDS: Final = 2.0
_FILE: Final[dict[str, Any]] = {"exists": True, "dir_okay": False, "readable": True}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("serve")(serve)


@dataclass(frozen=True, slots=True)
class _Files:
    """Certificates, PEM."""

    certificate: Path | None
    key: Path | None
    callers: Path | None

    def as_options(self, certificate: str, key: str, callers: str) -> list[str]:
        """Write them as the options of a program that calls them so."""
        named = {certificate: self.certificate, key: self.key, callers: self.callers}
        return [part for name, path in named.items() if path for part in (name, str(path))]


def serve(
    *,
    grpc: Annotated[
        bool, typer.Option("--grpc", help="gRPC instead of HTTP; one process.")
    ] = False,
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on; else SANIC_HOST, else every one, with gRPC this machine's.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 5055,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes; else ACTION_SERVER_SANIC_WORKERS, else one.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    actions: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODULE",
            help="A module or package with actions of yours, served beside ours.",
            show_default=False,
        ),
    ] = None,
    endpoints: Annotated[
        Path | None,
        typer.Option(help="Endpoints file, for where traces go.", show_default=False, **_FILE),
    ] = None,
    ssl_certificate: Annotated[
        Path | None, typer.Option(help="Certificate, PEM.", show_default=False, **_FILE)
    ] = None,
    ssl_keyfile: Annotated[
        Path | None, typer.Option(help="Its private key, PEM.", show_default=False, **_FILE)
    ] = None,
    ssl_ca_file: Annotated[
        Path | None,
        typer.Option(
            help="With gRPC: who signs the callers' own certificates, PEM.",
            show_default=False,
            **_FILE,
        ),
    ] = None,
) -> None:
    """Run the action server. Told to stop, it lets running bookings finish.

    Exits with 2, before anything listens, if a setting is wrong.

    Example: ges-callback serve --config callback.yml --port 5055
    """
    files = _Files(ssl_certificate, ssl_keyfile, ssl_ca_file)
    _check_files(files, grpc=grpc)
    if grpc and workers is not None and workers > 1:
        raise typer.BadParameter(
            "gRPC has one process; start several, each on a port", param_hint="--workers"
        )
    desk, *_ = all_told(
        lambda: _checked_desk(config),
        lambda: _check_server(is_certified=ssl_ca_file is not None),
        lambda: _check_others(actions),
        lambda: _check_certificates(files),
    )
    chosen = host or (_HERE if grpc else os.environ.get(HOST_VARIABLE) or _EVERYWHERE)
    is_shut = ssl_ca_file is not None or (grpc and _has_secret())
    if grpc and not is_shut and not is_loopback_address(chosen):
        raise typer.BadParameter(
            "without a secret gRPC is for this machine alone: listen on 127.0.0.1",
            param_hint="--host",
        )
    _check_port(chosen, port)
    warn_of_no_store(workers)
    for each in doubtful_ways():
        sys.stderr.write(f"WARNING: {each.plain}\n")
    named = {CONFIG_VARIABLE: config and str(config.resolve()), OTHERS_VARIABLE: _joined(actions)}
    environment = {name: value for name, value in named.items() if value}
    traces = [] if endpoints is None else ["--endpoints", str(endpoints)]
    if grpc:
        _become([*_over_grpc(files, chosen, port, _grace_seconds(desk)), *traces], environment)
    environment |= {HOST_VARIABLE: chosen}
    environment |= {} if workers is None else {WORKERS_VARIABLE: str(workers)}
    grace = os.environ.get(GRACE_VARIABLE) or f"{_grace_seconds(desk):g}"
    options = files.as_options("--ssl-certificate", "--ssl-keyfile", "--ssl-ca-file")
    where = ["-p", str(port)]
    module = ["rasa_sdk", "--actions", "actions", *where, *traces, *options]
    _become(module, {**environment, GRACE_VARIABLE: grace})


def _joined(actions: list[str] | None) -> str:
    return ",".join(actions or ())


def _over_grpc(files: _Files, host: str, port: int, grace_seconds: float) -> list[str]:
    where = ["--host", host, "--port", str(port), "--grace-seconds", f"{grace_seconds:g}"]
    return ["actions.serving", *where, *files.as_options("--certificate", "--key", "--callers")]


def _check_others(actions: list[str] | None) -> None:
    if not actions:
        check_environment(others_faults())
    elif unloaded := faults_of_others(actions):
        wrong_input(f"--actions: {each}" for each in unloaded)


def _checked_desk(config: Path | None) -> Desk:
    """Read configuration and environment, or tell all that is wrong with them and leave."""
    desk, file = open_desk(config), config_file(os.environ, config)
    if unworded := [*unworded_hours(desk.config, file.text(), Path.cwd(), os.environ)]:
        wrong_input(each.in_file(file.name) for each in unworded)
    return desk


def warn_of_no_store(workers: int | None) -> None:
    """Warn where several processes share nothing that they know: a yes may be sent twice then.

    Args:
        workers: How many there will be; None leaves that to the environment.
    """
    told = os.environ.get(WORKERS_VARIABLE, "")
    count = workers or (int(told) if told.isdecimal() else 1)
    store = StoreSettings()
    if count > 1 and store.url is None and store.url_file is None:
        sys.stderr.write(
            f"WARNING: {count} workers and no CALLBACK_STORE_URL: none knows what another one has "
            "booked, so the same yes could be sent twice, and limits hold for each by itself\n"
        )


def _check_files(files: _Files, *, grpc: bool) -> None:
    if (files.certificate is None) is not (files.key is None):
        raise typer.BadParameter("give both or none", param_hint="--ssl-certificate, --ssl-keyfile")
    if files.callers is not None and (files.certificate is None or not grpc):
        raise typer.BadParameter(
            "goes with --grpc and --ssl-certificate", param_hint="--ssl-ca-file"
        )


def _check_certificates(files: _Files) -> None:
    """Tell in one line what the server would end with a traceback for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if files.certificate is not None:
        try:
            # Without a password here, a key that wants one would ask for it at the terminal.
            context.load_cert_chain(files.certificate, files.key, password="")
        except (OSError, ValueError):
            wrong_input(["--ssl-certificate, --ssl-keyfile: hold no certificate with its open key"])
    if files.callers is not None:
        try:
            context.load_verify_locations(files.callers)
        except OSError:
            wrong_input([f"--ssl-ca-file: {files.callers}: holds no certificate"])


def _check_server(*, is_certified: bool) -> None:
    """Tell what of the server's own settings is wrong, and leave."""
    # The extra `rasa`; the other commands do without it.
    if find_spec("rasa_sdk") is None:
        wrong_input([missing("ges-callback serve", "rasa")])
    check_environment(server_faults(is_certified=is_certified))


def _has_secret() -> bool:
    """Whether callers have to show a secret; the settings have been checked."""
    from actions.access import AccessSettings  # noqa: PLC0415 - needs the extra

    return bool(AccessSettings().secrets(is_demo=True))


def _check_port(host: str, port: int) -> None:
    """Tell in one line what the server would end with a traceback for."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such address"
        right = "end what listens there, or choose another"
        wrong_input([f"--host, --port: {host}:{port}: {reason} ({right})"])


def _grace_seconds(desk: Desk) -> float:
    """As long as a turn that books may take, with the answer that comes late."""
    patience = desk.config.patience
    return patience.booking_seconds + patience.late_answer_seconds + _MORE_SECONDS


def _become(module: list[str], environment: dict[str, str]) -> NoReturn:
    """Become the server: signals reach it, and nothing of this program stands in between."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, "-m", *module], {**os.environ, **environment})  # noqa: S606 - no shell is wanted
