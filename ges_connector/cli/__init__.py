"""The `ges-callback` command."""

import sys

from ges_connector.extras import missing


def main() -> None:
    """Runs the command; exits with 2 when it was called wrongly or cannot start."""
    try:
        import typer  # noqa: F401, PLC0415 - an extra, looked for only when the command is run
    except ImportError:
        sys.stderr.write(f"{missing('ges-callback', 'cli')}\n")
        raise SystemExit(2) from None
    from ges_connector.cli.app import app  # noqa: PLC0415 - needs the extra

    app()
