"""The documentation, and the code that writes part of it: see `docs.generate`."""
