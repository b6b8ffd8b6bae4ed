"""Mails that have broken mail programs: each is a name and its bytes. Every one must be read without an exception."""

import base64

_HEAD = b"From: Ana <ana@mail.example>\nTo: help@shop.example\nSubject: Hello\nMessage-ID: <1@mail.example>\n"
_MULTIPART = _HEAD + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'


def _text(content_type: bytes, body: bytes, encoding: bytes = b"8bit") -> bytes:
    return _HEAD + b"Content-Type: " + content_type + b"\nContent-Transfer-Encoding: " + encoding + b"\n\n" + body


def _nested(depth: int) -> bytes:
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    return _HEAD + opening + b"Content-Type: text/plain\n\ninnermost\n"


NASTY: dict[str, bytes] = {
    "empty": b"",
    "blank lines alone": b"\n\r\n\n",
    "binary": bytes(range(256)) * 40,
    "NUL throughout": b"F\0rom: a@b.example\0\nSubject: \0x\0\n\nbo\0dy",
    "header without body": _HEAD,
    "header without a last line end": b"From: ana@mail.example",
    "body without header": b"\nHello there, no header at all.\n",
    "no colon anywhere": b"this is not a mail\nat all\n",
    "old Macintosh line ends": (_HEAD + b"\nHello\nyou\n").replace(b"\n", b"\r"),
    "Windows line ends": (_HEAD + b"\nHello\nyou\n").replace(b"\n", b"\r\n"),
    "mixed line ends": _HEAD.replace(b"\n", b"\r\n", 2) + b"\nHello\r\nyou\n",
    "malformed header line": b"From: ana@mail.example\nthis line is broken\nTo: x@shop.example\nSubject: Mended\n\nHi\n",
    "mbox line within the header": b">From MAILER-DAEMON\n" + _HEAD + b"\nHi\n",
    "continuation first": b" folded into nothing\n" + _HEAD + b"\nHi\n",
    "no From": b"Subject: Whose?\n\nHi\n",
    "two From": b"From: one@mail.example\nFrom: two@mail.example\n\nHi\n",
    "empty From": b"From: <>\nReply-To: <>\nSubject: x\n\nHi\n",
    "From without an at": b"From: root\n\nHi\n",
    "From that is a group": b"From: undisclosed-senders:;\nTo: undisclosed-recipients:;\n\nHi\n",
    "To in an odd form": b"From: a@mail.example\nTo: undisclosed recipients: ;, <\n\nHi\n",
    "unclosed quote in From": b'From: "Ana <ana@mail.example>\n\nHi\n',
    "unclosed angle in From": b"From: Ana <ana@mail.example\n\nHi\n",
    "50,000 parentheses in From": b"From: " + b"(" * 50_000 + b" ana@mail.example\n\nHi\n",
    "escaped quotes without end": b'From: "' + b'\\"' * 100_000 + b"\n\nHi\n",
    "20,000 recipients": _HEAD + b"Cc: " + b", ".join(b"p%d@mail.example" % n for n in range(20_000)) + b"\n\nHi\n",
    "20,000 encoded words": b"Subject: " + b"\n ".join([b"=?utf-8?q?word?="] * 20_000) + b"\nFrom: a@b.example\n\nHi\n",
    "encoded word with a line break": b"From: =?utf-8?q?Ana=0D=0ABcc:_evil@x.example?= <a@b.example>\n\nHi\n",
    "encoded word that never ends": b"Subject: =?utf-8?q?" + b"a" * 50_000 + b"\nFrom: a@b.example\n\nHi\n",
    "encoded word in an unknown charset": b"Subject: =?x-klingon?q?caf=E9?=\nFrom: a@b.example\n\nHi\n",
    "encoded word with broken base64": b"Subject: =?utf-8?b?SGVsbG8?= =?utf-8?b?A?=\nFrom: a@b.example\n\nHi\n",
    "8-bit subject": "Subject: Größe\nFrom: Jörg <j@b.example>\n\nHi\n".encode("latin-1"),
    "date that is none": _HEAD + b"Date: yesterday, around noon\n\nHi\n",
    "date in the year 99999": _HEAD + b"Date: Mon, 01 Jan 99999 00:00:00 +0000\n\nHi\n",
    "date with a zone beyond the world": _HEAD + b"Date: Mon, 01 Jan 0001 00:00:00 +9999\n\nHi\n",
    "message id without brackets": b"From: a@b.example\nMessage-ID: abc def\n\nHi\n",
    "5,000 references": _HEAD
    + b"References: "
    + b"\n ".join(b"<%d@x.example>" % n for n in range(5_000))
    + b"\n\nHi\n",
    "unknown charset": _text(b"text/plain; charset=x-unknown", b"caf\xe9"),
    "lying charset": _text(b"text/plain; charset=utf-8", b"caf\xe9"),
    "charset with a NUL": _text(b"text/plain; charset=a\0b", b"caf\xe9"),
    "charset that is no charset": _text(b"text/plain; charset=base64", b"caf\xe9"),
    "charset idna": _text(b"text/plain; charset=idna", b"x" * 100_000 + b"\xe9"),
    "half a pair in UTF-7": _text(b"text/plain; charset=utf-7", b"+2AA-"),
    "content type without a slash": _text(b"plain", b"Hi"),
    "content type plain/text": _text(b"plain/text", b"Hi"),
    "empty content type": _text(b"", b"Hi"),
    "broken base64": _text(b"text/plain", b"SGVsbG8gdGhlcmU!!\nA", b"base64"),
    "base64 of a text in pieces": _text(b"text/plain", base64.b64encode(b"Hello")[:-3], b"base64"),
    "broken quoted-printable": _text(b"text/plain", b"caf=E9 =ZZ = =\n=", b"quoted-printable"),
    "uuencode cut off": _text(b"text/plain", b"begin 644 x\nM1", b"x-uuencode"),
    "unknown transfer encoding": _text(b"text/plain", b"Hi", b"x-own"),
    "multipart without parts": _MULTIPART + b"\nno boundary here\n",
    "multipart without a boundary": _HEAD + b"Content-Type: multipart/mixed\n\n--b\n\nHi\n",
    "wrong boundary": _MULTIPART + b"\n--c\nContent-Type: text/plain\n\nHi\n--c--\n",
    "cut off within a part": _MULTIPART + b"\n--b\nContent-Type: text/plain\n\nHello th",
    "boundary and nothing": _MULTIPART + b"\n--b\n",
    "related without parts": _HEAD + b'Content-Type: multipart/related; boundary="b"\n\n--b--\n',
    "60 nested parts": _nested(60),
    "3,000 nested parts": _nested(3_000),
    "2,000 parts": _MULTIPART + b"".join(b"\n--b\nContent-Type: text/plain\n\n%d\n" % n for n in range(2_000)),
    "a mail in itself": _MULTIPART + b"\n--b\nContent-Type: message/rfc822\n\n" + _HEAD + b"\nInside\n--b--\n",
    "a mail in itself, empty": _MULTIPART + b"\n--b\nContent-Type: message/rfc822\n\n--b--\n",
    "8-bit header in a mail inside": _MULTIPART
    + b"\n--b\nContent-Type: message/rfc822\n\nSubject: caf\xe9\n\nInside\n--b--\n",
    "attachment with a path": _MULTIPART
    + b'\n--b\nContent-Type: x/y\nContent-Disposition: attachment; filename="../../etc/pass\xe2\x80\xaewd"\n\nx\n--b--\n',
    "parameters without sense": _text(b"text/plain; ; =; charset*9*=x; name*0*=a'b; name*x=y; \"", b"Hi"),
    "deep HTML": _text(b"text/html", b"<div>" * 100_000 + b"bottom"),
    "HTML that reopens": _text(b"text/html", b"".join(b"<b id=%d>" % n for n in range(2_500)) + b"<p>x" * 50_000),
    "HTML of angles alone": _text(b"text/html", b"<" * 300_000),
    "HTML that is none": _text(b"text/html", b"\0<!DOCTYPE<<html>>><p"),
}
