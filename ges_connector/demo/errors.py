"""Why a demo cannot start or go on, in the words its user reads."""


class DemoError(Exception):
    """The demo ends.

    Attributes:
        exit_code: What the command ends with.
    """

    exit_code = 1


class UnusableInputError(DemoError):
    """Something asked for, or found, rules the demo out: a port in use, a missing tool."""

    exit_code = 2


class StepFailedError(DemoError):
    """A step was begun and failed; the text carries the last lines the program wrote."""
