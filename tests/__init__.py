"""Tests mirror contracts/ and scripts/ path for path."""
