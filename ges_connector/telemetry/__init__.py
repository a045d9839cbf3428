"""What is measured, by OpenTelemetry's API alone, and how Prometheus gets to see it.

Whoever measures names an instrument of `instruments`. Nothing comes of it, and it costs next to
nothing, until a program sets a meter provider: one of OpenTelemetry's SDK, or, with the extra
`telemetry`, the one of `exposition`, which serves the page that Prometheus reads.
"""
