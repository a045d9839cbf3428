"""An action that only says back what was said: what the SDK itself costs, and nothing else."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict
from typing_extensions import override


class Echo(Action):
    """Says what the customer said."""

    @override
    def name(self) -> str:
        return "bench_echo"

    @override
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, object]]:
        dispatcher.utter_message(text=tracker.latest_message.get("text"))
        return []
