"""Two operations that left the vendor's clients in 2019 and may still be answered (GES 2.10)."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ges_connector.sandbox.surface.parameters import Fields, refuse_field
from ges_connector.sandbox.surface.requests import Counter, Incoming


@dataclass(frozen=True, slots=True)
class CaptchaCheck:
    """A token a page got from the CAPTCHA service, and for which site."""

    site_key: str
    token: str = field(repr=False)


def read_captcha(incoming: Incoming) -> CaptchaCheck:
    """Reads a captcha/verify request."""
    fields = Fields.of_body(incoming.body)
    return CaptchaCheck(
        fields.required_text("siteKey", "the site key of the CAPTCHA"),
        fields.required_text("captchaToken", "the token the page received"),
    )


def verify_captcha(counter: Counter, check: CaptchaCheck) -> Any:
    """Whether the token is one the tenant's CAPTCHA accepts (GES rule 44)."""
    captcha = counter.tenant.captcha
    accepted = captcha is not None and check.site_key == captcha.site_key
    return {"success": captcha is not None and accepted and check.token in captcha.accepted_tokens}


@dataclass(frozen=True, slots=True)
class Notification:
    """A push message to publish."""

    target: str = field(repr=False)
    event: str = field(repr=False)


def read_notification(incoming: Incoming) -> Notification:
    """Reads a notification/publish request."""
    fields = Fields.of_body(incoming.body)
    if fields.required_text("channel", "FCM") != "FCM":
        raise refuse_field("channel", "is not FCM, the only one there is")
    fields.flag("validate_only")
    return Notification(
        fields.required_text("target", "an FCM registration token"),
        fields.required_text("event", "a Firebase notification object, as text"),
    )


def publish(counter: Counter, notification: Notification) -> Any:
    """Names the message as Firebase would; nothing is sent anywhere."""
    digest = sha256(f"{notification.target}\n{notification.event}".encode()).hexdigest()
    return {"name": f"projects/{counter.tenant.name}/messages/{digest[:16]}"}
