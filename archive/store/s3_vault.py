"""Originals and pictures in a store of objects that speaks S3: `library.toml` names the place, a file who signs in.

An object is named by the SHA-256 of its content and is there whole or not at all. What is opened is fetched into the
library's folder first and stays there as long as it is in use (`_KEPT`), so that a page of pictures costs one journey.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from archive.model.errors import ConfigError, StorageError
from archive.store.originals import CHANGED, CHANGED_HINT, Found, Vault, require_name
from archive.support import library_folder
from archive.support.credentials import read_credentials
from archive.support.files import move, remove, sha256_of
from archive.support.storage_errors import storage_errors

ADDRESS = "WENSHI_S3"
"""The environment's name for the endpoint, so that machines can differ."""

_CHUNK = 1 << 20
_KEPT = 3600.0  # seconds that a fetched file stays after it was opened last
_KEYS = ("access_key", "secret_key", "ca")
_PLACE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,62})(?:/([A-Za-z0-9._/-]*))?")
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


def s3_vaults(root: Path, options: Mapping[str, Any]) -> tuple[S3Vault, S3Vault]:
    """Where the settings of a library say that its originals and its pictures lie. Raises ConfigError."""
    place = _PLACE.fullmatch(str(options.get("place", "")))
    if place is None:
        hint = '在 [s3] 下写一行，例如 place = "s3://wenshi/qingshui"'
        raise ConfigError("没有写存放原件和图片的地方，或写得不对", place=library_folder.SETTINGS, hint=hint)
    bucket, prefix = place[1], (place[2] or "").strip("/")
    client = _client(root, options)
    start = f"{prefix}/" if prefix else ""
    fetched = root / library_folder.FETCHED
    originals, pictures = (
        S3Vault(client, bucket, f"{start}{name}", fetched / name)
        for name in (library_folder.ORIGINALS, library_folder.PICTURES)
    )
    return originals, pictures


def _client(root: Path, options: Mapping[str, Any]) -> Any:
    """Both are to be named: boto3 would look for them elsewhere, outside of this network too."""
    endpoint = os.environ.get(ADDRESS, "") or str(options.get("endpoint", ""))
    if not endpoint or "credentials" not in options:
        hint = '在 [s3] 下各写一行，例如 endpoint = "https://10.0.0.7:7070"、credentials = "/etc/wenshi/s3.toml"'
        message = "没有写存放原件和图片的地方（S3）的地址，或登录用的文件"
        raise ConfigError(message, place=library_folder.SETTINGS, hint=hint)
    found = read_credentials(root / str(options["credentials"]), _KEYS, "存放原件的地方（S3）", "s3")
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=str(options.get("region", "us-east-1")),
        aws_access_key_id=found.get("access_key", ""),
        aws_secret_access_key=found.get("secret_key", ""),
        verify=found.get("ca"),
        config=Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": 3},
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",  # older stores know no others
            response_checksum_validation="when_required",
        ),
    )


