"""A text as a QR code, drawn as SVG that a strict policy lets through: no style, no script, no image of its own."""

import segno

QUIET_ZONE = 4  # modules of white around the code that a camera needs (ISO/IEC 18004, 8.3.8)


def qr_svg(text: str) -> str:
    """An `<svg class="qr">` to stand inside a page, with an accessible name; the style sheet gives it size and colour.

    `.qr-code` is one path to be filled dark on a light ground in both themes. The text itself does not stand in the SVG.
    Raises segno.DataOverflowError where the text is longer than a code can hold (some 2,300 bytes).
    """
    code = segno.make_qr(text, error="m")
    side = code.symbol_size(border=QUIET_ZONE)[0]
    return (
        f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="QR code" shape-rendering="crispEdges">'
        f'<path class="qr-code" d="{_dark(code)}"/></svg>'
    )


def _dark(code: segno.QRCode) -> str:
    """The dark modules as one path of horizontal runs."""
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = _run(row, x)
            if row[x]:
                runs.append(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z")
            x += length
    return "".join(runs)


def _run(row: bytearray, start: int) -> int:
    """How many modules from here on are of one colour."""
    end = start
    while end < len(row) and row[end] == row[start]:
        end += 1
    return end - start
