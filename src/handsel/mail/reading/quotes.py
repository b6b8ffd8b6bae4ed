"""Where the quoted history of a mail begins. Folding hides nothing for good, and when in doubt nothing is folded."""

import re
from collections.abc import Iterable

_WROTE = re.compile(
    r"\b(wrote|writes|said|schrieb|geschrieben|écrit|a écrit|escribió|escribio|ha scritto|scrisse|schreef|geschreven|"
    r"escreveu|skrev|kirjoitti|napisał|napisała|pisze|napsal|napsala|написал|написала|пишет|yazdı|írta|έγραψε)\b.{0,60}:\s*$"
    r"|(写道|寫道|書きました|のメール|작성)\s*[:：]\s*$",
    re.IGNORECASE,
)
_COLONS = (":", "：")
_DATED = re.compile(r"\d{1,4}|@|<")
_DIVIDER = re.compile(
    r"^\s*[-_]{2,}\s*(original message|original appointment|ursprüngliche nachricht|originalnachricht|"
    r"message d.origine|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|"
    r"ursprungligt meddelande|oprindelig meddelelse|alkuperäinen viesti|wiadomość oryginalna|"
    r"исходное сообщение)\s*[-_]{2,}\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\*?(from|von|de|da|van|från|fra|lähettäjä|od|от|发件人)\s?\*?\s?[:：]\*?\s*\S", re.IGNORECASE)
_SENT = re.compile(
    r"^\*?(sent|date|gesendet|datum|envoyé|enviado|inviato|data|verzonden|enviada|skickat|sendt|lähetetty|wysłano|"
    r"отправлено|fecha|发送时间)\s?\*?\s?[:：]\*?\s*\S",
    re.IGNORECASE,
)
_TO_OR_SUBJECT = re.compile(
    r"^\*?(to|an|à|a|para|aan|till|til|do|кому|subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|aihe|temat|"
    r"тема|主题|cc)\s?\*?\s?[:：]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--\s?$")
LONGEST_SIGNATURE = 8
"""Lines below a quote that may stand there as a signature after `-- `."""


def fold_offset(text: str, earlier: Iterable[str] = ()) -> int | None:
    """The character at which the quoted history at the end of a text begins; None where nothing is to be folded.

    earlier: texts of the same conversation, where known: a reply without any marks is then recognised too, and a line
    below the mark that stands in none of them counts as an answer. Nothing is folded where anything but quotes would
    be, where answers stand between quoted lines, or where nothing would be left.
    """
    lines = text.split("\n")
    known = _known(earlier)
    start = _marked_start(lines, known)
    if start is None:
        start = _repeated_start(lines, known)
    if start is None or not any(line.strip() for line in lines[:start]):
        return None
    return sum(len(line) + 1 for line in lines[:start])


def _marked_start(lines: list[str], known: set[str]) -> int | None:
    """The line at which history begins that a mail program marked as such."""
    for n, line in enumerate(lines):
        if line.startswith(">"):
            return _with_attribution(lines, n) if _only_quotes(lines[n:]) else None
        below = _end_of_attribution(lines, n)
        if below is not None:
            rest = lines[below:]
            quoted = next((one for one in rest if one.strip()), "")
            if quoted.startswith(">"):
                return n if _only_quotes(rest) else None
            return n if quoted and _all_known(rest, known) else None
        if (line[:1] in "-_ " and _DIVIDER.match(line)) or (
            any(colon in line[:20] for colon in _COLONS) and _is_header_block(lines, n)
        ):
            body = lines[n + 1 :]
            return n if any(one.strip() for one in body) and _all_known(_below_headers(body), known) else None
    return None


def _end_of_attribution(lines: list[str], n: int) -> int | None:
    """The line after “On … wrote:”, which may be broken over three lines; None where none begins here."""
    for height, last in enumerate(lines[n : n + 3], start=1):
        if not last.strip() or last.startswith(">") or len(last) > 300:
            return None
        if not last.rstrip().endswith(_COLONS):
            continue
        words = " ".join(lines[n : n + height])
        if _WROTE.search(words) and _DATED.search(words):
            return n + height if height == 1 or _DATED.search(lines[n]) else None
    return None


def _with_attribution(lines: list[str], n: int) -> int:
    """A quote begins with the line that says who wrote it, if one stands right above."""
    above = n - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and n - above <= 3 and _WROTE.search(lines[above]) else n


def _only_quotes(lines: list[str]) -> bool:
    """Whether nothing but quoted and blank lines follows, save a signature after `-- `."""
    for n, line in enumerate(lines):
        if line.startswith(">") or not line.strip():
            continue
        rest = [one for one in lines[n + 1 :] if one.strip()]
        return bool(_SIGNATURE.match(line)) and len(rest) <= LONGEST_SIGNATURE and not any(o[0] == ">" for o in rest)
    return True


def _is_header_block(lines: list[str], n: int) -> bool:
    """Outlook's block: From, Sent, To, Subject on lines of their own."""
    if not _FROM.match(lines[n]):
        return False
    block = lines[n + 1 : n + 7]
    return any(_SENT.match(line) for line in block) and any(_TO_OR_SUBJECT.match(line) for line in block)


def _below_headers(lines: list[str]) -> list[str]:
    """What stands below the block of From, Sent, To, Subject: its first blank line ends it."""
    for n, line in enumerate(lines[:12]):
        if not line.strip() and n and any(_TO_OR_SUBJECT.match(one) for one in lines[:n]):
            return lines[n:]
    return lines


def _known(earlier: Iterable[str]) -> set[str]:
    return {bare for text in earlier for line in text.split("\n") if (bare := _bare(line))}


def _bare(line: str) -> str:
    """A line as it is compared: without quote marks, letter case or white space."""
    return "".join(line.lstrip("> ").casefold().split())


def _all_known(lines: list[str], known: set[str]) -> bool:
    """Whether no line is new; where nothing is known of the conversation, the mail program's mark is believed."""
    if not known:
        return True
    all_text = "".join(known)
    return all(not (bare := _bare(line)) or bare in known or bare in all_text or _is_frame(line) for line in lines)


def _is_frame(line: str) -> bool:
    """A line of a nested quote that no mail holds as its own text."""
    patterns = (_WROTE, _FROM, _SENT, _TO_OR_SUBJECT, _DIVIDER)
    return line.startswith(">") or any(pattern.search(line) for pattern in patterns) or bool(_SIGNATURE.match(line))


def _repeated_start(lines: list[str], known: set[str]) -> int | None:
    """The start of the unmarked block at the end whose every line stands in an earlier mail; three lines at least."""
    start, repeated = len(lines), 0
    for n in range(len(lines) - 1, -1, -1):
        bare = _bare(lines[n])
        if bare and bare not in known:
            break
        if bare:
            start, repeated = n, repeated + 1
    return start if repeated >= 3 else None
