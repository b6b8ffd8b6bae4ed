"""The chapters, each one part of the story. Scenes of one instant are played in this order."""

from handsel.sample.chapters.agreeing import Agreeing
from handsel.sample.chapters.chapter import Chapter
from handsel.sample.chapters.connecting import Connecting
from handsel.sample.chapters.corresponding import Corresponding
from handsel.sample.chapters.deciding import Deciding
from handsel.sample.chapters.founding import Founding
from handsel.sample.chapters.learning import Learning
from handsel.sample.chapters.paying import Paying
from handsel.sample.chapters.proposing import Proposing
from handsel.sample.chapters.talking import Talking
from handsel.sample.chapters.working import Working

CHAPTERS: tuple[type[Chapter], ...] = (
    Founding, Deciding, Proposing, Agreeing, Learning, Corresponding, Working, Paying, Talking, Connecting,
)  # fmt: skip
