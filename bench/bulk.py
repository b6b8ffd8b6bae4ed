"""One business with so many entries and a tenth as many conversations, made of the sample story (`stretch.py`)."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from stretch import ENGAGEMENT, STEP_DAYS, WORKER, WORKERS, YEARS, Copy, Mould, past_every_guard

SHIFTS = YEARS * 365 // STEP_DAYS
RARE, FREQUENT = "zwetschge", "customer"


def make(entries: int) -> str:
    """Tell the story and stretch it; gives the slug of its business."""
    from django.utils import timezone

    from handsel.sample.story import tell_story

    tell_story(timezone.now().date())
    return stretched(entries)


def stretched(entries: int) -> str:
    """The same of the story that was told in this installation."""
    from handsel.agreements.models import Engagement

    engagement = Engagement.objects.select_related("business").get(title="Customer mail")
    _find_conversations(engagement.business_id)
    with past_every_guard():
        mould = Mould()
        _stretch_work(mould, engagement, entries)
        _stretch_mail(mould, entries // 10)
        _sum_up()
        _place_anew()
        _number_anew(engagement.business_id)
    _tidy()
    return engagement.business.slug


def _find_conversations(business_id: UUID) -> None:
    """Every conversation can be found; one of them holds a word that no other has."""
    from handsel.core.models import SearchEntry
    from handsel.front import tasks
    from handsel.mail.models import Conversation

    keys = list(Conversation.objects.values_list("id", flat=True))
    tasks._find_anew(business_id, "conversation", keys)
    rare = SearchEntry.objects.filter(kind="playbook").first() or SearchEntry.objects.filter(kind="page").first()
    tasks._write(business_id, rare.kind, rare.thing_id, _with(rare, RARE))


def _with(entry, word: str):
    from handsel.core.rooms import Found

    return Found(entry.kind, "Page", entry.thing_id, entry.title, entry.url, f"{entry.text} {word}", at=entry.at)


# ---------------------------------------------------------------- work, what is owed, invoices


def _stretch_work(mould: Mould, engagement, entries: int) -> None:
    from django.db.models import Count

    from handsel.agreements import models as agreements
    from handsel.core.models import Event, SearchEntry
    from handsel.ledger import models as ledger
    from handsel.payments import models as payments
    from handsel.people import models as people
    from handsel.work import models as work

    person = (
        work.TimeEntry.objects.filter(engagement=engagement)
        .values_list("worker_id")
        .annotate(n=Count("id"))
        .order_by("-n")[0][0]
    )
    per_engagement = SHIFTS * WORKERS
    settled = _settled(engagement.id, person)
    hers = {"engagement": engagement, "worker": person}
    whole = work.TimeEntry.objects.filter(**hers).count()
    copies: list[Copy] = []
    made = work.TimeEntry.objects.count()
    while made < entries:
        n = len(copies)
        worker, shift = divmod(n, SHIFTS)
        copies.append(Copy(n, shift * STEP_DAYS, shift == 0, n // per_engagement, worker))
        made += whole if shift == 0 else len(settled["lines"])
    sets = copies[-1].engagement + 1

    # engagements, and who works on them
    mould.add(_keys(agreements.Engagement, id=engagement.id), ENGAGEMENT)
    mould.add(_keys(agreements.Terms, engagement=engagement), ENGAGEMENT)
    mould.plan([Copy(n, 0, True, n, 0) for n in range(sets)])
    mould.pour(agreements.Engagement, title="{} || ' ' || k.n")
    mould.pour(agreements.Terms)
    for model in (
        agreements.RateLine,
        agreements.FeeLine,
        agreements.Seen,
        agreements.Signature,
        agreements.TermsClosed,
    ):
        mould.pour(model, by="terms_id", id=_hashed("k.etag"))
    first = f"'{date.today() - timedelta(days=YEARS * 366)}'"
    mould.pour(agreements.InForce, by="engagement_id", id=_hashed("k.etag"),
               from_day=f"CASE WHEN s.n = 1 THEN {_day(first)} ELSE {{}} END")  # fmt: skip
    mould.next_lot()
    mould.add([person], WORKER)
    mould.plan([Copy(w, 0, True, w // WORKERS, w) for w in range(copies[-1].worker + 1)])
    mould.pour(people.Person, login_id="NULL", mail="k.n || {}", name="{} || ' ' || k.n")
    for model in (people.Membership, people.ProviderMember):  # as assistants
        mould.pour(model, by="person_id", id=_hashed("k.wtag"), role="'assistant'")
    mould.pour(agreements.Worker, by="person_id", id=_hashed("k.wtag"))

    # their weeks
    mould.next_lot()
    lines = _keys(work.TimeEntry, **hers)
    mould.add(_keys(work.Timesheet, **hers), settled=settled["sheets"])
    mould.add(lines, settled=settled["lines"])
    mould.add(
        _keys(work.Submission, timesheet__engagement=engagement, timesheet__worker=person),
        settled=settled["submissions"],
    )
    mould.add(_keys(ledger.Charge, **hers), settled=settled["charges"])
    mould.add(
        _keys(ledger.Posting, transfers__charge__in=_keys(ledger.Charge, **hers)) | settled["postings"],
        settled=settled["postings"],
    )
    mould.add(
        _keys(ledger.Transfer, engagement=engagement, charge__worker=person) | settled["transfers"],
        settled=settled["transfers"],
    )
    mould.add(_keys(payments.Document, engagement=engagement), settled=settled["documents"])
    mould.add(
        _keys(payments.DocumentLine, document__engagement=engagement, charge__worker=person),
        settled=settled["document_lines"],
    )
    mould.add(_keys(payments.Payment, document__engagement=engagement), settled=settled["payments"])
    mould.plan(copies)
    for model in (work.Timesheet, work.TimeEntry, work.Submission):
        mould.pour(model)
    for model in work.RECORDS:
        mould.pour(model, by="line_id")
    mould.pour(ledger.Charge)
    mould.pour(ledger.WorkClaim, by="charge_id")
    for model in (ledger.Posting, ledger.Transfer, payments.Document, payments.DocumentLine, payments.Payment):
        mould.pour(model)
    mould.pour(payments.Issue, by="document_id", n="{} + (k.n + 1) * 1000", number="{} || '-' || k.n")
    mould.pour(Event, by="thing_id", order="x.number", number="1000000000 + k.n * 10000 + s.mould_place")
    mould.pour(SearchEntry, by="thing_id")


def _keys(model, **which: object) -> set[UUID]:
    return set(model.objects.filter(**which).values_list("id", flat=True))


def _settled(engagement_id: UUID, person: UUID) -> dict[str, set[UUID]]:
    """What of an engagement's work is invoiced and paid, with all that belongs to it."""
    from handsel.ledger.models import Charge, Posting, Transfer
    from handsel.payments.models import Document, DocumentLine, Payment
    from handsel.work.models import Submission, TimeEntry

    paid = _keys(Document, engagement_id=engagement_id, payments__isnull=False)
    credited = set(DocumentLine.objects.filter(document__kind="credit_note").values_list("charge_id", flat=True))
    lines = dict(DocumentLine.objects.filter(document__in=paid).values_list("id", "charge_id"))
    charges = _keys(Charge, id__in=set(lines.values()) - credited, worker=person)
    entries = set(Charge.objects.filter(id__in=charges).values_list("evidence_id", flat=True))
    entries |= set(TimeEntry.objects.filter(replaced_by__in=entries).values_list("id", flat=True))
    sheets = set(TimeEntry.objects.filter(id__in=entries).values_list("timesheet_id", flat=True))
    postings = _keys(Posting, engagement_id=engagement_id, transfers__charge__in=charges)
    postings |= _keys(Posting, engagement_id=engagement_id, transfers__document_id__in=paid)
    moved = _keys(Transfer, charge__in=charges) | _keys(Transfer, charge=None, document_id__in=paid)
    return {
        "documents": paid, "document_lines": {k for k, c in lines.items() if c in charges}, "charges": charges,
        "payments": _keys(Payment, document__in=paid), "lines": entries, "sheets": sheets,
        "submissions": _keys(Submission, timesheet__in=sheets), "postings": postings, "transfers": moved,
    }  # fmt: skip


