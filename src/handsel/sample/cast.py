"""Who plays in the story. The second cast tells the same story in another business, for tests that look for leaks."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Part:
    """A person of the story."""

    name: str
    mail: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class Cast:
    """The people of one business, what they charge, and the file with their mail (in `mails/`)."""

    business: str
    mails: str
    owner: Part
    bookkeeper: Part
    provider: Part  # leads the firm that answers mail, by the hour
    assistant: Part  # works for that firm
    designer: Part  # for flat fees
    asked_too: Part  # asked for an offer, and declines
    accountant: Part  # asked lately, and has a question
    helper: Part  # invited lately, and has not come in yet
    second_business: str  # a second client of the same firm, in the year
    second_owner: Part
    hour: Decimal
    later_hour: Decimal  # from the amendment on
    leaflet: Decimal
    labels: Decimal


LARKSPUR = Cast(
    business="Larkspur Candles",
    mails="larkspur.txt",
    owner=Part("Nora Whitfield", "nora@larkspur.example"),
    bookkeeper=Part("Paul Whitfield", "paul@larkspur.example"),
    provider=Part("Ines Duarte", "ines@mare-support.example"),
    assistant=Part("Rita Sousa", "rita@mare-support.example"),
    designer=Part("Tomas Reyes", "tomas@reyes-design.example"),
    asked_too=Part("Gil Barros", "gil@inboxhands.example"),
    accountant=Part("Hedda Lunde", "hedda@lunde-books.example"),
    helper=Part("Clara Whitfield", "clara@larkspur.example"),
    second_business="Foxglove Paper",
    second_owner=Part("Aine Dunne", "aine@foxglovepaper.example"),
    hour=Decimal("18.50"),
    later_hour=Decimal("19.50"),
    leaflet=Decimal("240.00"),
    labels=Decimal("380.00"),
)

THISTLE = Cast(
    business="Thistle Soap",
    mails="thistle.txt",
    owner=Part("Morag Drummond", "morag@thistlesoap.example"),
    bookkeeper=Part("Una Drummond", "una@thistlesoap.example"),
    provider=Part("Effie Lorne", "effie@kelpiedesk.example"),
    assistant=Part("Calum Rae", "calum@kelpiedesk.example"),
    designer=Part("Ishbel Stroud", "ishbel@stroud.example"),
    asked_too=Part("Fergus Wylie", "fergus@wylie.example"),
    accountant=Part("Torquil Baird", "torquil@baird.example"),
    helper=Part("Sorcha Drummond", "sorcha@thistlesoap.example"),
    second_business="Burnet Books",
    second_owner=Part("Isla Munro", "isla@burnetbooks.example"),
    hour=Decimal("137.31"),
    later_hour=Decimal("138.31"),
    leaflet=Decimal("1371.10"),
    labels=Decimal("1373.20"),
)
