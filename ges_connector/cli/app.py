"""The commands of `ges-callback`, gathered from one module each."""

import typer

from ges_connector.cli import config, demo, doctor, sandbox, understand

app = typer.Typer(
    name="ges-callback",
    help="Callbacks on Genesys Engagement Services.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _commands() -> None:
    """Callbacks on Genesys Engagement Services."""


for command in (config, doctor, sandbox, understand, demo):
    command.register(app)
