"""Finds out whether a deployment can serve callbacks."""
