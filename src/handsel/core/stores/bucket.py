"""A bucket of an S3-compatible store. boto3 comes in with this module, so only where a bucket was chosen.

What is read is fetched to its end before it is given out: a store that goes away in the middle is said, and no answer to
a browser breaks off. Credentials and region are the usual variables of AWS (`AWS_ACCESS_KEY_ID` and so on).
"""

import errno
import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from handsel.core.stores import StoreAway

log = logging.getLogger(__name__)

_IN_MEMORY = 8 << 20  # bytes: what is longer goes through a file that has no name
_MISSING = {"404", "NoSuchKey"}
_BEYOND_ITS_END = {"416", "InvalidRange"}
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 30,
    "retries": {"mode": "standard", "total_max_attempts": 3},
    # Not every store knows the checksums that Amazon's own asks for since 2025.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


def bucket(place: Mapping[str, str], endpoint: str) -> "Bucket":
    """The store in this place, {"bucket", "prefix"}."""
    prefix = place["prefix"]
    return Bucket(_client(endpoint), place["bucket"], f"{prefix}/" if prefix else "")


@cache
def _client(endpoint: str) -> Any:
    """One for all threads of a process. A store of one's own seldom has a host name for each bucket."""
    addressing = {"addressing_style": "path" if endpoint else "auto"}
    try:
        return Session().client("s3", endpoint_url=endpoint or None, config=Config(s3=addressing, **_PATIENCE))
    except (BotoCoreError, ValueError) as fault:
        raise StoreAway(f"its client: {fault}", says_no=True) from fault


class Bucket:
    """The store in a bucket, below a prefix."""

    advice = "Whoever runs Handsel should look whether its store of files answers; the log says what it said."

    def __init__(self, client: Any, name: str, prefix: str) -> None:
        self._client = client
        self._name = name
        self._prefix = prefix

    def put(self, key: str, parts: Iterable[bytes], *, once: bool) -> None:
        """An object is there whole or not at all, also where it went up in several parts."""
        try:
            if once and self.exists(key):
                return
            with self._asked(), SpooledTemporaryFile(_IN_MEMORY) as file:
                file.writelines(parts)
                file.seek(0)
                self._client.upload_fileobj(file, **self._named(key), Config=TransferConfig(use_threads=False))
        except StoreAway as away:
            raise OSError(errno.EIO, "the store of files did not take it") from away

    def open(self, key: str) -> BinaryIO:
        file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever reads closes it
        with self._asked():
            shutil.copyfileobj(self._client.get_object(**self._named(key))["Body"], file, 1 << 20)
        file.seek(0)
        return cast(BinaryIO, file)

    def read(self, key: str, offset: int, length: int) -> bytes:
        if not length:
            return b""
        piece = f"bytes={offset}-{offset + length - 1}"
        try:
            with self._asked(beside=_BEYOND_ITS_END):
                content: bytes = self._client.get_object(**self._named(key), Range=piece)["Body"].read()
        except ClientError:
            return b""
        return content

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except FileNotFoundError:
            return False
        return True

    def size(self, key: str) -> int:
        """Asked by a list: to a question for one object, a bucket that is gone answers as if the object alone were."""
        with self._asked():
            answer = self._client.list_objects_v2(Bucket=self._name, Prefix=self._prefix + key, MaxKeys=1)
        for entry in answer.get("Contents", []):
            if entry["Key"] == self._prefix + key:
                return int(entry["Size"])
        raise _missing()

    def listed(self, below: str) -> Iterator[tuple[str, int]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=self._prefix + below)
        with self._asked():
            for page in pages:
                for entry in page.get("Contents", []):
                    yield entry["Key"].removeprefix(self._prefix), int(entry["Size"])

    def remove(self, key: str) -> None:
        with self._asked():
            self._client.delete_object(**self._named(key))

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._name, "Key": self._prefix + key}

    @contextmanager
    def _asked(self, beside: Iterable[str] = ()) -> Iterator[None]:
        """Faults of the library in the words of a store. beside: codes of the store that the caller understands."""
        try:
            yield
        except ClientError as fault:
            code = fault.response["Error"]["Code"]
            if code in beside:
                raise
            if code in _MISSING:
                raise _missing() from fault
            status = fault.response["ResponseMetadata"]["HTTPStatusCode"]
            raise self._away(fault, says_no=status < HTTPStatus.INTERNAL_SERVER_ERROR) from fault
        except (NoCredentialsError, PartialCredentialsError) as fault:
            raise self._away(fault, says_no=True) from fault
        except (BotoCoreError, Boto3Error) as fault:
            raise self._away(fault) from fault

    def _away(self, fault: Exception, *, says_no: bool = False) -> StoreAway:
        why = f"the bucket {self._name}: {fault}"
        log.warning("The store of files cannot be used, %s", why)
        return StoreAway(why, says_no=says_no)


def _missing() -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, "nothing lies there")
