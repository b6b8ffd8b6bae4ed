"""A kept file is whole, lies there once, and a browser only ever saves it."""

import hashlib
import stat
from pathlib import Path
from typing import Any

import pytest

from handsel.core import files
from handsel.core.keys import new_key
from handsel.core.models import StoredFile
from handsel.values.refusals import NotVisible, Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def test_what_is_kept_comes_back_unchanged() -> None:
    kept = files.keep(b"\x00terms\xff", "terms.pdf", "application/pdf", new_key())
    with files.open_file(kept.id) as file:
        assert file.read() == b"\x00terms\xff"
    assert (kept.size, kept.digest) == (7, hashlib.sha256(b"\x00terms\xff").hexdigest())


def test_the_same_bytes_lie_there_once_for_their_owner_alone(folder: Path) -> None:
    first, second = (files.keep(b"same", name, "text/plain", new_key()) for name in ("a.txt", "b.txt"))
    assert first.id != second.id
    (only,) = [path for path in (folder / "files").rglob("*") if path.is_file()]
    assert only.relative_to(folder / "files").parts == (first.digest[:2], first.digest[2:4], first.digest)
    assert stat.S_IMODE(only.stat().st_mode) == 0o600


def test_a_download_is_saved_under_its_name_and_never_run() -> None:
    answer = files.download(files.keep(b"<script>", "Größe.html", "text/html", None))
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.html"
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "text/html")
    answer.close()


def test_a_media_type_that_is_none_becomes_bytes() -> None:
    assert files.keep(b"", "a", "text/html\r\nX: y", None).media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\nora\\plan.pdf", "plan.pdf"),
        (".hidden", "hidden"),
        ("a\r\nb\u202e.txt", "ab.txt"),
        ("..", "file"),
        ("", "file"),
        ("x" * 200 + ".pdf", "x" * 107 + ".pdf"),
    ],
)
def test_a_name_is_safe_on_any_disk(name: str, safe: str) -> None:
    assert files.safe_name(name) == safe


def test_a_file_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotVisible):
        files.open_file(new_key())


def test_a_folder_that_cannot_be_written_refuses_and_keeps_no_row(folder: Path) -> None:
    (folder / "files").write_text("a file where a folder should be")
    with pytest.raises(Refusal, match="could not be kept"):
        files.keep(b"x", "x", "text/plain", None)
    assert not StoredFile.objects.exists()
