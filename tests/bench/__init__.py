"""What the contracts cost, from receipts, beside their peers: `python -m tests.bench`."""
