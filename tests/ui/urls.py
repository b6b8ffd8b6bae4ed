"""The gallery of all components, served to tests only."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from handsel.ui import charts, fields
from handsel.ui.forms import Form
from handsel.ui.marks import Status
from handsel.ui.shell import Place, Room, Shell, Timer
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.values.actors import Side
from handsel.values.money import Money
from handsel.values.refusals import Refusal


@dataclass(frozen=True)
class Invoice:
    number: str
    amount: Money
    due: date
    paid: bool


class TimeForm(Form):
    day = fields.DayField(label="Day", help_text="In the time of Dublin, as agreed")
    duration = fields.DurationField(label="How long", help_text="1:30, 1.5, 1h30m or 90m")
    work = fields.ChoiceField(
        label="What you worked on",
        choices=[(word, word) for word in ("Mail", "Calls", "Training", "Check-in")],
        error_messages={"required": "Say what you worked on, so that Nora can approve it."},
    )
    rate = fields.MoneyField(label="Rate", currency="EUR")
    paid = fields.ChoiceField(label="Paid", choices=[("hour", "By the hour"), ("task", "By the task")])
    zone = fields.ZoneField(required=False)
    remark = fields.TextField(label="Remark", required=False)
    agreed = fields.CheckField(label="Nora has agreed to this by mail")


INVOICES = [
    Invoice(f"MS-2026-{n:03}", Money(Decimal(n) * 10, "EUR"), date(2026, 1, 1) + timedelta(days=n), n % 3 == 0)
    for n in range(1, 131)
]


def invoice_table(rows: list[Invoice] = INVOICES) -> Table:
    return Table(
        "invoices",
        "Invoices",
        rows,
        (
            Column("Invoice", lambda row: row.number, link=lambda row: f"#{row.number}", sort="number"),
            Column("Amount", lambda row: row.amount, number=True, sort="amount"),
            Column("Due", lambda row: row.due, sort="due"),
            Column("State", lambda row: Status("Paid", "given", "given", "Issued and paid") if row.paid
                   else Status("Issued", "open", "given", "Issued by the provider")),
        ),
        Empty("No invoice yet", "Invoices grow out of approved work.", "See the work", "/work/"),
        search=("number",),
        chips=(Chip("open", "Open", lambda row: not row.paid), Chip("paid", "Paid", lambda row: row.paid)),
    )  # fmt: skip


def shell(side: Side = Side.OWNER_SIDE, theme: str = "") -> Shell:
    words = [("Home", "house", "h"), ("Plan", "compass", "p"), ("Agreements", "handshake", "a"), ("Mail", "inbox", "m"),
             ("Work", "clock", "w"), ("Payments", "receipt-text", "y"), ("Talk", "messages-square", "t")]  # fmt: skip
    rooms = tuple(
        Room(word, f"/rooms/{key}/", icon, 3 if word == "Mail" else 0, word == "Home", key) for word, icon, key in words
    )
    timer = Timer("Customer mail", timezone.now() - timedelta(minutes=42), "/stop/")
    return Shell(
        side=side,
        theme=theme,
        person_name="Nora Whitfield",
        initials="NW",
        place_name="Larkspur Candles",
        place_url="/me/",
        rooms=rooms,
        short_rooms=(*rooms[:1], *rooms[3:6]),
        switch=(
            Place("Larkspur Candles", "your business", "/b/larkspur/", current=True),
            Place("Maré Support", "provider", "/b/m/"),
        ),
        search_url="/search/",
        keys_url="/keys/",
        settings_url="/settings/",
        sign_out_url="/sign-out/",
        notices_url="/notices/",
        notices=2,
        people_url="/people/",
        timer=timer if side is Side.PROVIDER_SIDE else None,
        aside="Your own time this week 1:50 of 3:00",
    )


def gallery(request: HttpRequest) -> HttpResponseBase:
    if "toast" in request.GET:
        messages.success(request, "Sent to Ronan Burke.", extra_tags="/undo/")
    side = Side(request.GET.get("side", "owner"))
    return table_response(
        request,
        invoice_table(INVOICES[:4]),
        "ui/gallery.html",
        {"shell": shell(side, request.GET.get("theme", "")), **parts()},
    )


def parts() -> dict[str, object]:
    yesterday = timezone.now() - timedelta(days=1)
    form = TimeForm(
        {"day": "26 Sep 2026", "duration": "1:75", "rate": "1,234", "zone": "Atlantis", "remark": "Old mails"}
    )
    form.is_valid()
    form.refuse(Refusal("none_in_force", "On 26 September no terms were in force.", mend="Work counts from 1 October.",
                        place="day"))  # fmt: skip
    days = [SimpleNamespace(key=key, number=16 + n, word=key.title(), sum="1:30" if n < 3 else "0:00")
            for n, key in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))]  # fmt: skip
    return {
        "form": form,
        "yesterday": yesterday,
        "open_half": {"party": "Larkspur Candles", "expected": "Nora Whitfield"},
        "owner_half": {"party": "Larkspur Candles", "name": "Nora Whitfield", "at": yesterday, "zone": "Europe/Dublin"},
        "signed_half": {"party": "Maré Support", "name": "Ines Duarte", "at": yesterday, "zone": "Europe/Lisbon",
                        "place": "Porto"},
        "steps": [{"word": "Plan", "note": "complete 2 Sep", "state": "done"},
                  {"word": "Terms", "note": "signed 28 Sep", "state": "done"},
                  {"word": "Work", "note": "8 timesheets", "state": "now"}, {"word": "Payment", "note": "later"}],
        "reasons": [{"good": True, "sentence": "Timesheets on time", "figure": "8 / 8"},
                    {"good": False, "sentence": "Your answers over a day", "figure": "2"}],
        "contact": charts.contact_line([(n % 3, n % 2) if n not in range(30, 35) else (0, 0) for n in range(56)]),
        "days": days,
        "week_rows": [SimpleNamespace(word="Customer mail", note="clause 1.1", is_alert=False, sum="4:30", cells=[
            SimpleNamespace(key=day.key, name=f"mail-{day.key}", label=f"Customer mail, {day.word}",
                            value="1:30" if n < 3 else "", is_weekend=n > 4) for n, day in enumerate(days)]),
            SimpleNamespace(word="Training", note="clause 1.2", is_alert=False, sum="0:00", cells=[
            SimpleNamespace(key=day.key, name=f"training-{day.key}", label=f"Training, {day.word}",
                            value="", is_weekend=n > 4) for n, day in enumerate(days)])],
        "share": charts.share_by_week(
            "Ines wrote 64 % of last week’s replies; 60 % was planned", "Share of replies sent, by week, in per cent.",
            [charts.Week("5 Oct", 0, 0), charts.Week("12 Oct", 0.1, 0.08), charts.Week("19 Oct", 0.2, 0.22),
             charts.Week("26 Oct", 0.4, 0.64), charts.Week("2 Nov", 0.67, None, 0.62, 0.75),
             charts.Week("9 Nov", 0.74, None, 0.64, 0.81)], owner="Nora", provider="Ines"),
        "bars": charts.columns("Most mail comes on Monday", "Replies a day", ("Mon", "Tue", "Wed"), (8, 4, 2), (12, 9, 7),
                               words=("Nora", "Ines"), head="Day"),
        "band": charts.line_in_band("Handing over pays from the fourth month", "Euro a month", ("Jan", "Feb", "Mar", "Apr"),
                                    (900, 700, 400, 200), (800, 600, 300, 90), (990, 810, 520, 330)),
    }  # fmt: skip


def small(request: HttpRequest) -> HttpResponse:
    """A page without any frame around it."""
    return render(request, "ui/page.html", {})


def outside(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)


def search(request: HttpRequest) -> HttpResponse:
    found = [SimpleNamespace(url="/rooms/m/", icon="inbox", word="Refund for the second jar", key="")]
    return render(request, "ui/palette_list.html", {"groups": [("Go to", found if request.GET.get("q") else [])]})


urlpatterns = [
    path("gallery/", gallery),
    path("small/", small),
    path("outside/", outside),
    path("search/", search),
    path("rooms/<str:key>/", small),
]
