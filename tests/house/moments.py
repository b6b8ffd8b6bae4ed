"""Pages that show themselves only at a moment, or to whoever has not come in: for the pictures, beside `pages`."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import reverse

from handsel.agreements.actions import draw_up, note_seen, pause, sign
from handsel.core.keys import new_key
from handsel.core.models import OutboxItem
from handsel.people.entrance import create_owner
from handsel.proposals.actions import consent, make_version
from handsel.values.actors import Actor
from handsel.work.actions import decide, start_timer
from handsel.work.rules import Decision
from tests.house.crawler import name_of, walk
from tests.house.pages import Seen
from tests.planning.story import planned_area
from tests.proposals.story import customer_mail_offer, sent_proposal
from tests.stories import TODAY, log_in, owner_of, signed_engagement, submitted_week, usual_terms

BEFORE_SIGNING_IN = (
    "account_login", "people:sign_up", "account_request_login_code", "account_reset_password",
    "account_reset_password_done",
)  # fmt: skip
_WORKING = (
    "work:list", "work:timer_stop", "work:delivery", "payments:new", "payments:list", "front:home", "front:me", "front:places",
)  # fmt: skip
_AGREEING = ("agreements:engagement", "agreements:terms", "agreements:resumption")
_PROPOSING = ("proposals:list", "proposals:proposal", "agreements:from_proposal", "front:home")


def outside() -> list[Seen]:
    """Whoever is not signed in: the ways in, a page that is not there, and what each kind of mailed link opens."""
    pages = {name: reverse(name) for name in BEFORE_SIGNING_IN} | {"not-there": "/b/nowhere/"}
    for item in OutboxItem.objects.order_by("queued_at"):
        if "link" in item.payload:
            path = urlsplit(item.payload["link"]).path
            if Client().get(path).status_code == 200:
                pages[name_of(path) or "not-there"] = path
    pages["people:one_time"] = urlsplit(create_owner("una@shelf.example", "Una's Shelf")[1]).path
    return [Seen("outside", "visitor", None, pages)]


def at_a_moment() -> list[Seen]:
    """A timer runs, work is approved and on no invoice, terms are read and not signed, or signed by one side alone,
    work is paused, a proposal is written or accepted."""
    with transaction.atomic():
        return [
            _seen("timer", _approved_and_running(), _WORKING),
            _seen("read", _read(), _AGREEING),
            _seen("signed", _signed_by_one(), _AGREEING),
            _seen("paused", _paused(), _AGREEING),
            _seen("written", _written(), _PROPOSING),
            _seen("accepted", _accepted(), _PROPOSING),
        ]


def _seen(moment: str, actor: Actor, names: tuple[str, ...]) -> Seen:
    home = f"/b/{actor.slug}/"
    found = walk(log_in(Client(), actor), home).visits
    pages = {v.name: v.url for v in reversed(found) if v.name in names and v.status == 200 and v.is_page}
    own = {"front:me": reverse("front:me")} if "front:me" in names else {}
    lost = {"not-there": f"{home}agreements/{new_key()}/"}
    return Seen(moment, "owner" if actor.is_owner_side else "provider", actor, pages | own | lost)


def _approved_and_running() -> Actor:
    """Lone Hand has a second client, whose week is approved; the timer runs."""
    owner = owner_of("Second Shelf", "dora@shelf.example", "Dora Moss")
    week = submitted_week(signed_engagement(owner, mail="lone@shelf.example", name="Lone Hand"))
    decide(owner, week.sheet.id, [Decision(line.id, line.revision, True) for line in (week.monday, week.tuesday)])
    start_timer(week.provider, week.engagement.id, "Customer mail")
    return week.provider


def _read() -> Actor:
    owner = owner_of("Third Shelf", "thea@shelf.example", "Thea Moss")
    note_seen(owner, draw_up(owner, usual_terms(), "Nell Ray", "nell@ray.example").terms.get().id)
    return owner


def _signed_by_one() -> Actor:
    owner = owner_of("Fourth Shelf", "fay@shelf.example", "Fay Moss")
    terms = draw_up(owner, usual_terms(), "Nell Ray", "nell@ray.example").terms.get()
    note_seen(owner, terms.id)
    sign(owner, terms.id, terms.hash)
    return owner


def _paused() -> Actor:
    owner = owner_of("Fifth Shelf", "fern@shelf.example", "Fern Moss")
    story = signed_engagement(owner, mail="nell@ray.example", name="Nell Ray")
    pause(owner, story.engagement.id, TODAY() - timedelta(days=1), "Stocktaking.")
    return owner


def _written() -> Actor:
    owner = owner_of("Sixth Shelf", "sal@shelf.example", "Sal Moss")
    make_version(owner, planned_area(owner).id, customer_mail_offer())
    return owner


def _accepted() -> Actor:
    sent = sent_proposal(owner_of("Seventh Shelf", "sue@shelf.example", "Sue Moss"))
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    return sent.owner
