"""`python -m envfix`, and the command `envfix`."""

import gc
import sys


def main() -> None:
    """Run the command line. Loading it takes most of a short run, so Ctrl-C is waited for from here on,
    and none for a collector, which would find no garbage."""
    gc.disable()
    try:
        from envfix.cli import main as run
    except KeyboardInterrupt:
        print("envfix: interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
