"""The page that Prometheus reads, for all processes of one server. Needs the extra `telemetry`.

Each process counts into files of its own in one folder, by the client library of Prometheus, and
whichever process is asked adds them up (decision 012). The folder has to be known before that
library is imported first, which therefore happens only here.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import metrics
from opentelemetry.metrics import (
    Counter,
    Histogram,
    Meter,
    MeterProvider,
    NoOpMeter,
    UpDownCounter,
)
from typing_extensions import override

from ges_connector.telemetry.instruments import MEASURES, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opentelemetry.context import Context
    from opentelemetry.util.types import Attributes
    from prometheus_client import metrics as prometheus
    from prometheus_client.registry import CollectorRegistry

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the library of Prometheus finds the folder."""
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_LIBRARY: Final = "prometheus_client"
_made: set[str] = set()


def is_installed() -> bool:
    """Whether the extra is there."""
    return importlib.util.find_spec(_LIBRARY) is not None


def prepare_folder() -> None:
    """Make the folder that the processes to be started count into; removed when this one ends.

    Does nothing in a process that was started by one that did. A folder that the environment names
    is where ours is made: files of an earlier run would be counted again.

    Raises:
        OSError: It cannot be made.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None and Path(named).name.startswith(_PREFIX):
        return
    folder = tempfile.mkdtemp(prefix=_PREFIX, dir=named)
    os.environ[FOLDER_VARIABLE] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


_PREFIX: Final = "ges-callback-metrics-"


def count_here() -> bool:
    """Count in this process, from now on, unless something else takes the measurements already.

    Returns:
        Whether the page of this process shows anything.

    Raises:
        OSError: Nothing can be written to the folder.
    """
    from prometheus_client import REGISTRY  # noqa: PLC0415 - not before the folder is known

    provider = metrics.get_meter_provider()
    if not isinstance(provider, PrometheusMeterProvider):
        metrics.set_meter_provider(PrometheusMeterProvider(REGISTRY))
    return isinstance(metrics.get_meter_provider(), PrometheusMeterProvider)


def page() -> bytes:
    """Write the page: what all processes of this server have counted.

    Levels of processes that have died are left out.

    Raises:
        ValueError: The folder is gone.
    """
    from prometheus_client import (  # noqa: PLC0415 - not before the folder is known
        CollectorRegistry,
        generate_latest,
    )
    from prometheus_client.multiprocess import (  # noqa: PLC0415 - as above
        MultiProcessCollector,
        mark_process_dead,
    )

    folder = Path(os.environ[FOLDER_VARIABLE])
    for process in _dead(folder):
        mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]  # it has no types
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]  # as above
    return generate_latest(registry)


def _dead(folder: Path) -> set[int]:
    """The processes that keep a level although they are gone."""
    processes = {int(path.stem.rpartition("_")[2]) for path in folder.glob("gauge_live*.db")}
    return {process for process in processes if not _lives(process)}


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class PrometheusMeterProvider(MeterProvider):
    """Turns instruments of OpenTelemetry into metrics of Prometheus: those of `instruments`.

    Args:
        registry: Where the metrics are registered.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._meter = _PrometheusMeter(registry)

    @override
    def get_meter(
        self,
        name: str,
        version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> Meter:
        return self._meter if name == "ges_callback" else NoOpMeter(name)


class _PrometheusMeter(NoOpMeter):
    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__("ges_callback")
        self._registry = registry

    @override
    def create_counter(self, name: str, unit: str = "", description: str = "") -> Counter:
        from prometheus_client import Counter as Made  # noqa: PLC0415 - not before the folder is known

        measure = MEASURES[name]
        made = Made(*_described(measure), registry=self._registry)
        return _Counter(measure, made)

    @override
    def create_up_down_counter(
        self, name: str, unit: str = "", description: str = ""
    ) -> UpDownCounter:
        from prometheus_client import Gauge as Made  # noqa: PLC0415 - as above

        measure = MEASURES[name]
        made = Made(*_described(measure), registry=self._registry, multiprocess_mode="livesum")
        return _Level(measure, made)

    @override
    def create_histogram(
        self,
        name: str,
        unit: str = "",
        description: str = "",
        *,
        explicit_bucket_boundaries_advisory: Sequence[float] | None = None,
    ) -> Histogram:
        from prometheus_client import Histogram as Made  # noqa: PLC0415 - as above

        measure = MEASURES[name]
        made = Made(*_described(measure), registry=self._registry, buckets=measure.bounds)
        for values in measure.from_start:
            made.labels(*values)
        return _Histogram(measure, made)


def _described(measure: Measure) -> tuple[str, str, tuple[str, ...]]:
    return measure.exposed_name, measure.description, measure.labels


def _values(measure: Measure, attributes: Attributes) -> list[str]:
    """The values of the labels, in their order.

    Raises:
        KeyError: One is missing: a mistake in the program.
    """
    given: Mapping[str, Any] = attributes or {}
    return [str(given[label]) for label in measure.labels]


# A folder that is full, or was cleaned away, costs counts; nobody who talks hears of it.


class _Counter(Counter):
    def __init__(self, measure: Measure, made: prometheus.Counter) -> None:
        self._measure, self._made = measure, made

    @override
    def add(
        self, amount: float, attributes: Attributes = None, context: Context | None = None
    ) -> None:
        labels = _values(self._measure, attributes)
        with suppress(OSError):
            (self._made.labels(*labels) if labels else self._made).inc(amount)


class _Level(UpDownCounter):
    def __init__(self, measure: Measure, made: prometheus.Gauge) -> None:
        self._measure, self._made = measure, made

    @override
    def add(
        self, amount: float, attributes: Attributes = None, context: Context | None = None
    ) -> None:
        with suppress(OSError):
            self._made.inc(amount)


class _Histogram(Histogram):
    def __init__(self, measure: Measure, made: prometheus.Histogram) -> None:
        self._measure, self._made = measure, made

    @override
    def record(
        self, amount: float, attributes: Attributes = None, context: Context | None = None
    ) -> None:
        labels = _values(self._measure, attributes)
        with suppress(OSError):
            (self._made.labels(*labels) if labels else self._made).observe(amount)
