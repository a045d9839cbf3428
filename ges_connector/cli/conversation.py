"""`ges-callback conversation`: under which name a conversation stands in the logs.

The logs name a conversation by a hash that is keyed with the API key of GES, so that who has them
alone cannot tell whose it is. With the key, and the id that GES keeps with a callback or the engine
in its tracker store, the lines can be found.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ges_connector.api.redaction import pseudonym
from ges_connector.cli import tables
from ges_connector.cli.desk import JsonOption, read_settings

_KIND = "conversation"
_FROM_INPUT = "-"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("conversation")(conversation)


def conversation(
    conversation_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Id of a conversation (userData.conversation_id in GES, sender in Rasa); - reads "
            "one a line from standard input.",
        ),
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the hash by which the logs name a conversation; asks GES nothing.

    It is keyed with the API key of GES: only the key that was in use then gives the hash of then.

    Example: ges-callback conversation 1f0c2a77-visitor
    """
    key = read_settings().key()
    is_listed = conversation_id == _FROM_INPUT
    ids = [line.rstrip("\r\n") for line in sys.stdin] if is_listed else [conversation_id]
    for each in ids:
        name = pseudonym(_KIND, each, key).removeprefix(f"{_KIND}-")
        if as_json:
            tables.show_json({"id": each, "hash": name})
        else:
            typer.echo(f"{name}  {each}" if is_listed else name)
