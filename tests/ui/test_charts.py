"""Charts: drawn without a style or a script, with their figures beside them."""

import re
from xml.etree import ElementTree

from handsel.ui import charts

WEEKS = [charts.Week("5 Oct", 0, 0), charts.Week("12 Oct", 0.5, 0.25), charts.Week("19 Oct", 0.75, None, 0.5, 0.9)]


def share() -> charts.Chart:
    return charts.share_by_week("Ines & Nora share", "Per cent.", WEEKS, owner="Nora", provider="Ines")


def test_a_drawing_has_a_name_and_no_style_of_its_own() -> None:
    for drawing in (share().wide, share().narrow):
        root = ElementTree.fromstring(drawing)
        assert root.get("role") == "img" and root.get("aria-label", "").startswith("Ines & Nora share")
        assert "style=" not in drawing


def test_the_same_figures_stand_in_the_table() -> None:
    chart = share()
    assert chart.heads == ("Week from", "Planned", "Actual or forecast")
    assert [list(row) for row in chart.table] == [
        ["5 Oct", "0 %", "0 %"], ["12 Oct", "50 %", "25 %"], ["19 Oct", "75 %", "50–90 %"]]  # fmt: skip
    assert [key.word for key in chart.keys] == ["Nora", "Ines", "Planned", "Forecast"]


def test_a_share_lies_where_its_figure_says() -> None:
    points = re.search(r'class="c-line" points="([^"]+)"', share().wide)
    assert points and points[1] == "44.0,290.0 395.0,221.0"  # 0 and 25 of 100, on a height of 276


def test_columns_of_both_sides_stand_on_each_other() -> None:
    chart = charts.columns("T", "U", ("a", "b"), (1, 2), (3, 4), words=("Nora", "Ines"))
    assert chart.table == [("a", "1", "3", "4"), ("b", "2", "4", "6")]
    heights = [float(h) for h in re.findall(r'height="([\d.]+)"', chart.wide)]
    assert [round(h) for h in heights] == [46, 138, 92, 184]  # of 276 for 6


def test_nothing_to_draw_is_drawn_without_an_error() -> None:
    assert charts.share_by_week("T", "U", [], owner="N", provider="I").table == []
    assert charts.columns("T", "U", (), (), ()).table == []
    assert charts.line_in_band("T", "U", (), (), (), ()).table == []


def test_silence_of_three_days_is_dotted() -> None:
    drawing = charts.contact_line([(1, 0), (0, 0), (0, 0), (0, 0), (5, 1)])
    assert 'class="l-gap" d="M10 28H40"' in drawing
    assert "M45 25v-18" in drawing
    assert "l-gap" not in charts.contact_line([(1, 0), (0, 0), (0, 0), (1, 0)])
