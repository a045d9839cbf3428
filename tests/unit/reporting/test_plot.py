"""The plot of a report."""

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ges_connector.reporting.figures import Figures
from ges_connector.reporting.plot import draw_wishes


def test_the_highest_bar_does_not_touch_the_edge() -> None:
    axes = Figure().subplots()
    draw_wishes(axes, [Figures({"offered": count}, {}, ()) for count in (0, 7)])
    tops = [bar.get_y() + bar.get_height() for bar in axes.patches if isinstance(bar, Rectangle)]
    assert max(tops) == 7
    assert axes.get_ylim()[1] > 7.3
