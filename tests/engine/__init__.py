"""End-to-end tests on a real Docker Engine: does the network agree with what envfix decides?

Everything else in `tests/` argues from files. Here the stacks are started, the addresses tried from inside the reading
containers, and the servers asked what reached them. README.md beside this file tells how that works without a registry.
"""
