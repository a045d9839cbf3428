"""Runs the command line as `python -m ges_connector.cli`."""

from ges_connector.cli import main

main()