def _hashed(tag: str) -> str:
    """A key for a row of which nothing else speaks: the second half of its original, under the copy's time."""
    from django.db import connection

    whole = f"{tag} || substr(s.id, 1, 20)"
    return f"unhex({whole})" if connection.vendor == "sqlite" else f"({whole})::uuid"


def _day(text: str) -> str:
    from django.db import connection

    return text if connection.vendor == "sqlite" else f"{text}::date"


# ---------------------------------------------------------------- mail


def _stretch_mail(mould: Mould, conversations: int) -> None:
    from handsel.core.models import Event, SearchEntry
    from handsel.mail import models as mail

    rows = mail.Conversation.objects.all()
    done = set(rows.filter(status__in=["waiting for customer", "closed"]).values_list("id", flat=True))
    of_done = {"conversation__in": done}
    newest = mail.Mining.objects.order_by("-n").first()
    copies: list[Copy] = []
    made = rows.count()
    total = max(1, conversations // len(done))
    while made < conversations:
        n = len(copies)
        days = 1 + n * YEARS * 365 // total
        copies.append(Copy(20_000_000 + n, days, days < 14 and n < 3))
        made += rows.count() if copies[-1].whole else len(done)
    mould.next_lot()
    mould.add(_keys(mail.Conversation), settled=done)
    mould.add(_keys(mail.Message), settled=_keys(mail.Message, **of_done))
    mould.add(_keys(mail.Reply), settled=_keys(mail.Reply, **of_done))
    mould.add(_keys(mail.ReplyVersion), settled=_keys(mail.ReplyVersion, reply__conversation__in=done))
    mould.plan(copies)
    mould.pour(mail.Conversation, number="{} + (k.n + 1) * 1000", token="substr({}, 1, 20) || '-' || k.n")
    mould.pour(mail.Message, raw_id="NULL", content_digest="substr({}, 1, 50) || '-' || k.n")
    for model in (mail.MessageReference, mail.Party, mail.Placement, mail.Attachment):
        mould.pour(model, by="message_id")
    mould.pour(mail.Closure, by="conversation_id")
    mould.add(_keys(mail.KindOf, mining=newest), settled=_keys(mail.KindOf, mining=newest, **of_done))
    mould.pour(mail.KindOf)
    mould.pour(mail.Reply)
    mould.pour(mail.ReplyVersion)
    for model in (mail.ReplySubmission, mail.ReplyReturn, mail.Discard):
        mould.pour(model, by="reply_id")
    mould.pour(mail.Send, by="reply_id", message_id="k.n || {}")
    mould.pour(Event, by="thing_id", order="x.number", number="1000000000000 + k.n * 10000 + s.mould_place")
    mould.pour(SearchEntry, by="thing_id")


# ---------------------------------------------------------------- afterwards


def _sum_up() -> None:
    """What accounts hold follows from the transfers."""
    from django.db import connection

    from handsel.ledger.sums import filling

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_account")
        cursor.execute(filling(connection.vendor))


def _place_anew() -> None:
    """Things found by search lie in the order of their instants, no two at one place."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE placed AS SELECT id, row_number() OVER (ORDER BY at, id) AS n FROM core_searchentry"
        )
        cursor.execute("CREATE UNIQUE INDEX placed_id ON placed (id)")
        cursor.execute("UPDATE core_searchentry SET place = placed.n FROM placed WHERE placed.id = core_searchentry.id")


def _number_anew(business_id: UUID) -> None:
    """Events are numbered from 1 without a gap in the order of their instants; every follower has read them all."""
    from django.db import connection

    from handsel.core.models import Chain, Follower

    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_event SET number = number + 1000000000000000")
        cursor.execute(
            "CREATE TEMP TABLE numbered AS SELECT id, row_number() OVER (PARTITION BY chain_id ORDER BY at, number) AS n "
            "FROM core_event"
        )
        cursor.execute("CREATE UNIQUE INDEX numbered_id ON numbered (id)")
        cursor.execute("UPDATE core_event SET number = numbered.n FROM numbered WHERE numbered.id = core_event.id")
        cursor.execute("SELECT max(number) FROM core_event")
        head = cursor.fetchone()[0]
    Chain.objects.filter(id=business_id).update(number=head)
    Follower.objects.filter(chain_id=business_id).update(number=head)


def _tidy() -> None:
    """What the engine does by itself in the course of a day."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def said() -> str:
    """How many rows there are, for the record."""
    from handsel.core.models import Event, SearchEntry
    from handsel.ledger.models import Transfer
    from handsel.mail.models import Conversation, Message
    from handsel.work.models import TimeEntry, Timesheet

    counts = {m._meta.model_name: m.objects.count() for m in (TimeEntry, Timesheet, Transfer, Conversation, Message, Event,
                                                                SearchEntry)}  # fmt: skip
    return json.dumps(counts)


# ---------------------------------------------------------------- what is looked at

_API: dict[str, Any] = {}


def cast(slug: str) -> dict[str, Any]:
    """Who looks: the owner, and whoever leads the firm."""
    from handsel.people.models import Business, Membership
    from handsel.people.queries import actor_of
    from handsel.values.actors import Role

    rows = Membership.objects.filter(business=Business.objects.get(slug=slug), left_at=None)
    rows = rows.select_related("person", "business").order_by("made_at")
    mail = rows.filter(role=Role.PROVIDER_ADMIN.value, provider__name__icontains="mare").first()
    admin = mail or rows.filter(role=Role.PROVIDER_ADMIN.value).first()
    owner = rows.get(role=Role.OWNER.value)
    _API["owner"] = actor_of(owner)
    return {"owner": actor_of(owner), "provider": actor_of(admin)}


def _token(actor: Any) -> str:
    from handsel.people.actions import create_token
    from handsel.people.rules import SCOPES, new_token

    secret, kept = new_token()
    create_token(actor, "bench", tuple(SCOPES), 90, kept)
    return secret


def headers(url: str) -> dict[str, str]:
    """What a call of the API needs beside the address: a token for each address, because each may call only so often."""
    if not url.startswith("/api/"):
        return {}
    if url not in _API:
        _API[url] = _token(_API["owner"])
    return {"HTTP_AUTHORIZATION": f"Bearer {_API[url]}"}


def api_pages(slug: str, engagement_id: UUID) -> list[tuple[str, str, str]]:
    """Lists over the API, and the next page of the longest."""
    from django.test import Client

    api = "/api/v1"
    following = Client().get(f"{api}/lines", **headers(f"{api}/lines")).json()["next"]
    return [
        ("API lines", "owner", f"{api}/lines"),
        ("API lines, next", "owner", following.partition("testserver")[2]),
        ("API lines, one engagement", "owner", f"{api}/lines?engagement_id={engagement_id}"),
        ("API lines, submitted", "owner", f"{api}/lines?status=submitted"),
        ("API timesheets", "owner", f"{api}/timesheets"),
        ("API conversations", "owner", f"{api}/conversations"),
        ("API charges", "owner", f"{api}/engagements/{engagement_id}/charges"),
        ("API movements", "owner", f"{api}/engagements/{engagement_id}/movements"),
        ("API balances", "owner", f"{api}/engagements/{engagement_id}/balances"),
        ("API owed", "owner", f"{api}/owed"),
        ("API documents", "owner", f"{api}/documents"),
        ("API events", "owner", f"{api}/events"),
    ]


def busiest_engagement(slug: str) -> UUID:
    """The engagement of which most is told."""
    from django.db.models import Count

    from handsel.work.models import Timesheet

    rows = Timesheet.objects.values_list("engagement_id").annotate(n=Count("id")).order_by("-n")
    return rows[0][0]


def some(slug: str) -> tuple[UUID, UUID, int]:
    """A conversation that is done, a timesheet that is approved, the number of the newest event."""
    from handsel.core.models import Chain
    from handsel.mail.models import Conversation
    from handsel.work.models import TimeEntry

    conversation = Conversation.objects.filter(status="closed").order_by("-latest_at")[1]
    sheet = TimeEntry.objects.filter(status="approved").order_by("-work_day").values_list("timesheet_id", flat=True)[1]
    return conversation.id, sheet, max(Chain.objects.values_list("number", flat=True))


def pages_behind(slug: str) -> tuple[int, int, int]:
    """How many pages of 50 the timesheets, the conversations and the charges of the busiest engagement have."""
    from handsel.ledger.models import Charge
    from handsel.mail.models import Conversation
    from handsel.work.models import Timesheet

    charges = Charge.objects.filter(engagement_id=busiest_engagement(slug)).count()
    return tuple(max(1, n // 50) for n in (Timesheet.objects.count(), Conversation.objects.count(), charges))


def number_behind(slug: str, engagement_id: UUID) -> int:
    """The number of an event in the middle of an engagement."""
    from handsel.core.models import Event

    rows = Event.objects.filter(engagement_id=engagement_id).order_by("-number")
    return rows.values_list("number", flat=True)[rows.count() // 2]
