"""Why a certificate is not trusted, told apart by what has to be done about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ssl

# Codes of OpenSSL's verification (X509_V_ERR_…).
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_OTHER_HOST: Final = frozenset({62, 64})
_UNKNOWN_AUTHORITY: Final = frozenset({2, 18, 19, 20, 21})


@dataclass(frozen=True, slots=True)
class Distrust:
    """Why a connection is not trusted.

    Attributes:
        told: What is wrong, in one sentence.
        next_step: What to do about it.
    """

    told: str
    next_step: str


def distrust_of(error: ssl.SSLError, place: str, named: str) -> Distrust:
    """Tell what keeps a connection from being trusted.

    Args:
        error: Why TLS did not come about.
        place: What was connected to.
        named: The setting that names it.
    """
    code = getattr(error, "verify_code", None)
    if code == _EXPIRED:
        step = "have it renewed where it is kept; if it is not over, look at this machine's clock"
        return Distrust(f"{place}: its certificate has expired", step)
    if code == _NOT_YET_VALID:
        step = "look at the clock of this machine; if it is right, have the certificate made anew"
        return Distrust(f"{place}: its certificate is not valid yet", step)
    if code in _OTHER_HOST:
        step = (
            f"write the name that the certificate holds in {named}, or have one made for this name"
        )
        return Distrust(f"{place}: its certificate is for another host", step)
    if code in _UNKNOWN_AUTHORITY:
        step = (
            "name a file with that authority's certificate in SSL_CERT_FILE, if it is yours; if "
            "not, something else than GES or a proxy may answer there"
        )
        told = f"{place}: its certificate comes from an authority that is not known here"
        return Distrust(told, step)
    step = "look at the certificate there; SSL_CERT_FILE names authorities to trust instead"
    return Distrust(f"{place}: no trusted TLS connection ({_reason(error)})", step)


def _reason(error: ssl.SSLError) -> str:
    # Errors that no peer caused lack them.
    said = (getattr(error, name, None) for name in ("verify_message", "reason"))
    return next((str(each) for each in said if each), type(error).__name__)
