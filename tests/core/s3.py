"""An S3-compatible store on loopback, in a thread of the tests; and ways in which one is not there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "a-key",
    "AWS_SECRET_ACCESS_KEY": "its-secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def running() -> Iterator[str]:
    """The address of a store that is empty."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def choose(settings: Any, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> dict[str, str]:
    """Handsel keeps its files in a new bucket there; gives the variables that say so to another process."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    name = f"larkspur-{uuid4().hex}"
    client(endpoint).create_bucket(Bucket=name)
    settings.FILES, settings.FILES_ENDPOINT = {"bucket": name, "prefix": "handsel"}, endpoint
    return {"HANDSEL_FILES": f"s3://{name}/handsel", "HANDSEL_FILES_ENDPOINT": endpoint}


@cache
def client(endpoint: str) -> Any:
    return boto3.session.Session().client("s3", endpoint_url=endpoint)


def keys(settings: Any) -> list[str]:
    """What lies in the chosen bucket, as the store itself lists it."""
    found = client(settings.FILES_ENDPOINT).list_objects_v2(Bucket=settings.FILES["bucket"]).get("Contents", [])
    return [entry["Key"] for entry in found]


@contextmanager
def away(settings: Any) -> Iterator[None]:
    """The chosen store answers nobody meanwhile."""
    endpoint = settings.FILES_ENDPOINT
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, and never listening
        settings.FILES_ENDPOINT = f"http://127.0.0.1:{closed.getsockname()[1]}"
        yield
    settings.FILES_ENDPOINT = endpoint
