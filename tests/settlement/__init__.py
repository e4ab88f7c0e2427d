"""Paying what is owed, and delivering against payment."""
