"""The crash matrix: every operation ended at every step, repeated, held against one undisturbed.

`python -m tests.crash` (make crash-matrix) tries every step; the suite tries a sample.
"""
