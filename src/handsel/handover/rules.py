"""Decisions about the hand-over; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handsel.values.refusals import Refusal, marked


class Stage(StrEnum):
    """The rungs that trust climbs (TRUST.md 1). Up to `SUPERVISED` each is an act of the owner; the rest are earned."""

    LEARN = "learn"
    SHADOW = "shadow"
    SUPERVISED = "supervised"
    SAMPLED = "sampled"
    INDEPENDENT = "independent"

    @property
    def rung(self) -> int:
        """1 to 5, as the ladder shows it."""
        return list(Stage).index(self) + 1


PLACEABLE = (Stage.LEARN, Stage.SHADOW, Stage.SUPERVISED)
UNPLACED = "unplaced"


class Word(StrEnum):
    """What a reader says of an output. remark: taste, counts as ok. fault: should not have gone out. critical: harm."""

    OK = "ok"
    REMARK = "remark"
    FAULT = "fault"
    CRITICAL = "critical"

    @property
    def may_go_out(self) -> bool:
        return self in (Word.OK, Word.REMARK)


def why_not_place(now: str, wanted: Stage, unread: Sequence[str], name: str, reason: str) -> Refusal | None:
    """Why the owner may not put this assistant at that stage. unread: titles of the pages that she does not know yet."""
    if wanted not in PLACEABLE:
        return Refusal("not_reachable", marked("This stage is earned, not given."),
                       mend="Choose learn, shadow or supervised.", place="stage", status=422)  # fmt: skip
    if now == wanted.value:
        return Refusal("same_stage", f"{name} is at this stage already.", mend="Choose another one.",
                       place="stage", status=422)  # fmt: skip
    if reason:
        return None
    if now != UNPLACED and wanted.rung < Stage(now).rung:
        return Refusal("reason_missing", f"{name} goes back a stage and will want to know why.",
                       mend="Write one sentence.", place="reason", status=422)  # fmt: skip
    if wanted is Stage.SUPERVISED and unread:
        return Refusal("not_acknowledged", f"{name} has not acknowledged {_listed(unread)}.",
                       mend="Wait for it, or write why it need not be waited for.", place="reason", status=422)  # fmt: skip
    return None


def why_not_submit(stage: str) -> Refusal | None:
    """Why nothing may be handed in at this stage; in shadow it is practice."""
    if stage == UNPLACED:
        return Refusal("not_placed", marked("The owner has not set your stage for this kind of work yet."),
                       mend="Ask for it; the hand-over page shows what is missing.")  # fmt: skip
    if stage == Stage.LEARN.value:
        return Refusal("still_learning", marked("You are learning this kind of work: the owner writes."),
                       mend="Read along and ask. From the shadow stage on you write, for practice first.")  # fmt: skip
    return None


def why_not_judge(is_own: bool, already: bool, verdict: Word, words: str) -> Refusal | None:
    """is_own: the reader wrote it. already: this wording has a verdict."""
    if is_own:
        return Refusal("own_output", marked("Nobody reads their own work for approval."), mend="Ask the owner.")
    if already:
        return Refusal("already_judged", marked("This was read already."), mend="Reload the page to see what was said.")
    if not verdict.may_go_out and not words.strip():
        return Refusal("reason_missing", marked("Say what should change."), mend="Write one sentence.",
                       place="words", status=422)  # fmt: skip
    return None


@dataclass(frozen=True)
class Ramp:
    """The provider's planned share of the work, in whole per cent: `start` in the first week, `goal` in the last of
    `weeks` weeks, evenly between; nothing before and the goal from then on. first_week is a Monday."""

    first_week: date
    weeks: int
    start: int
    goal: int

    @property
    def last_week(self) -> date:
        return self.first_week + timedelta(weeks=self.weeks - 1)

    def percent(self, monday: date) -> int:
        at = (monday - self.first_week).days // 7
        if at < 0:
            return 0
        if at >= self.weeks - 1:
            return self.goal
        return round(self.start + (self.goal - self.start) * at / (self.weeks - 1))


def why_not_plan(ramp: Ramp) -> Refusal | None:
    if not 0 <= ramp.start <= 100 or not 0 <= ramp.goal <= 100:
        return Refusal("not_a_share", marked("A share lies between 0 and 100 %."), mend="Write a whole number.",
                       place="goal", status=422)  # fmt: skip
    if ramp.goal < ramp.start:
        return Refusal("share_shrinks", marked("The share at the end is smaller than at the start."),
                       mend="Write a goal that is not below the start.", place="goal", status=422)  # fmt: skip
    if not 1 <= ramp.weeks <= 104:
        return Refusal("ramp_length", marked("A hand-over takes between 1 and 104 weeks."), mend="Write how many.",
                       place="weeks", status=422)  # fmt: skip
    return None


@dataclass(frozen=True)
class ShareOfWeek:
    """One week: what was planned in per cent (None without a plan), and how many items each side did."""

    monday: date
    planned: int | None
    by_owner: int = 0
    by_provider: int = 0

    @property
    def items(self) -> int:
        return self.by_owner + self.by_provider

    @property
    def share(self) -> float | None:
        """The provider's, from 0 to 1; None in a week without items."""
        return self.by_provider / self.items if self.items else None


MOST_WEEKS = 156


def weeks_of(ramp: Ramp | None, done: dict[date, tuple[int, int]]) -> list[ShareOfWeek]:
    """Every week from the first with a plan or an item to the last, at most the newest three years.

    done: Monday → (items by the owner, by the provider).
    """
    known = [*done, *([ramp.first_week, ramp.last_week] if ramp else [])]
    if not known:
        return []
    first, last = min(known), max(known)
    first = max(first, last - timedelta(weeks=MOST_WEEKS - 1))
    mondays = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return [ShareOfWeek(m, ramp.percent(m) if ramp else None, *done.get(m, (0, 0))) for m in mondays]


def in_words(number: int) -> str:
    """One thing is missing; four things are missing; empty for none."""
    word = ("no", "one", "two", "three", "four", "five")[number] if number < 6 else str(number)
    return f"{word} thing{' is' if number == 1 else 's are'} missing" if number else ""


def stages_in_words(stages: Sequence[Stage]) -> str:
    """2 kinds supervised, 1 in shadow; empty where no stage is set."""
    words = {Stage.LEARN: "to learn", Stage.SHADOW: "in shadow", Stage.SUPERVISED: "supervised"}
    counted = [(stages.count(stage), words[stage]) for stage in reversed(PLACEABLE) if stage in stages]
    return ", ".join(f"{n} {word}" for n, word in counted)


def how_far(week: ShareOfWeek) -> str:
    """How the actual share stands to the plan, in words: within three points it is as planned."""
    if week.share is None or week.planned is None:
        return ""
    points = round(week.share * 100) - week.planned
    if abs(points) <= 3:
        return "as planned"
    way = "ahead of" if points > 0 else "behind"
    return f"{'a little ' if abs(points) <= 10 else 'far '}{way} the plan"


def _listed(titles: Sequence[str]) -> str:
    """“Refunds”; “Refunds” and “Tone”; “Refunds” and 3 more pages."""
    quoted = [f"“{title}”" for title in titles]
    if len(quoted) <= 2:
        return " and ".join(quoted)
    return f"{quoted[0]} and {len(quoted) - 1} more pages"
