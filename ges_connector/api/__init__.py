"""The wire: a typed async client for the GES callback API. No Rasa, no language."""
