"""One of each paper, as the sample business would print it."""

from datetime import date

from handsel.ui.papers import (
    Clause,
    CreditNote,
    Evidence,
    Invoice,
    Line,
    Meta,
    Pair,
    Part,
    Party,
    Proposal,
    Signing,
    Span,
    Statement,
    Terms,
)

RECORD = "Record of Larkspur Candles, entry 118, seal ab12 90ff 4c1e 77d0"
NORA = Party("Larkspur Candles Ltd", ("3 Quay Lane, Galway H91 E2K4, Ireland",), ("VAT IE 3628471 QH",))
INES = Party(
    "Maré Support, unipessoal Lda", ("Rua de Cedofeita 114, 4050-122", "Porto, Portugal"), ("VAT PT 513 402 778",)
)
HASH = "b19c40e75d2f8a06a1f0c3d49e7b2258b19c40e75d2f8a06a1f0c3d49e7b2258"

PARTS = (
    Part(
        "The work",
        (
            Clause.plain(
                "Maré Support answers the customers of Larkspur Candles by e-mail, in English, under the name of "
                "Larkspur Candles."
            ),
            Clause.plain(
                "How each kind of request is handled stands in the playbooks; a change counts once it has been read "
                "and acknowledged."
            ),
            Clause(
                (
                    Span("Wholesale enquiries are part of the work. "),
                    Span("Wholesale enquiries stay with the owner.", "was"),
                ),
                "provider",
            ),
            Clause.plain("Not part of the work: social networks, returns by post, price changes."),
        ),
    ),
    Part(
        "Hours and rates",
        (
            Clause(
                (Span("Each hour is paid at "), Span("€19.50", "term"), Span(" "), Span("€18.50", "was"), Span(".")),
                "provider",
            ),
            Clause(
                (
                    Span("At most "),
                    Span("24 hours", "term"),
                    Span(" "),
                    Span("20 hours", "was"),
                    Span(" a week. What exceeds them is unpaid unless the owner extends the week beforehand."),
                ),
                "owner",
            ),
            Clause.plain(
                "A week runs from Monday to Sunday in the time of Dublin. Time is counted to the minute and rounded "
                "once a day, to the nearest 5 minutes."
            ),
        ),
    ),
    Part(
        "Payment",
        (
            Clause(
                (
                    Span("Maré Support invoices approved work once a month, in euro. Each invoice is paid within "),
                    Span("14 days", "term"),
                    Span("; the owner bears the fee."),
                )
            ),
            Clause.plain("A line in dispute is held back; the rest is paid on its day."),
            Clause.plain("A timesheet is never approved by silence."),
        ),
    ),
    Part("Ending", (Clause.plain("Either side may end this with 14 days’ notice."),)),
)


def _evidence(side: str, name: str, word: str, mail: str, when: str) -> Evidence:
    return Evidence(
        side=side,  # type: ignore[arg-type]  # one of the two literals
        name=name,
        word=word,
        mail=mail,
        time_utc=when,
        address="203.0.113.17",
        program="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        consent="I have read all four parts and agree to them.",
        consent_hash=HASH[::-1],
        document_hash=HASH,
    )


def terms(*, sealed: bool = False) -> Terms:
    owner = Signing("For Larkspur Candles, owner", "Nora Whitfield signs here")
    evidence: tuple[Evidence, ...] = ()
    if sealed:
        owner = Signing("For Larkspur Candles, owner", "28 Sep 2026, 23:47, Galway", "Nora Whitfield", signed=True)
        evidence = (
            _evidence("owner", "Nora Whitfield", owner.word, "nora@larkspur.example", "2026-09-28T22:47:09Z"),
            _evidence(
                "provider", "Ines Duarte", "For Maré Support, provider", "ines@mare.example", "2026-09-28T19:05:51Z"
            ),
        )
    return Terms(
        day=date(2026, 9, 28),
        title="Terms of engagement, version 3",
        heading="Terms of engagement",
        owner=NORA,
        provider=INES,
        between="between Larkspur Candles, Galway, and Maré Support, Porto",
        meta=(Meta("Version 3, 28 September 2026"), Meta("in force from 1 December 2026")),
        record=RECORD,
        parts=PARTS,
        owner_signs=owner,
        provider_signs=Signing("For Maré Support, provider", "28 Sep 2026, 20:05, Porto", "Ines Duarte", signed=True),
        fingerprint="b19c 40e7 5d2f 8a06",
        seal=("7F3A", "91C2", "E04B", "66D1") if sealed else (),
        evidence=evidence,
    )


