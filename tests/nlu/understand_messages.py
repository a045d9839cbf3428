"""Lets a trained model say what it understands; runs in the engine's environment, not in ours.

usage: understand_messages.py MODEL MESSAGES.json ANSWERS.json
"""

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent


async def understand(model: str, messages: list[str]) -> dict[str, str]:
    """Name the intent of each message, as a conversation would see it."""
    agent = Agent.load(model)
    return {text: (await agent.parse_message(text))["intent"]["name"] for text in messages}


if __name__ == "__main__":
    _, model_path, messages_path, answers_path = sys.argv
    intents = asyncio.run(understand(model_path, json.loads(Path(messages_path).read_text())))
    Path(answers_path).write_text(json.dumps(intents))
