"""Pins the days a seed counts from its start to dates.

A seed may close the office "in two days". Over a restart with kept state that day has to stay
where it was, so it is turned into a date once, counted from the very first start.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from ges_connector.sandbox.seed import Day, Tenant

AnyDay = TypeVar("AnyDay", bound=Day)


def pinned(tenant: Tenant, started_at: datetime) -> Tenant:
    """Gives the tenant with every day as a date, as it was at its first start."""
    zones = {office.name: ZoneInfo(office.timezone) for office in tenant.office_hours}
    return tenant.model_copy(
        update={
            "office_hours": tuple(
                office.model_copy(
                    update={
                        "special": tuple(
                            _dated(day, started_at, zones[office.name]) for day in office.special
                        )
                    }
                )
                for office in tenant.office_hours
            ),
            "services": tuple(
                service.model_copy(
                    update={
                        "filled_days": tuple(
                            # A service without office hours counts its days in UTC (GES rule 16).
                            _dated(day, started_at, zones.get(service.office_hours or "", UTC))
                            for day in service.filled_days
                        )
                    }
                )
                for service in tenant.services
            ),
        }
    )


def _dated(day: AnyDay, started_at: datetime, zone: tzinfo) -> AnyDay:
    if day.in_days is None:
        return day
    on = started_at.astimezone(zone).date() + timedelta(days=day.in_days)
    return day.model_copy(update={"on": on, "in_days": None})
