"""The plot of a report."""

from datetime import date

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ges_connector.reporting.figures import Figures
from ges_connector.reporting.plot import draw_waits, draw_wishes, every_day


def test_a_day_of_which_nothing_is_known_leaves_a_gap() -> None:
    monday, thursday = date(2026, 11, 23), date(2026, 11, 26)
    known = {day: Figures({"offered": 3}, {}, (60.0,)) for day in (monday, thursday)}
    filled = every_day(known)
    assert [day.day for day in filled] == [23, 24, 25, 26]
    axes = Figure().subplots()
    draw_waits(axes, list(filled.values()))
    heights = np.asarray(axes.lines[0].get_ydata(), dtype=float)
    assert np.isnan(heights).tolist() == [False, True, True, False]


def test_the_highest_bar_does_not_touch_the_edge() -> None:
    axes = Figure().subplots()
    draw_wishes(axes, [Figures({"offered": count}, {}, ()) for count in (0, 7)])
    tops = [bar.get_y() + bar.get_height() for bar in axes.patches if isinstance(bar, Rectangle)]
    assert max(tops) == 7
    assert axes.get_ylim()[1] > 7.3


def test_the_mark_of_the_longest_wait_is_not_cut() -> None:
    axes = Figure().subplots()
    draw_waits(axes, [Figures({}, {}, ()), Figures({}, {}, (600.0,))])
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] > 10.5
    assert not any(line.get_clip_on() for line in axes.lines)


def test_days_without_a_wait_leave_an_empty_scale_that_begins_at_none() -> None:
    axes = Figure().subplots()
    draw_waits(axes, [Figures({}, {}, ()), Figures({}, {}, (0.0,))])
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] >= 1
