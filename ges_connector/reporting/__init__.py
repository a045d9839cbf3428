"""Figures from the decision log: read, counted and drawn."""