def proposal() -> Proposal:
    return Proposal(
        day=date(2026, 9, 14),
        title="Proposal: customer mail, version 2",
        heading="Proposal: customer mail",
        owner=NORA,
        provider=INES,
        between="from Larkspur Candles, Galway, to Maré Support, Porto",
        meta=(Meta("Version 2, 14 September 2026"), Meta("Open until 28 September 2026", firm=True)),
        record=RECORD,
        lead="About forty mails a week from people who bought candles, or would like to. Most of them ask where a "
        "parcel is. You answer in our name; we read each reply until the two of us agree that it is no longer needed.",
        parts=(
            Part(
                "The work",
                (
                    Clause.plain("Answer order, delivery and refund questions within one working day."),
                    Clause.plain("Use the drafts and the playbooks; ask where they are silent."),
                ),
            ),
        ),
        not_in=("Social networks", "Returns by post", "Changes of price"),
        deliverables=(
            Line("Answered mail", ("each working day",), "reply sent, or a question put to the owner"),
            Line("A page on what customers ask", ("31 October 2026",), "accepted when it names the ten most frequent"),
        ),
        frame=(Pair("First day", "1 October 2026"), Pair("Trial", "four weeks, then both decide")),
        pay=(
            Pair("Rate", "€18.50 an hour, at most 20 hours a week"),
            Pair("Paid", "once a month, within 14 days of the invoice, by bank transfer"),
            Pair("Tracked", "with the timer in Handsel, submitted by Monday noon"),
        ),
        usual_month=(
            Line("Customer mail", ("81:00 h", "€18.50", "€1,498.50"), "from the last eight weeks: 78 to 86 hours"),
            Line("Product descriptions", ("6", "€24.00", "€144.00")),
        ),
        usual_total=Pair("A usual month", "€1,642.50"),
        notes=("To accept, to ask or to decline, open the link in the mail that brought this paper.",),
    )


def invoice(*, count: int = 5) -> Invoice:
    lines = tuple(
        Line(f"Week {n}: 5 – 11 Oct 2026", ("19:30 h", "€18.50", "€360.75"), f"clause 2.1, approved {n} Oct")
        for n in range(1, count + 1)
    )
    return Invoice(
        day=date(2026, 11, 2),
        title="Invoice MS-2026-011",
        heading="Invoice MS-2026-011",
        below="Maré Support, unipessoal Lda",
        owner=NORA,
        provider=INES,
        meta=(
            Meta("Issued 2 November 2026"),
            Meta("Work of 1\u2060–\u206031 October 2026"),
            Meta("Due 16 November 2026", firm=True),
        ),
        record=RECORD,
        subject="For customer mail, under terms version 2 of 28 September 2026",
        lines=lines,
        sums=(Pair("Net", "€1,661.00"), Pair("VAT, reverse charge", "€0.00")),
        total=Pair("To pay", "€1,661.00"),
        notes=(
            "Reverse charge: the recipient is liable for the VAT (Art. 196, Directive 2006/112/EC).",
            "Pay to PT50 0035 0651 0000 1234 5678 5, quoting MS-2026-011.",
        ),
    )


def credit_note() -> CreditNote:
    return CreditNote(
        day=date(2026, 11, 9),
        title="Credit note MS-2026-C02",
        heading="Credit note MS-2026-C02",
        below="Maré Support, unipessoal Lda",
        owner=NORA,
        provider=INES,
        meta=(Meta("Issued 9 November 2026"), Meta("Corrects invoice MS-2026-011")),
        record=RECORD,
        subject="Taken back from invoice MS-2026-011 of 2 November 2026",
        lines=(
            Line(
                "12 – 18 Oct 2026",
                ("1:00 h", "€18.50", "−€18.50"),
                "Reason: the hour of 14 October was counted twice.",
            ),
        ),
        sums=(Pair("Net", "−€18.50"), Pair("VAT, reverse charge", "€0.00")),
        total=Pair("Taken back", "−€18.50"),
        notes=("Reverse charge: the recipient is liable for the VAT.",),
    )


def statement() -> Statement:
    return Statement(
        day=date(2026, 11, 14),
        title="Payment of 14 November 2026",
        heading="Payment of 14 November 2026",
        below="by bank transfer, to the account ending in 5678 5",
        owner=NORA,
        provider=INES,
        meta=(Meta("Statement MS-P-007"), Meta("€1,642.50 paid", firm=True)),
        record=RECORD,
        subject="What this payment settled",
        lines=(
            Line("Invoice MS-2026-011", ("€1,661.00", "€1,661.00", "€0.00"), "issued 2 November, due 16 November"),
            Line("Credit note MS-2026-C02", ("−€18.50", "−€18.50", "€0.00"), "issued 9 November"),
        ),
        sums=(Pair("Fee, borne by the owner", "€0.00"),),
        total=Pair("Paid", "€1,642.50"),
        notes=("Ines Duarte confirmed on 17 November 2026 that it arrived.",),
    )
