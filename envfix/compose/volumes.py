"""What a service mounts: the short form of `volumes` (compose-go's format package)."""

from __future__ import annotations

import posixpath
from typing import Any


def parse_volume(text: str) -> dict[str, Any]:
    """The long form of `[SOURCE:]TARGET[:OPTIONS]`. Raises ValueError with what is wrong."""
    if not text:
        raise ValueError("an empty volume names nothing to mount")
    if len(text) <= 2:
        return {"type": "volume", "target": text}
    parts = _sections(text)
    if not all(parts):
        raise ValueError("a section between its colons is empty")
    if len(parts) > 3:
        raise ValueError("it has too many colons")
    source = parts[0] if len(parts) > 1 else ""
    volume: dict[str, Any] = {"type": "bind" if is_path(source) else "volume"}
    if source:
        volume["source"] = source
    volume["target"] = parts[min(1, len(parts) - 1)]
    if len(parts) > 2 and "ro" in parts[2].split(","):
        volume["read_only"] = True
    return volume


def _sections(text: str) -> list[str]:
    """The parts between colons, but for the colon of a Windows drive."""
    parts: list[str] = []
    for piece in text.split(":"):
        if parts and len(parts[-1]) == 1 and parts[-1].isalpha():
            parts[-1] += f":{piece}"
        else:
            parts.append(piece)
    return parts


def is_path(source: str) -> bool:
    """Whether a source is a path of the host, and no volume's name."""
    return source.startswith((".", "/", "~", "\\\\")) or (len(source) > 1 and source[0].isalpha() and source[1] == ":")


def clean_target(target: str) -> str:
    return posixpath.normpath(target).replace("//", "/") if target else ""
