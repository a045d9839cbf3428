"""Finds out whether a deployment can serve callbacks, and says what to do where it cannot.

Every check is a pure function of what was found out (`ges_checks`, `local_checks`,
`assistant_checks`); finding out is done in `probes`, `examination` and, for the one booking that is
made on demand, `trial`. Nothing else changes anything in the contact centre.
"""

from ges_connector.doctor.finding import Finding, Light, worst

__all__ = ["Finding", "Light", "worst"]
