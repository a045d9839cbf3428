"""Callbacks on Genesys Engagement Services: client, sandbox and command line."""
