"""Channels through which the engine is spoken to."""
