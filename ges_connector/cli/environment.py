"""The environment variables of a deployment: what each is for, whether it is set, and to what.

Secrets are never shown, only whether there is one; nor is what lets somebody in of an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from pydantic import SecretStr

from ges_connector.api import GesSettings
from ges_connector.api.redaction import without_credentials
from ges_connector.callbacks.clock import VARIABLE as CLOCK_VARIABLE
from ges_connector.callbacks.config_file import CONFIG_VARIABLE
from ges_connector.callbacks.config_schema import settings_of
from ges_connector.callbacks.verification import VERIFY_VARIABLE
from ges_connector.store.settings import StoreSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_settings import BaseSettings

MASKED: Final = "****"
ACTIONS_URL_VARIABLE: Final = "ACTIONS_URL"
_SINGLE: Final = {
    CONFIG_VARIABLE: "The configuration file; else callback.yml, else the sandbox's profile.",
    "CALLBACK_WORDING": "A folder of catalogues instead of those that come along.",
    "CALLBACK_OTHER_ACTIONS": "Modules with actions of yours to serve beside ours, by commas.",
    VERIFY_VARIABLE: "The check of who may change a callback, `package.module:name`.",
    "CALLBACK_RELOAD_SECONDS": "How often the action server looks whether the file has changed.",
    "CALLBACK_LOG_LEVEL": "From which level on the action server logs.",
    "CALLBACK_LOG_FORMAT": "text, or json for one object a line.",
    "PROMETHEUS_MULTIPROC_DIR": "A folder in which the action server keeps its metrics.",
    CLOCK_VARIABLE: "A file with the instant that is now, for demonstrations and tests.",
    "CALLBACK_DEMO": "1 opens the action server to this machine without a secret.",
    ACTIONS_URL_VARIABLE: "Where the engine finds the action server, up to and with /webhook.",
    "ACTION_SERVER_SANIC_WORKERS": "How many processes the action server has.",
    "SANIC_HOST": "Address that the action server listens on.",
}
"""Variables that belong to no settings of ours alone."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable.

    Attributes:
        name: Its name.
        meaning: What it is for.
        form: What may stand in it; None where that is in its meaning.
        default: What holds without it; None if nothing does.
        is_secret: Whether its value is never shown.
    """

    name: str
    meaning: str
    form: str | None = None
    default: str | None = None
    is_secret: bool = False

    def shown(self, environment: Mapping[str, str]) -> str | None:
        """Give its value for people to see; None if it is not set, or empty."""
        value = environment.get(self.name) or environment.get(self.name.lower())
        if not value:
            return None
        return MASKED if self.is_secret else without_credentials(value)


def variables() -> tuple[Variable, ...]:
    """List every variable; those of the action server where its extra is installed."""
    models: list[type[BaseSettings]] = [GesSettings, StoreSettings]
    try:
        from actions.access import AccessSettings  # noqa: PLC0415 - needs the extra `rasa`

        models.append(AccessSettings)
    except ImportError:
        pass
    named = [each for model in models for each in _of(model)]
    return (*named, *(Variable(name, meaning) for name, meaning in _SINGLE.items()))


def _of(model: type[BaseSettings]) -> Iterator[Variable]:
    prefix = model.model_config.get("env_prefix", "")
    for setting in settings_of(model):
        annotation = model.model_fields[setting.path].annotation
        yield Variable(
            name=f"{prefix}{setting.path}".upper(),
            meaning=setting.meaning,
            form=setting.form.removesuffix(" or null"),
            default=None if setting.default == "null" else setting.default,
            is_secret=SecretStr in (annotation, *get_args(annotation)),
        )
