"""Decisions about playbooks; pure."""

from collections.abc import Collection, Sequence

from handsel.values.refusals import Refusal, marked


def version_to_know(versions: Sequence[tuple[int, bool]]) -> int:
    """The number of the version that a person must know: the newest that asks. versions: (n, asks), in any order."""
    return max((n for n, asks in versions if asks), default=1)


def knows(acknowledged: Collection[int], to_know: int) -> bool:
    """Whether who acknowledged these versions knows the page: a later version without a new request changes nothing."""
    return any(n >= to_know for n in acknowledged)


def with_answer(text: str, question: str, answer: str) -> str:
    """The text of a page with a question and its answer as a new last paragraph."""
    asked = " ".join(question.split())
    return f"{text.rstrip()}\n\n**{asked.replace('*', '')}**\n\n{answer.strip()}\n".lstrip()


def why_not_publish(title: str, text: str, newest: tuple[str, str] | None) -> Refusal | None:
    """newest: title and text of the version that stands; None for a new page."""
    if not text.strip():
        return Refusal("empty_page", marked("The page has no words yet."), mend="Write what to do, step by step.",
                       place="text", status=422)  # fmt: skip
    if newest == (title, text):
        return Refusal("nothing_changed", marked("Nothing changed on this page."), mend="Change something, or go back.",
                       place="text", status=422)  # fmt: skip
    return None


def why_not_about(url: str) -> Refusal | None:
    """A question points into this house only: to an address that begins with one slash."""
    if url and (not url.startswith("/") or url.startswith("//") or "\\" in url):
        return Refusal("strange_address", marked("A question points to a page of this house."),
                       mend="Ask it from the page that it is about.", status=422)  # fmt: skip
    return None
