"""The sentence for the moment when nothing else can speak, as when the action server is down.

Read from a small file once at start, because whatever would look it up then may be what failed.
Free of Rasa, so that it can be tested where the engine is not installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

if TYPE_CHECKING:
    from pathlib import Path

    from engine.channels.turn import Channel


class LastResortError(ValueError):
    """The file cannot be used; the text names the file and every fault."""


@dataclass(frozen=True, slots=True)
class LastResort:
    """The sentence in each language, for chat and for voice, with the number to ring in it.

    Attributes:
        default: The language of customers whose own is unknown or missing.
        sentences: Language code in lower case, then channel, to the finished sentence.
    """

    default: str
    sentences: dict[str, dict[Channel, str]]

    def sentence(self, locale: str | None, channel: Channel) -> str:
        """Choose by locale from its longest form to its shortest: `de-AT`, then `de`."""
        parts = (locale or "").replace("_", "-").lower().split("-")
        for length in range(len(parts), 0, -1):
            found = self.sentences.get("-".join(parts[:length]))
            if found is not None:
                return found[channel]
        return self.sentences[self.default][channel]


def read_last_resort(path: Path) -> LastResort:
    """Read the file.

    Args:
        path: YAML with `default` (a language), `number` (text) and `sentences`: for each language
            `chat` and `voice`, where `{number}` stands for the number.

    Raises:
        LastResortError: The file is missing, is not YAML, or lacks something.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise LastResortError(f"{path} cannot be read: {error}") from error
    faults = _faults(content)
    if faults:
        raise LastResortError(f"{path}: " + "; ".join(faults))
    return LastResort(
        default=content["default"].lower(),
        sentences={
            language.lower(): {
                channel: words[channel].replace("{number}", content["number"])
                for channel in ("chat", "voice")
            }
            for language, words in content["sentences"].items()
        },
    )


def _faults(content: Any) -> list[str]:
    if not isinstance(content, dict):
        return ["must be a mapping of default, number and sentences"]
    sentences = content.get("sentences")
    if not isinstance(sentences, dict) or not sentences:
        return ["sentences must be a mapping of languages"]
    faults = []
    if not isinstance(content.get("number"), str):
        faults.append("number must be text in quotes")
    if content.get("default") not in list(sentences):
        faults.append("default must be one of the languages of sentences")
    for language, words in sentences.items():
        for channel in ("chat", "voice"):
            sentence = words.get(channel) if isinstance(words, dict) else None
            if not isinstance(language, str) or not isinstance(sentence, str):
                faults.append(f"sentences.{language}.{channel} must be text")
            elif "{number}" not in sentence:
                faults.append(f"sentences.{language}.{channel} must contain {{number}}")
    return faults
