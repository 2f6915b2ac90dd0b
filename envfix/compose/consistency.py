"""Do the parts of a project fit together? compose-go's checkConsistency, as far as it bears on what is read here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from envfix.compose.findings import Findings
from envfix.compose.model import Service


def check_project(model: dict[str, Any], active: Collection[str], findings: Findings) -> None:
    pass


def check_service(
    service: Service, model: dict[str, Any], entries: dict[str, Any], active: Collection[str], findings: Findings
) -> None:
    pass
