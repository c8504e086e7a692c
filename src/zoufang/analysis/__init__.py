"""Reading: every figure is a numerator and a denominator, computed where the facts lie; nothing here writes."""

from zoufang.analysis.catalogue import METRICS, catalogue
from zoufang.analysis.figures import Sheet, figure, figures, gap, hits, series, sheet
from zoufang.analysis.hotspots import HotSpot, Repeat, chance_of, hot_spots, repeats
from zoufang.analysis.metric import Cases, Figure, Grain, Ground, Metric, OnGround, Test, Window
from zoufang.analysis.names import Names, names
from zoufang.analysis.printing import (
    NO_CASES,
    NOTHING_BEFORE,
    printed,
    printed_change,
    printed_number,
    printed_share,
)
from zoufang.analysis.scores import Weighted, loss_score, mean_score, panjin
from zoufang.analysis.signs import SIGN_LABELS, Sign, crowded_hours, none_shares, not_solved, praise, signs
from zoufang.analysis.trends import TopicCount, WeekCounts, reached_by, span_before, top_topics, weekly

__all__ = [
    "METRICS",
    "NOTHING_BEFORE",
    "NO_CASES",
    "SIGN_LABELS",
    "Cases",
    "Figure",
    "Grain",
    "Ground",
    "HotSpot",
    "Metric",
    "Names",
    "OnGround",
    "Repeat",
    "Sheet",
    "Sign",
    "Test",
    "TopicCount",
    "WeekCounts",
    "Weighted",
    "Window",
    "catalogue",
    "chance_of",
    "crowded_hours",
    "figure",
    "figures",
    "gap",
    "hits",
    "hot_spots",
    "loss_score",
    "mean_score",
    "names",
    "none_shares",
    "not_solved",
    "panjin",
    "praise",
    "printed",
    "printed_change",
    "printed_number",
    "printed_share",
    "reached_by",
    "repeats",
    "series",
    "sheet",
    "signs",
    "span_before",
    "top_topics",
    "weekly",
]
