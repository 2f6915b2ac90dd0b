"""What is left on disk when a write is killed, or the system refuses it, at every single call that touches a file."""
