"""Breaks the contracts on purpose and counts what the tests notice: `python -m tests.mutate`."""
