"""Writers and readers at once: `python -m tests.load` (make load-test)."""
