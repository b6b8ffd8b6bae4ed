"""Write everything that one side reads into one zip, so that it can leave (PRODUCT.md C23).

What takes part is not listed anywhere: every table of every room, through `visible_to`. The trail is whole, because a
chain with a hole proves nothing; entries that this side does not read keep their seals and lose their facts.
"""

import hashlib
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from handsel import __version__
from handsel.core import files, stores, trail
from handsel.core.models import Event, StoredFile
from handsel.core.moments import one_moment
from handsel.core.rooms import RoomConfig
from handsel.core.spelling import plain
from handsel.core.stores import StoreAway
from handsel.core.whole import member_of, whole_file, write_part
from handsel.front.export import verify
from handsel.ledger.models import Transfer
from handsel.mail import originals
from handsel.mail.models import RawMail
from handsel.people.models import Business, Membership, Person, Provider, ProviderMember, Row
from handsel.values.actors import Actor, Side
from handsel.values.refusals import Refusal

READING = "Reading the record"
COPYING = "Copying papers"
NEVER_LEAVES = re.compile("token|password|secret")  # a way in is nobody's record

# Words, how much is done, of how much. With `READING` the database is read as of one moment: nothing may be written then.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Summary:
    """What an export holds. number, head: the end of its trail. hidden: entries of which only the seal is here. lost: papers and mails
    whose bytes were missing in the store, or mails that were changed there."""

    rows: int
    events: int
    hidden: int
    papers: int
    lost: int
    number: int
    head: str
    size: int


