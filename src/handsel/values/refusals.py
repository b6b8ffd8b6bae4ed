"""An expected refusal: what is wrong, in one clear sentence, and how to mend it."""


def marked(sentence: str) -> str:
    """Mark a sentence for translation; it is translated where it is shown."""
    return sentence


class Refusal(Exception):
    """Says why something may not be done.

    code: stable, `word_word`, the same in page, API and command line. sentence: one, for a tired person.
    mend: how to get on, or None where there is no way. place: the name of the field that it is about, if one.
    status: the HTTP status of the API's answer.
    """

    def __init__(
        self, code: str, sentence: str, *, mend: str | None = None, place: str | None = None, status: int = 409
    ) -> None:
        super().__init__(f"{sentence} {mend}" if mend else sentence)
        self.code = code
        self.sentence = sentence
        self.mend = mend
        self.place = place
        self.status = status


class NotVisible(Refusal):
    """The thing does not exist, or not for this person: the answer is the same."""

    def __init__(self, word: str = "page") -> None:
        super().__init__("not_found", f"There is no such {word} here.", mend="Go back and reload.", status=404)
