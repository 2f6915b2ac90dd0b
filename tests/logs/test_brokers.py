"""A broker that sends its clients back to themselves: who says so, and what helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from resolver.situations import Situation, plan_of, services

from envfix.logs.destinations import of_listeners
from envfix.logs.lines import recognise
from envfix.planning import Request, make

LINE = "[AdminClient clientId=p] Connection to node 1 (/127.0.0.1:9092) could not be established.\n"
LANE = (
    "lane: {image: 'apache/kafka:4.0.0', ports: ['9092:9092'], "
    "environment: {KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://${LANE_HOST}:9092%s'}}"
)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "no listener of lane names lane yet, as .env:2 (LANE_HOST) says; give it two"),
        (",IN://lane:29092", "it has to use the broker's port whose listener names the service"),
    ],
)
def test_what_the_broker_told(tmp_path: Path, more: str, said: str) -> None:
    situation = Situation("", services(LANE % more, "pump: {image: example/pump}"), "X=1\nLANE_HOST=127.0.0.1\n", "")
    plan_of(tmp_path, situation)
    reading = make(Request(str(tmp_path), environ={})).reading
    (failure,) = recognise(LINE)
    assert of_listeners(failure, reading).startswith(said)
