"""The channel of this assistant: like Rasa's REST channel, with five differences.

* Response variations follow it. Rasa chooses them by the name of the *output* channel, which for
  the REST channel is always `collector`; here it is `chat` or `voice`, as the request says.
* It never answers with silence. When an action fails, or the action server is down, Rasa ends the
  turn with no message at all; the customer then gets the last resort.
* A message without a letter or digit is one that was not understood; the pipeline never sees it.
* What a customer types is never a command to the engine, nor the name of an intent.
* A request that is no turn gets one sentence and status 400 (413 when it is too long).

`POST /webhooks/callback/webhook` takes what `engine.channels.turn` describes and answers with a
list of messages as the REST channel does: `recipient_id` and one or more of `text`, `buttons`,
`image`, `attachment`, `custom`. `GET /webhooks/callback/` is the health check.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response

from engine.channels.last_resort import LastResort, LastResortError, read_last_resort
from engine.channels.turn import Channel, Refusal, Turn, read_turn

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class NamedCollector(CollectingOutputChannel):
    """Collects messages under the name that response variations ask for in `channel:`."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:
        """Return `chat` or `voice`."""
        return self._channel


class CallbackChannel(InputChannel):
    """Takes turns over HTTP; configured in `credentials.yml`.

    Args:
        last_resort: What to say when the assistant says nothing.
        turn_seconds: After this long a turn is answered with what there is and the last resort.
            The turn itself goes on, because breaking it off could lose a booking that GES has
            already accepted.
    """

    def __init__(self, last_resort: LastResort, turn_seconds: float) -> None:
        self._last_resort = last_resort
        self._turn_seconds = turn_seconds
        # asyncio itself holds tasks weakly.
        self._running: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        """Return the name in the URL."""
        return "callback"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> CallbackChannel:
        """Build the channel from its section of `credentials.yml`.

        Raises:
            RasaException: The section lacks something or the last resort cannot be read.
        """
        section = credentials or {}
        path, seconds = section.get("last_resort"), section.get("turn_seconds")
        if not isinstance(path, str) or not isinstance(seconds, (int, float)) or seconds <= 0:
            raise RasaException(
                "The callback channel needs `last_resort` (a path) and `turn_seconds` (above 0)."
            )
        try:
            return cls(read_last_resort(Path(path)), float(seconds))
        except LastResortError as error:
            raise RasaException(str(error)) from error

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes of this channel."""
        routes = Blueprint("callback_channel")

        @routes.route("/", methods=["GET"])
        async def health(_request: Any) -> Any:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def webhook(request: Any) -> Any:
            reading = read_turn(request.body)
            if isinstance(reading, Refusal):
                return response.json({"error": reading.sentence}, status=reading.status)
            return response.json(await self._answer(reading, on_new_message))

        return routes

    async def _answer(self, turn: Turn, on_new_message: OnNewMessage) -> list[dict[str, Any]]:
        collector = NamedCollector(turn.channel)
        message = UserMessage(
            turn.heard,
            collector,
            turn.sender,
            input_channel=turn.channel,
            metadata=dict(turn.metadata),
        )
        task = asyncio.ensure_future(self._handle(message, on_new_message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        done, _ = await asyncio.wait({task}, timeout=self._turn_seconds)
        said = list(collector.messages)
        if not done:
            logger.error("A turn took longer than %s seconds.", self._turn_seconds)
        if done and said:
            return said
        sentence = self._last_resort.sentence(turn.metadata.get("locale"), turn.channel)
        return [*said, {"recipient_id": turn.sender, "text": sentence}]

    @staticmethod
    async def _handle(message: UserMessage, on_new_message: OnNewMessage) -> None:
        try:
            await on_new_message(message)
        except Exception as error:  # noqa: BLE001 - whatever it was, the customer must hear something
            # Only its type: the text of an error can hold what the customer wrote.
            logger.error("A turn ended in %s.", type(error).__name__)  # noqa: TRY400 - see above
