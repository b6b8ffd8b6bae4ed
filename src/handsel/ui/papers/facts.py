"""What each paper says. All amounts, hours and days are words already, so that page and PDF carry the same.

`render(paper.template, paper.as_facts())` prints a paper; the one value that is not words is `day`.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Literal

Side = Literal["owner", "provider"]


@dataclass(frozen=True)
class Party:
    """One side as it stands on paper: name, lines of the address, small print such as the VAT number."""

    name: str
    lines: tuple[str, ...] = ()
    small: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meta:
    """A line at the right of the head, such as "Issued 2 November 2026"; `firm` prints it semibold."""

    text: str
    firm: bool = False


@dataclass(frozen=True)
class Pair:
    """A name and its value, both words."""

    name: str
    value: str


@dataclass(frozen=True)
class Line:
    """A row of a table: what, small print below it, and one figure per further column of the template."""

    what: str
    figures: tuple[str, ...]
    small: str = ""


@dataclass(frozen=True)
class Span:
    """Words of a clause. `term`: a value that was agreed; `was`: what stood in the version before, struck."""

    text: str
    mark: Literal["", "term", "was"] = ""


@dataclass(frozen=True)
class Clause:
    """One numbered clause; `changed_by` marks it in the ink of who proposed the change."""

    spans: tuple[Span, ...]
    changed_by: Literal["", "owner", "provider"] = ""

    @classmethod
    def plain(cls, text: str) -> "Clause":
        return cls((Span(text),))


@dataclass(frozen=True)
class Part:
    """A titled group of clauses; parts and clauses are numbered in their order: 1, 1.1, 1.2."""

    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Signing:
    """One half of the pact. word: "For Larkspur Candles, owner". when: "28 Sep 2026, 23:47, Galway", or who signs here."""

    word: str
    when: str
    name: str = ""
    signed: bool = False


@dataclass(frozen=True)
class Evidence:
    """What is kept of one signature. time_utc: as ISO 8601. address: on the network. Hashes: SHA-256 in hex."""

    side: Side
    name: str
    word: str
    mail: str
    time_utc: str
    address: str
    program: str
    consent: str
    consent_hash: str
    document_hash: str


@dataclass(frozen=True)
class _Paper:
    """What every paper has. day: the paper's own date, also its date as a file, so that the same facts give the same
    bytes. title: of the document, and on each later page. record: the head of the trail, "Record of Larkspur Candles,
    entry 118, seal ab12 …"."""

    template: ClassVar[str]

    day: date
    title: str
    heading: str
    owner: Party
    provider: Party
    meta: tuple[Meta, ...]
    record: str

    def as_facts(self) -> dict[str, Any]:
        """The facts as JSON carries them."""
        return asdict(self) | {"day": self.day.isoformat()}


@dataclass(frozen=True)
class Proposal(_Paper):
    """parts: the scope, numbered like clauses. deliverables: lines with one figure, when. usual_month: lines with
    quantity, rate, amount. between: "from Larkspur Candles, Galway, to Maré Support, Porto"."""

    template: ClassVar[str] = "proposal"

    between: str
    parts: tuple[Part, ...]
    pay: tuple[Pair, ...]
    usual_total: Pair
    lead: str = ""
    not_in: tuple[str, ...] = ()
    deliverables: tuple[Line, ...] = ()
    frame: tuple[Pair, ...] = ()
    usual_month: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()


_CERTIFICATE = (
    "Who signed these terms, when, and how. Both sides signed the same text: the hash of the terms is the same."
)
_HOW_TO_CHECK = (
    "The seal is the beginning of the hash that links both signatures to the record. The export of either side holds "
    "the signed text, the record and a program that recomputes each hash without Handsel.",
)


@dataclass(frozen=True)
class Terms(_Paper):
    """Sealed where `seal` (four groups) and `evidence` (both signatures) are given; else the halves stay apart.
    fingerprint: of the signed text, as the page shows it."""

    template: ClassVar[str] = "terms"

    between: str
    parts: tuple[Part, ...]
    owner_signs: Signing
    provider_signs: Signing
    fingerprint: str
    seal: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    certificate: str = _CERTIFICATE
    how_to_check: tuple[str, ...] = _HOW_TO_CHECK


@dataclass(frozen=True)
class _Account(_Paper):
    """below: the line under the heading. subject: over the table. Figures of each line: three, as the template names."""

    below: str
    subject: str
    lines: tuple[Line, ...]
    total: Pair
    sums: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Invoice(_Account):
    """Lines: quantity, rate, amount; `small` names clause and approval."""

    template: ClassVar[str] = "invoice"


@dataclass(frozen=True)
class CreditNote(_Account):
    """Lines: quantity, rate, amount, all taken back; `small` names the invoice and the reason."""

    template: ClassVar[str] = "credit_note"


@dataclass(frozen=True)
class Statement(_Account):
    """Lines: total of the paper, paid now, still open."""

    template: ClassVar[str] = "statement"
