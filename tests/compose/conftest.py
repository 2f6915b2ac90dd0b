from __future__ import annotations

from compared import version


def pytest_report_header() -> str:
    return f"Docker Compose that answers in tests/compose: {version()}"
