"""What a text must hold, in some case, to name this machine: a cheap look before anything is parsed. It may say yes too
often, never no where `envfix.addresses` would find a host."""

# RFC 6761 (localhost), RFC 5735 (127/8, 0/8), RFC 4291 (::1, :: and their long forms), the numbers that POSIX's
# inet_aton takes for 0.0.0.0 and 127.0.0.1, and the names that Docker Desktop and Podman give the machine
# (https://docs.docker.com/desktop/features/networking/, https://docs.podman.io/en/latest/markdown/podman-run.1.html).
TRACE = (
    r"localhost|127\.|::|0\.0\.0\.0|host\.docker\.internal|host\.containers\.internal|0:0:0"
    r"|(?:[/@]|2f|40)0(?![\w.])|2130706433|0x7f000001"
)