class S3Vault(Vault):
    """The objects of a bucket whose names begin so: `start/ab/abcd…`."""

    def __init__(self, client: Any, bucket: str, start: str, fetched: Path) -> None:
        self.name = fetched.name
        self._client, self._bucket, self._start = client, bucket, start
        self._fetched = fetched

    def place(self, sha256: str) -> str:
        """See Vault."""
        return f"s3://{self._bucket}/{self._key(sha256)}"

    def _key(self, sha256: str) -> str:
        return f"{self._start}/{require_name(sha256)[:2]}/{sha256}"

    def _named(self, sha256: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._key(sha256)}

    def prepare(self) -> None:
        """See Vault; the bucket must be there."""
        self.require()

    def require(self) -> None:
        """See Vault."""
        with storage_errors(f"s3://{self._bucket}"):
            self._client.list_objects_v2(Bucket=self._bucket, Prefix=f"{self._start}/", MaxKeys=1)

    def holds(self, sha256: str) -> bool:
        """See Vault."""
        return self._head(sha256) is not None

    def size(self, sha256: str) -> int:
        """See Vault."""
        head = self._head(sha256)
        if head is None:
            raise StorageError("这个文件不在存放原件的地方（S3）", hint="从备份里取回它", place=self.place(sha256))
        return int(head["ContentLength"])

    def _head(self, sha256: str) -> Any | None:
        with storage_errors(self.place(sha256)):
            try:
                return self._client.head_object(**self._named(sha256))
            except self._client.exceptions.ClientError as failure:
                if failure.response["Error"]["Code"] in _MISSING:
                    return None
                raise

    def digest(self, sha256: str) -> str:
        """See Vault."""
        read = hashlib.sha256()
        for piece in self._pieces(sha256):
            read.update(piece)
        return read.hexdigest()

    def _pieces(self, sha256: str) -> Iterator[bytes]:
        with storage_errors(self.place(sha256)):
            yield from self._client.get_object(**self._named(sha256))["Body"].iter_chunks(_CHUNK)

    def keep(self, source: Path | bytes, sha256: str) -> bool:
        """See Vault."""
        if self.intact(sha256):
            return False
        place = self.place(sha256)
        with storage_errors(place), source.open("rb") if isinstance(source, Path) else BytesIO(source) as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
                called = str(source) if isinstance(source, Path) else sha256
                raise StorageError(CHANGED, hint=CHANGED_HINT, place=called)
            stream.seek(0)
            self._client.put_object(**self._named(sha256), Body=stream)
        # Read back rather than believed: what counts is what lies there.
        if self.digest(sha256) != sha256:
            self.discard(sha256)
            raise StorageError(CHANGED, hint=CHANGED_HINT, place=place)
        return True

    def path(self, sha256: str) -> Path:
        """See Vault; fetched where it is not at hand, and then let go of when nobody has opened it for an hour.

        What has another content than its name says is handed out as it is, as a folder would, and not kept.
        """
        file = self._fetched / require_name(sha256)
        with storage_errors(file):
            with suppress(FileNotFoundError):
                os.utime(file)
                return file
            self._let_go()
            self._fetched.mkdir(parents=True, exist_ok=True)
        part = self._fetch(sha256, self._fetched)
        with storage_errors(file):
            if sha256_of(part) != sha256:
                return part
            move(part, file)
        return file

    def _fetch(self, sha256: str, folder: Path) -> Path:
        part = folder / f".{secrets.token_hex(8)}.tmp"
        with storage_errors(part):
            try:
                with part.open("xb") as out:
                    for piece in self._pieces(sha256):
                        out.write(piece)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        return part

    @contextmanager
    def lent(self, sha256: str) -> Iterator[Path]:
        """See Vault."""
        with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
            yield self._fetch(sha256, Path(folder))

    def discard(self, sha256: str) -> None:
        """See Vault."""
        with storage_errors(self.place(sha256)):
            self._client.delete_object(**self._named(sha256))
        with storage_errors(self._fetched):
            remove(self._fetched / sha256)

    def sweep(self) -> None:
        """See Vault; what is half-sent is no object, and the server lets go of it."""
        with storage_errors(self._fetched):
            self._let_go()

    def _let_go(self) -> None:
        """Remove what was fetched and has not been opened for a while; on Windows what somebody reads stays."""
        for file in self._fetched.iterdir() if self._fetched.is_dir() else ():
            with suppress(FileNotFoundError, PermissionError):
                if time.time() - file.stat().st_mtime > _KEPT:
                    file.unlink()

    def listed(self) -> list[Found]:
        """See Vault."""
        found = []
        with storage_errors(f"s3://{self._bucket}"):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=f"{self._start}/"):
                found += [self._found(str(one["Key"])) for one in page.get("Contents", ())]
        return found

    def _found(self, key: str) -> Found:
        name = key.rsplit("/", 1)[1]
        ours = re.fullmatch(r"[0-9a-f]{64}", name) and key == self._key(name)
        return Found(f"s3://{self._bucket}/{key}", name if ours else "")
