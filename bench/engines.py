"""Both engines in one run: each benchmark runs once per engine, in a process and a data folder of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def on_both(script: str, measure: Callable[[], None]) -> None:
    """Call `measure` in this process if an engine was chosen for it, else run the script once for each engine."""
    if os.environ.get("HANDSEL_BENCH_ENGINE"):
        _prepare()
        measure()
        return
    sys.path.insert(0, str(ROOT))
    from tools.postgres import cluster

    _run(script, "SQLite", {})
    with cluster() as address:
        _run(script, "PostgreSQL", {"HANDSEL_DATABASE_URL": address})


def _run(script: str, engine: str, more: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="handsel-bench-") as folder:
        env = {k: v for k, v in os.environ.items() if not k.startswith("HANDSEL_")}
        env |= {"HANDSEL_DATA": folder, "HANDSEL_BENCH_ENGINE": engine, "HANDSEL_ADDRESS": "http://testserver", **more}
        env["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        subprocess.run([sys.executable, script], env=env, check=True, cwd=ROOT)


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(f"== {os.environ['HANDSEL_BENCH_ENGINE']}", flush=True)
