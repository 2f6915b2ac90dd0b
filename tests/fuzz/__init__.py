"""Fuzzing: what envfix reads may be anything, and only its own errors may come of it.

`targets` says what must hold of each kind of input, `plans` of a whole project. The short run is part of the tests; the
long one is `python -m tests.fuzz TARGET --minutes N`, from the project's folder. Seeds stand in seeds/TARGET, inputs
that once broke something in found/TARGET.
"""
