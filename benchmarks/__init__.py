"""Benchmarks that last: each is a ratio to a named baseline, both measured in the same run.

`python -m benchmarks` measures them all; `benchmarks/README.md` says how to read what comes of it.
"""
