"""A mailbox file read in, against `email.policy.default` parsing of the same file in the same run.

The goal is a ratio of at least 0.3. The limit is taken twice, before and after, as parsing alone (no field is looked
at) and as it is used (subject, sender, body). HANDSEL_BENCH_MBOX names another file than the one made here.
"""

import email
import email.policy
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from engines import on_both


def measure() -> None:
    from handsel.mail.importing import import_mbox
    from handsel.mail.reading.mbox import slices
    from tests.mail import boxes
    from tests.stories import owner_of

    with tempfile.TemporaryDirectory() as folder:
        named = os.environ.get("HANDSEL_BENCH_MBOX")
        path = Path(named) if named else boxes.threads_mbox(Path(folder))
        with path.open("rb") as file:
            originals = [one.original for one in slices(file)]
        slug = owner_of().slug
        before = [_rate(originals, parse) for parse in (_parsed, _used)]
        begin = time.perf_counter()
        figures = import_mbox(path, slug)
        rate = len(originals) / (time.perf_counter() - begin)
        after = [_rate(originals, parse) for parse in (_parsed, _used)]
        begin = time.perf_counter()
        again = import_mbox(path, slug)
        second = len(originals) / (time.perf_counter() - begin)
    print({**figures, "refused": len(figures["refused"])}, "again:", again["new"], "new", file=sys.stdout)
    print(f"read in: {rate:.0f} mails a second; a second time: {second:.0f}")
    for word, first, last in zip(("parsing alone", "parsing, fields and body"), before, after, strict=True):
        limit = (first + last) / 2
        print(f"email.policy.default, {word}: {limit:.0f} a second; ratio {rate / limit:.2f} (goal 0.30)")


def _rate(originals: Sequence[bytes], parse: Callable[[bytes], object]) -> float:
    begin = time.perf_counter()
    for original in originals:
        try:
            parse(original)
        except Exception:  # it raises on some mails; the time counts all the same
            continue
    return len(originals) / (time.perf_counter() - begin)


def _parsed(original: bytes) -> object:
    return email.message_from_bytes(original, policy=email.policy.default)


def _used(original: bytes) -> object:
    message = email.message_from_bytes(original, policy=email.policy.default)
    body = message.get_body(("plain", "html"))  # type: ignore[attr-defined]  # this policy gives an EmailMessage
    return (message["subject"], message["from"], message["to"], message["date"], body and body.get_content())


if __name__ == "__main__":
    on_both(str(Path(__file__)), measure)
