"""Small projects with source, in folders of their own: a compose file, an env file, and what is written beside them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from envfix.planning import Made, Request, make
from envfix.records import Reference

COMPOSE = """\
services:
  orders:
    build: ./orders
    env_file: .env
  cellar:
    image: redis:7
    ports: ["6390:6379"]
  ledger:
    image: postgres:16
    ports: ["5544:5432"]
  catalog:
    image: nginx:1.27
    ports: ["8088:80"]
"""
DOCKERFILES = {
    "node": 'FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD ["node", "main.js"]\n',
    "python": 'FROM python:3.13\nCOPY . /srv\nCMD ["python", "main.py"]\n',
    "ruby": 'FROM ruby:3.4\nCOPY . /srv\nCMD ["ruby", "main.rb"]\n',
    "php": 'FROM php:8.4-cli\nCOPY . /srv\nCMD ["php", "main.php"]\n',
    "go": "FROM golang:1.24 AS made\nCOPY . .\nRUN go build -o /main\nFROM scratch\nCOPY --from=made /main /main\n"
    'CMD ["/main"]\n',
    "rust": "FROM rust:1.85 AS made\nCOPY . .\nRUN cargo build\nFROM debian:12\nCOPY --from=made /main /main\n"
    'CMD ["/main"]\n',
    "elixir": 'FROM elixir:1.18\nCOPY . .\nCMD ["mix", "run"]\n',
    "java": 'FROM eclipse-temurin:21\nCOPY . .\nCMD ["java", "Main"]\n',
    "dotnet": 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nCMD ["dotnet", "run"]\n',
    "ready": "FROM directus/directus:11\nCOPY . /directus/extensions\n",
}


def lay_out(folder: Path, runtime: str, env: str, source: dict[str, str | bytes], compose: str = COMPOSE) -> Path:
    """The project in `folder`: `source` by paths from the build context of the service `orders`."""
    files: dict[str, str | bytes] = {"compose.yaml": compose, ".env": env}
    files["orders/Dockerfile"] = DOCKERFILES[runtime]
    files.update({f"orders/{path}": data for path, data in source.items()})
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def track(folder: Path) -> None:
    """Have git track all that is there."""
    subprocess.run(["git", "init", "-q", "--template="], cwd=folder, check=True)
    subprocess.run(["git", "add", "-A", "-f"], cwd=folder, check=True)


def made(folder: Path, **changes: object) -> Made:
    """What envfix makes of the project."""
    return make(Request(str(folder), **changes))


def only(folder: Path, variable: str, **changes: object) -> Reference:
    """The one reference of the variable."""
    [found] = [one for one in made(folder, **changes).plan.references if one.variable == variable]
    return found
