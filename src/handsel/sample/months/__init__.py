"""What happens in the weeks between the tenth and the last three, when they are stretched to a year: a seed draws it,
the actions do it. Nothing of it happens where no week lies between."""

from handsel.sample.chapters.chapter import Chapter
from handsel.sample.months.changing import Changing
from handsel.sample.months.designing import Designing
from handsel.sample.months.invoicing import Invoicing
from handsel.sample.months.second_client import SecondClient
from handsel.sample.months.sheets import Sheets
from handsel.sample.months.writing import Writing

MONTHS: tuple[type[Chapter], ...] = (Changing, Writing, Sheets, Designing, Invoicing, SecondClient)
