from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.mail.story import Desk, desk


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def mail(db: None, tmp_path: Path) -> Desk:
    return desk(tmp_path)