def write_export(actor: Actor, target: Path, progress: Progress) -> Summary:
    """Write the export of the actor's side to this file, whole or not at all. Raises Refusal where it cannot be written."""
    try:
        with whole_file(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            writing = _Writing(actor, archive, progress)
            writing.write()
    except OSError as trouble:
        raise Refusal(
            "export_not_written", f"The export could not be written: {trouble.strerror}.",
            mend="Look at the folder, its rights and its space.", status=507,
        ) from trouble  # fmt: skip
    return writing.summary(target.stat().st_size)


def tables() -> list[type[Row]]:
    """Every table of a business, of every room, by its name; without what follows from the others."""
    rooms = {config.label for config in apps.get_app_configs() if isinstance(config, RoomConfig)}
    found = [m for m in apps.get_models() if issubclass(m, Row) and m.travels and m._meta.app_label in rooms]
    return sorted(found, key=lambda model: model._meta.db_table)


@cache
def _sides_of_verbs() -> dict[str, tuple[str, ...]]:
    """Which sides see a verb, of every room; a verb that no room knows is seen by nobody."""
    modules = (f"{config.name}.events" for config in apps.get_app_configs() if isinstance(config, RoomConfig))
    return {v.name: v.seen_by for name in modules if find_spec(name) for v in import_module(name).EVENTS}


@dataclass
class _Writing:
    """One export on its way."""

    actor: Actor
    archive: zipfile.ZipFile
    progress: Progress
    made_at: datetime = field(default_factory=timezone.now)
    listed: list[dict[str, Any]] = field(default_factory=list)
    about: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    refers: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    lost: int = 0
    hidden: int = 0
    head: tuple[int, str] = (0, "")

    def write(self) -> None:
        with one_moment():
            self._write_record()
            papers, balances = self._write_papers_table(), self._balances()
            kept = [(_paper_path(p), partial(_bytes_of, p)) for p in papers] + self._mails()
        for done, (path, parts) in enumerate(kept):
            self.progress(COPYING, done, len(kept))
            self._write_paper(path, parts)
        self.progress(COPYING, len(kept), len(kept))
        self._write_file("READ-ME.txt", [(Path(__file__).parent / "READ-ME.txt").read_bytes()])
        self._write_file("verify.py", [Path(verify.__file__).read_bytes()])
        self._write_manifest(balances)

    def summary(self, size: int) -> Summary:
        rows = sum(table["rows"] for table in self.about.values())
        papers = sum(entry["path"].startswith("papers/") for entry in self.listed)
        number, head = self.head
        return Summary(rows, number, self.hidden, papers, self.lost, number, head, size)

    # ------------------------------------------------------------ rows

    def _write_record(self) -> None:
        steps = tables()
        for done, model in enumerate(steps):
            self.progress(READING, done, len(steps))
            self._write_table(model, model.objects.visible_to(self.actor))
        self._write_table(Business, Business.objects.filter(pk=self.actor.business_id))
        self._write_provider_tables()
        self._write_file("trail.jsonl", self._events())
        self._write_table(Person, self._persons(), without=() if self._is_whole_business() else ("mail", "login"))
        self.progress(READING, len(steps), len(steps))

    def _is_whole_business(self) -> bool:
        return self.actor.side is Side.OWNER_SIDE

    def _write_provider_tables(self) -> None:
        wanted = self.refers[Provider._meta.db_table]
        if not self._is_whole_business():
            wanted = {key for key in wanted if key == self.actor.provider_id}
            self._write_table(ProviderMember, ProviderMember.objects.filter(provider_id=self.actor.provider_id))
        self._write_table(Provider, Provider.objects.filter(pk__in=wanted))

    def _persons(self) -> models.QuerySet[Person]:
        """Whoever is named; for a provider only people whom it sees in the business."""
        wanted = self.refers[Person._meta.db_table]
        if not self._is_whole_business():
            seen = Membership.objects.visible_to(self.actor).values_list("person_id", flat=True)
            wanted = wanted & {*seen, self.actor.person_id}
        return Person.objects.filter(pk__in=wanted)

    def _write_table(
        self, model: type[models.Model], rows: models.QuerySet[Any], without: tuple[str, ...] = ()
    ) -> None:
        left_out = {"login", *without}
        fields = [f for f in model._meta.concrete_fields if f.name not in left_out and not NEVER_LEAVES.search(f.name)]
        refers = {f.attname: f.related_model._meta.db_table for f in fields if isinstance(f, models.ForeignKey)}
        found = rows.order_by("pk").values(*(f.attname for f in fields)).iterator(chunk_size=2000)
        self._write_rows(model._meta.db_table, found, refers)

    def _write_rows(self, table: str, rows: Iterable[dict[str, Any]], refers: dict[str, str]) -> None:
        seals: list[str] = []

        def lines() -> Iterator[bytes]:
            for row in rows:
                self.ids[table].add(row["id"])
                for name, target in refers.items():
                    if row[name] is not None:
                        self.refers[target].add(row[name])
                line = _line(row)
                seals.append(hashlib.sha256(line).hexdigest()[: verify.SEAL_DIGITS])
                yield line + b"\n"

        self._write_file(f"tables/{table}.jsonl", lines())
        self.about[table] = {"rows": len(seals), "refers": refers, "seals": "".join(seals)}

    def _write_papers_table(self) -> list[StoredFile]:
        """The row of each file that a visible row refers to; gives those whose bytes are there."""
        business = Q(business_id=self.actor.business_id) | Q(business_id=None)
        rows = list(StoredFile.objects.filter(business, pk__in=self.refers[StoredFile._meta.db_table]).order_by("pk"))
        store = stores.chosen()
        there = [row for row in rows if store.exists(files.key_of(row.digest))]
        self.lost = len(rows) - len(there)
        paths = {row.pk: _paper_path(row) for row in there}
        self._write_rows(StoredFile._meta.db_table, (
            {"id": row.pk, "name": row.name, "media_type": row.media_type, "size": row.size, "digest": row.digest,
             "kept_at": row.kept_at, "path": paths.get(row.pk)}
            for row in rows
        ), {})  # fmt: skip
        return there

    def _mails(self) -> list[tuple[str, Callable[[], Iterable[bytes]]]]:
        """Each mail as it came, once; the owner's alone, whose customers wrote it."""
        if not self._is_whole_business():
            return []
        mails = {mail.digest: mail for mail in RawMail.objects.visible_to(self.actor).order_by("pk")}
        return [(f"papers/mail/{digest}.eml", partial(_mail, mail)) for digest, mail in mails.items()]

    def _balances(self) -> list[dict[str, Any]]:
        """Each account as the database adds it up; the verifier adds up the rows."""
        sums: dict[tuple[str, str, str], int] = defaultdict(int)
        for account, sign in (("debit", 1), ("credit", -1)):
            rows = Transfer.objects.visible_to(self.actor).values("engagement_id", account, "currency")
            for row in rows.annotate(sum=Sum("amount")):
                sums[str(row["engagement_id"]), row[account], row["currency"]] += sign * row["sum"]
        return [
            {"engagement": engagement, "account": account, "currency": currency, "amount": amount}
            for (engagement, account, currency), amount in sorted(sums.items())
        ]

    # ------------------------------------------------------------ the trail

    def _events(self) -> Iterator[bytes]:
        """The whole chain of the business; facts only of what this side reads."""
        known = set().union(*self.ids.values())
        engagements = self.ids["agreements_engagement"]
        assert self.actor.business_id is not None
        for event in Event.objects.filter(chain_id=self.actor.business_id).order_by("number").iterator(chunk_size=2000):
            shown = self._shows(event, engagements, known)
            self.hidden += not shown
            self.head = (event.number, event.link)
            if shown and event.person_id:
                self.refers[Person._meta.db_table].add(event.person_id)
            yield _line(_event(event, shown)) + b"\n"

    def _shows(self, event: Event, engagements: set[UUID], known: set[UUID]) -> bool:
        """Whether this side reads what the entry says; a provider only of its own engagements and of things it sees."""
        if self.actor.side.value not in _sides_of_verbs().get(event.verb, ()):
            return False
        if self._is_whole_business():
            return True
        return event.engagement_id in engagements if event.engagement_id else event.thing_id in known

    # ------------------------------------------------------------ files

    def _write_paper(self, path: str, parts: Callable[[], Iterable[bytes]]) -> None:
        """A mail whose original is gone or was changed stops nothing: it is counted, and the verifier names it."""
        try:
            found = parts()
        except StoreAway:
            raise
        except Refusal:
            self.lost += 1
            return
        self._write_file(path, found)

    def _write_file(self, path: str, parts: Iterable[bytes]) -> None:
        self.listed.append(write_part(self.archive, member_of(path, self.made_at), parts))

    def _write_manifest(self, balances: list[dict[str, Any]]) -> None:
        text = json.dumps(self._manifest(balances), ensure_ascii=False, indent=1).encode()
        self.archive.writestr(member_of("manifest.json", self.made_at), text)
        stated = f"{hashlib.sha256(text).hexdigest()}  manifest.json\n"
        self.archive.writestr(member_of("manifest.sha256", self.made_at), stated.encode())

    def _manifest(self, balances: list[dict[str, Any]]) -> dict[str, Any]:
        business = Business.objects.get(pk=self.actor.business_id)
        provider = None if self._is_whole_business() else Provider.objects.get(pk=self.actor.provider_id)
        beyond = {table: sorted(map(str, keys - self.ids[table])) for table, keys in sorted(self.refers.items())}
        return {
            "format": verify.FORMAT, "version": verify.VERSION, "handsel": __version__,
            "made_at": plain(self.made_at),
            "business": {"id": str(business.pk), "name": business.name, "slug": business.slug, "zone": business.zone},
            "side": self.actor.side.value,
            "provider": {"id": str(provider.pk), "name": provider.name} if provider else None,
            "trail": {"chain": str(business.pk), "number": self.head[0], "head": self.head[1], "hidden": self.hidden},
            "balances": balances,
            # Rows that something here refers to, and that this side does not read.
            "beyond": {table: keys for table, keys in beyond.items() if keys},
            "files": self.listed, "tables": self.about,
        }  # fmt: skip


def _event(event: Event, shown: bool) -> dict[str, Any]:
    chain = UUID(str(event.chain_id))
    parts = trail.event_parts(
        chain, event.number, event.at, event, event.person_id, event.way, event.side, event.facts_hash
    )
    if not shown:  # that it happened, and nothing of what: what a provider does for a client, another never learns
        return {"number": event.number, "seal": trail.seal(event), "link": event.link}
    names = ("number", "at", "verb", "person", "way", "side", "thing_kind", "thing", "engagement", "facts_hash")
    row = dict(zip(names, parts[1:], strict=True))
    return {**row, "link": event.link, "salt": event.salt, "facts": event.facts}


def _paper_path(paper: StoredFile) -> str:
    return f"papers/{paper.pk}-{files.safe_name(paper.name)}"


def _bytes_of(paper: StoredFile) -> Iterator[bytes]:
    with stores.chosen().open(files.key_of(paper.digest)) as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _mail(mail: RawMail) -> list[bytes]:
    return [originals.bytes_of(mail.pack, mail.offset, mail.length, mail.digest)]


def _line(row: dict[str, Any]) -> bytes:
    """A row on one line: its columns as the table has them, what a column holds in an order that no engine chooses."""
    return json.dumps({name: _in_order(plain(value)) for name, value in row.items()}, ensure_ascii=False).encode()


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in sorted(value)}
    return [_in_order(one) for one in value] if isinstance(value, list) else value
