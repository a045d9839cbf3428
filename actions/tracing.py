"""Puts our spans into the traces of the SDK, and keeps who it is out of the SDK's own spans.

The SDK traces once its endpoints file says where traces go, but keeps its provider of tracers to
itself, and writes the sender id into its spans: on the telephone that may be a number. Both can be
mended only where the SDK looks its functions up; a test with the SDK's real spans shows whether
they still are there.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import trace
from rasa_sdk import endpoint, grpc_server
from rasa_sdk.tracing.instrumentation import attribute_extractors

from actions import runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.util.types import AttributeValue

_SENDER: Final = "sender_id"
_EXTRACTORS: Final = (
    "extract_attrs_for_action_executor",
    "extract_attrs_for_validation_action",
)
_mended: set[str] = set()


def mend() -> None:
    """See to both, in this process, from now on; a second time does nothing."""
    if _mended:
        return
    _mended.add("all")
    for name in _EXTRACTORS:
        setattr(attribute_extractors, name, _without_sender(getattr(attribute_extractors, name)))
    callers: tuple[Any, ...] = (endpoint, grpc_server)
    for module in callers:
        module.set_span_attributes = _discreet(module.set_span_attributes)
        module.get_tracer_provider = _adopting(module.get_tracer_provider)


def _without_sender(extract: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @wraps(extract)
    def extracted(*given: Any, **named: Any) -> dict[str, Any]:
        attributes = extract(*given, **named)
        return {**attributes, _SENDER: runtime.pseudonym_of(str(attributes.get(_SENDER)))}

    return extracted


class _DiscreetSpan:
    """A span that takes no sender id, but its pseudonym."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def is_recording(self) -> bool:
        return self._span.is_recording()

    def set_attribute(self, key: str, value: AttributeValue) -> None:
        told = runtime.pseudonym_of(str(value)) if key == _SENDER else value
        self._span.set_attribute(key, told)


def _discreet(set_attributes: Callable[..., None]) -> Callable[..., None]:
    @wraps(set_attributes)
    def set_discreetly(span: trace.Span, action_call: Mapping[str, Any]) -> None:
        set_attributes(_DiscreetSpan(span), action_call)

    return set_discreetly


def _adopting(make: Callable[[str], TracerProvider | None]) -> Callable[..., TracerProvider | None]:
    @wraps(make)
    def made(endpoints_file: str) -> TracerProvider | None:
        provider = make(endpoints_file)
        # What a program has set up itself is not replaced.
        if provider is not None and isinstance(
            trace.get_tracer_provider(), trace.ProxyTracerProvider
        ):
            trace.set_tracer_provider(provider)
        return provider

    return made
