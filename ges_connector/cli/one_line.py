"""Tells whoever typed something wrong what and where, in one line, with exit code 2."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.core import TyperGroup
from typing_extensions import override

from ges_connector.api import mask_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_COMMAND: Final = "No such command"
_NO_ARGUMENTS: Final = "NoArgsIsHelpError"
# What reads numbers says in its own words, which are those of who writes Python.
_PLAIN: Final = {
    "Value error, ": "",
    "Input should be a valid integer, unable to parse string as an integer": (
        "must be a whole number"
    ),
    "Input should be greater than or equal to": "must be at least",
    "Input should be less than or equal to": "must be at most",
}
# Who forgets the quotes of a number, or gives it to another option, must not read it in a log.
_DATE_OR_NUMBER: Final = re.compile(
    r"(?P<date>(?<!\d)(?:19|20)\d{2}-\d{2}-\d{2}(?!\d|-\d))|\+?(?<![\d/])\d(?:[\s()./_-]{0,3}\d){6,}"
)
# What options, arguments and commands that are wrong have in common; Typer does not export it.
_UsageError: Final[type[Exception]] = typer.BadParameter.__mro__[1]


class OneLineGroup(TyperGroup):
    """A group of commands that tells wrong use in one line instead of a screenful."""

    @override
    def make_context(self, *args: Any, **extra: Any) -> Any:
        with _in_one_line():
            return super().make_context(*args, **extra)

    @override
    def invoke(self, ctx: Any) -> Any:
        with _in_one_line():
            return super().invoke(ctx)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except _UsageError as error:
        # Who names no command gets the help; that is no fault.
        if type(error).__name__ == _NO_ARGUMENTS:
            raise
        context = getattr(error, "ctx", None)
        where = "ges-callback" if context is None else context.command_path
        message = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
        for theirs, plain in _PLAIN.items():
            message = message.replace(theirs, plain)
        message = _DATE_OR_NUMBER.sub(_masked, " ".join(message.split()))
        if message.startswith(_NO_COMMAND):
            message = f"{message.rstrip('.')} (`{where} --help` lists those there are)"
        sys.stderr.write(f"{where}: {message}\n")
        raise typer.Exit(2) from None


def _masked(found: re.Match[str]) -> str:
    return found[0] if found["date"] else mask_number(found[0])
