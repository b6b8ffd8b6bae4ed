"""Write docs/api-calls.md from the schema, as the pages about the API show it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.config.settings")


def main() -> None:
    import django

    django.setup()
    from handsel.api.reference import in_markdown

    (ROOT / "docs" / "api-calls.md").write_text(in_markdown())


if __name__ == "__main__":
    main()
