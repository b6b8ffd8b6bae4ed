"""HTML of mail: to plain text, and to the few tags that are shown. Hostile markup is stopped by a linear scan first."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

LARGEST_HTML = 2_000_000
"""Characters; longer HTML is shown as text only."""
DEEPEST = 3_000
"""Tags open at once; nh3 takes quadratic time in depth (10,000: 1 s; 100,000: 37 s)."""
MOST_REOPENED = 1_000_000
"""Formatting tags that a parser may have to open again at later tags (HTML standard, 13.2.4.3), in all."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_ANY_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # noqa: SIM905

_TAGS = set(
    # Words read better as words than as a column of quotes.
    "a abbr b blockquote br caption center cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img "  # noqa: SIM905
    "ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u "
    "ul".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_BLOCKS = frozenset(
    "address article blockquote center dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section "  # noqa: SIM905
    "table tr ul".split()
)
_SILENT = frozenset("head script style title template noscript object".split())  # noqa: SIM905
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 pre table ul ol dl".split())  # noqa: SIM905


@dataclass(frozen=True)
class CleanHtml:
    """HTML that may be shown in the sandboxed frame. remote_images: how many were taken out because they call home."""

    html: str
    remote_images: int


def may_be_parsed(markup: str) -> bool:
    """Whether a parser gets through this HTML in linear time, by a linear scan of its tags."""
    if len(markup) > LARGEST_HTML:
        return False
    open_tags: dict[str, int] = {}
    depth = formatting = reopened = 0
    for closing, name in _TAG.findall(markup):
        tag = name.lower()
        if tag in _VOID:
            continue
        step = -1 if closing else 1
        if closing and not open_tags.get(tag):
            continue
        open_tags[tag] = open_tags.get(tag, 0) + step
        depth += step
        formatting += step if tag in _FORMATTING else 0
        reopened += formatting
        if depth > DEEPEST or reopened > MOST_REOPENED:
            return False
    return True


def clean_html(markup: str, attachment_url: Callable[[str], str | None] = lambda content_id: None) -> CleanHtml | None:
    """The HTML of a mail, made harmless; None where it is too large or too deep, then the text is shown.

    attachment_url: the address at which the attachment with this Content-ID is shown, or None.
    """
    if not may_be_parsed(markup):
        return None
    remote: list[str] = []

    def shown(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) != ("img", "src"):
            return value
        scheme, _, rest = value.strip().partition(":")
        if scheme.lower() == "cid":
            return attachment_url(rest)
        if scheme.lower() != "data":
            remote.append(value)
        return None

    cleaned = nh3.clean(
        markup,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes=_ATTRIBUTES,
        attribute_filter=shown,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )
    return CleanHtml(cleaned, len(remote))


def text_from(markup: str) -> str:
    """The words of HTML as plain text, quoted history marked by `> `. What cannot be parsed just loses its tags."""
    if not may_be_parsed(markup):
        return html.unescape(_ANY_TAG.sub(" ", markup[: 4 * LARGEST_HTML])).strip()
    tree = LexborHTMLParser(markup)
    root = tree.body or tree.root
    return _tidied(_lines(root)) if root is not None else ""


def _lines(root: LexborNode) -> Iterator[str]:
    """Pieces of text with their line ends, walked without recursion; a quote gives its depth before each line."""
    node, quoting, writer = root, 0, _Writer()
    while True:
        tag = node.tag
        if tag == "-text":
            writer.words(node.text_content or "", any_space=_keeps_spaces(node))
        elif tag in _SILENT:
            pass
        else:
            quoting += _is_quote(node, tag)
            writer.opened(tag, quoting)
            if node.first_child is not None:
                node = node.first_child
                continue
            quoting -= _is_quote(node, tag)
            writer.closed(tag, quoting)
        while node.next is None or node == root:
            parent = None if node == root else node.parent
            if parent is None:
                return iter(writer.finished())
            node = parent
            quoting -= _is_quote(node, node.tag)
            writer.closed(node.tag, quoting)
            if node == root:
                return iter(writer.finished())
        node = node.next


class _Writer:
    """Lines of plain text, begun and ended by the tags that pass."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.line: list[str] = []
        self.depth = 0

    def words(self, text: str, any_space: bool) -> None:
        if any_space:
            for n, line in enumerate(text.split("\n")):
                if n:
                    self.end()
                self.line.append(line)
        else:
            self.line.append(_SPACES.sub(" ", text))

    def opened(self, tag: str | None, depth: int) -> None:
        if tag in _BLOCKS:
            self.end_if_begun()
        if tag in _PARAGRAPHS and self.done and self.done[-1].strip("> "):
            self.end()
        self.depth = depth
        if tag == "br":
            self.end()
        elif tag == "li":
            self.line.append("- ")
        elif tag in ("td", "th") and self.line:
            self.line.append(" ")

    def closed(self, tag: str | None, depth: int) -> None:
        if tag in _BLOCKS:
            self.end_if_begun()
        if tag in _PARAGRAPHS:
            self.end()
        self.depth = depth

    def end_if_begun(self) -> None:
        if "".join(self.line).strip():
            self.end()
        else:
            self.line.clear()

    def end(self) -> None:
        words = "".join(self.line).strip()
        self.done.append(f"{'>' * self.depth} {words}".rstrip() if self.depth else words)
        self.line.clear()

    def finished(self) -> list[str]:
        self.end_if_begun()
        while self.done and not self.done[-1].strip("> "):
            self.done.pop()
        return self.done


def _is_quote(node: LexborNode, tag: str | None) -> int:
    """1 for a blockquote that a mail program made around what it answers; a writer's own blockquote counts as text."""
    if tag != "blockquote":
        return 0
    attributes = node.attributes
    marks = f"{attributes.get('type') or ''} {attributes.get('class') or ''}".lower()
    parent = node.parent
    around = (parent.attributes.get("class") or "").lower() if parent is not None else ""
    return int(any(mark in marks for mark in ("cite", "gmail_quote", "yahoo")) or "quote" in around)


def _keeps_spaces(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag == "pre"


def _tidied(lines: Iterator[str]) -> str:
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
