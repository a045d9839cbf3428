"""For the tests of bots built on this package: a contact centre as pytest fixtures.

With the package installed, pytest offers without further setup:

- `ges_sandbox`: a contact centre in-process, its clock standing at `MONDAY`.
- `ges_client`: a `GesClient` that talks to it; no port is opened.
- `ges_server`: another one over real HTTP on a free port of loopback, its clock running.

```python
async def test_my_booking(ges_sandbox, ges_client):
    request = CallbackRequest(service_name="Night_Line", phone_number="+493023125011")
    ges_sandbox.advance(6 * 3600)  # the night line opens at 18:00 in Berlin
    booked = await ges_client.create_callback(request)
    ges_sandbox.advance(3600)
    assert (await ges_client.retrieve_callback(booked.id)).state == "COMPLETED"
```

Importing this package costs nothing; the fixtures import what they need when they are used.
"""

from datetime import UTC, datetime

MONDAY = datetime(2026, 1, 12, 15, 0, tzinfo=UTC)
"""Where the clock of `ges_sandbox` stands: Monday morning in New York, afternoon in Berlin."""
