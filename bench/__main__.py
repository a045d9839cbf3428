"""`make bench`: prints one JSON object with every figure."""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from bench import assistant, client, sandbox, wishes
from bench.figures import note, of_bench


def _main() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "seed.yml")
        seed.write_text(sandbox.ALWAYS_OPEN, encoding="utf-8")
        return {
            "client": asyncio.run(client.measure()),
            "sandbox": asyncio.run(sandbox.measure(str(seed))),
            "assistant": asyncio.run(assistant.measure()),
            "wishes": wishes.measure(Path("tests/data/utterances")),
        }


if __name__ == "__main__":
    argparse.ArgumentParser(prog="bench", description="Everything but load.").parse_args()
    measured = _main()
    note("bench", of_bench(measured))
    print(json.dumps(measured, indent=2))
