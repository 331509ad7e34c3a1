"""Benchmarks: each module is a command, run from the root of the repository."""
