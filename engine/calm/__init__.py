"""What validates the flows with the engine that they are for; no part of what is installed."""
