"""What a text must hold, in some case, to name this machine: a cheap look before anything is parsed. It may say yes too
often, never no where `envfix.addresses` would find a host."""

# RFC 6761 (localhost), RFC 5735 (127/8, 0/8), RFC 4291 (::1, :: and their long forms), and the name that Docker Desktop
# gives the host (https://docs.docker.com/desktop/features/networking/).
TRACE = r"localhost|127\.|::|0\.0\.0\.0|host\.docker\.internal|0:0:0"
