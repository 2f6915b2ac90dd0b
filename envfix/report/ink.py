"""Colours where they are wanted: one method for each meaning. Of the sixteen basic ones, which every terminal's theme
makes readable on its own ground, light or dark; none of them says what the words beside it do not."""

from __future__ import annotations


class Ink:
    """Paints a text if `colour` is wanted, else hands it back as it is."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and text else text

    def name(self, text: str) -> str:
        """What a paragraph is about."""
        return self._paint("1", text)

    def wrong(self, text: str) -> str:
        """What stands there and fails."""
        return self._paint("31", text)

    def right(self, text: str) -> str:
        """What will stand there."""
        return self._paint("32", text)

    def open(self, text: str) -> str:
        """What is a person's to decide, or to know."""
        return self._paint("33", text)

    def dim(self, text: str) -> str:
        """What is told beside the point."""
        return self._paint("2", text)
