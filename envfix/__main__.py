"""`python -m envfix`."""

from envfix.cli import main

if __name__ == "__main__":
    main()
