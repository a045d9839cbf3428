"""Which reading of an open question the sandbox answers by.

The GES documentation leaves points open; docs/ges-contract.md lists them as Q1 to Q29. The defaults
here are the most likely readings. A client that claims to cope with the other readings can be run
against each: every field below flips one of them, at run time, through `PUT /sandbox/profile`.
"""

from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Check = Literal["params", "key", "service", "number", "hours", "throttle", "capacity"]


class RateLimit(BaseModel):
    """A token bucket in front of every operation (Q21)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    calls_per_second: float = Field(ge=0.001, le=1_000_000)
    burst: int = Field(gt=0, le=1_000_000)
    retry_after: Literal["absent", "seconds", "http-date"] = "seconds"


class Profile(BaseModel):
    """One reading of every open question; the field order follows their numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    local_time: Literal["naive-on-request", "always-utc", "offset"] = Field(
        default="naive-on-request",
        description="Q1: localTime without offset and only with `timezone`; always there, in UTC "
        "when no zone was asked for; or carrying an offset.",
    )
    expiration_unit: Literal["ms", "s"] = Field(
        default="ms", description="Q2: unit of a call-in's expirationTime."
    )
    access_code: Literal["string", "number"] = Field(
        default="string", description="Q3: JSON type of a call-in's accessCode."
    )
    proposed_capacity: Literal["string", "number"] = Field(
        default="string", description="Q4: JSON type of the values of a refusal's slots map."
    )
    proposed_key: Literal["ms-z", "seconds-z", "offset"] = Field(
        default="ms-z", description="Q4: how the keys of that map are written."
    )
    user_data: Literal["object-or-json-text", "object", "json-text"] = Field(
        default="object-or-json-text", description="Q5: what userData may be."
    )
    malformed_id_status: Literal[400, 404] = Field(
        default=400, description="Q6: answer to an id that is no UUID."
    )
    missing_key: Literal["401-503", "403-1103", "gateway-fault"] = Field(
        default="401-503", description="Q7: HTTP status and GES code without a key."
    )
    unknown_key: Literal["401-503", "403-1103", "gateway-fault"] = Field(
        default="403-1103", description="Q7: the same for a key nobody knows."
    )
    cancel_finished: Literal["400", "404", "200"] = Field(
        default="400", description="Q8: cancel of a PROCESSING or COMPLETED callback."
    )
    open_for_always_open: Literal["large", "zero-seconds-left-today", "absent"] = Field(
        default="large", description="Q9: openFor of an office that never closes."
    )
    throttle_status: Literal[429, 503, 400] = Field(
        default=429, description="Q10: HTTP status of a throttle (code 7041, no slots)."
    )
    office_closed: Literal["400", "400-slots", "429-slots"] = Field(
        default="400", description="Q11: status of a refusal outside office hours, and proposals."
    )
    full_slot_status: Literal[429, 400] = Field(
        default=429, description="Q10/Q11: HTTP status of a full slot (with proposals)."
    )
    busy_capacity: Literal["zero", "absent"] = Field(
        default="zero", description="Q13: capacity of a full slot listed by reportBusy."
    )
    slot_length: Literal["rule", "bucket"] = Field(
        default="rule", description="Q14: does a capacity rule or the service set durationMin."
    )
    unknown_service_status: Literal[400, 404] = Field(
        default=400, description="Q15: unknown service or queue name."
    )
    unknown_virtual_queue: Literal["item", "400"] = Field(
        default="item", description="Q16: unknown queue in an estimated-wait-time request."
    )
    wait_number: Literal["int", "float"] = Field(
        default="int", description="Q17: JSON type of waits."
    )
    wait_result_code: Literal["present", "absent"] = Field(
        default="present", description="Q17: older servers send no resultCode."
    )
    call_in_echo: Literal["when-sent", "null"] = Field(
        default="when-sent", description="Q18: optional call-in fields that were not sent."
    )
    checks: tuple[Check, ...] = Field(
        default=("params", "key", "service", "number", "hours", "throttle", "capacity"),
        description="Q20: the order in which create refuses.",
    )
    rate_limit: RateLimit | None = Field(default=None, description="Q21: off by default.")
    capacity_check_covers_immediate: bool = Field(
        default=False, description="Q22: does alwaysCheckCapacity reach requests without a time."
    )
    past_tolerance_seconds: int = Field(
        default=180,
        ge=0,
        # Ten years: any instant of the clock less it is still an instant.
        le=3660 * 86_400,
        description="Q23: a desired time this far past still means now.",
    )
    absent_fields: Literal["absent", "null"] = Field(
        default="absent", description="Q24: optional fields without a value."
    )
    paths: Literal["exact", "lenient"] = Field(
        default="exact", description="Q25: case and trailing slash of paths."
    )
    openfor_alias: bool = Field(default=False, description="Q27: also answer /callbacks/openfor/.")
    open_for_name: Literal["either", "service", "office-hours"] = Field(
        default="either", description="Q28: what the name in open-for refers to."
    )
    dates: Literal["any-iso", "ms-z-only"] = Field(
        default="any-iso", description="Q29: date formats accepted from clients."
    )
    kebab_aliases: bool = Field(
        default=False, description="Rule 1.10: also accept the ancestor's availability parameters."
    )
    withdrawn_operations: bool = Field(
        default=False, description="Rule 2.10: answer captcha/verify and notification/publish."
    )

    @model_validator(mode="after")
    def _orders_every_check(self) -> Self:
        if sorted(self.checks) != sorted(get_args(Check)):
            msg = f"checks must order each of {', '.join(get_args(Check))} exactly once"
            raise ValueError(msg)
        return self
