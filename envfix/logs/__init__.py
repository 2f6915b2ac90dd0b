"""Which variable is behind this refused connection?

From a log to the culprits: `shapes` has the words of the clients, `recognition` the failed connections of a log.
"""
