"""Reading: every figure is a numerator and a denominator, computed where the facts lie; nothing here writes."""

from zoufang.analysis.acceptance import Judgement, LotPlan, LotVerdict, judge, lot_plan, risks
from zoufang.analysis.answering import LACKS, Lack, Unanswered, Watched, unanswered, watch_list
from zoufang.analysis.catalogue import METRICS, catalogue
from zoufang.analysis.common_problems import CommonProblem, common_problems
from zoufang.analysis.estimates import Cell, Estimate, Question, cells, estimate, estimates, judged
from zoufang.analysis.figures import Sheet, figure, figures, gap, hits, series, sheet
from zoufang.analysis.frames import DTYPES, dtypes, read_frame, read_frames
from zoufang.analysis.hotspots import HotSpot, Repeat, chance_of, hot_spots, repeats
from zoufang.analysis.intervals import binomial_tail, clopper_pearson, finite_interval, hypergeometric_tail
from zoufang.analysis.ladder import posts, pressed
from zoufang.analysis.metric import Cases, Figure, Grain, Ground, Metric, OnGround, Test, Window
from zoufang.analysis.names import Names, names
from zoufang.analysis.printing import (
    NO_CASES,
    NOTHING_BEFORE,
    printed,
    printed_bound,
    printed_change,
    printed_number,
    printed_share,
)
from zoufang.analysis.scores import Weighted, loss_score, mean_score, panjin
from zoufang.analysis.signs import SIGN_LABELS, Sign, crowded_hours, none_shares, not_solved, praise, signs
from zoufang.analysis.trends import TopicCount, WeekCounts, reached_by, span_before, top_topics, weekly

__all__ = [
    "DTYPES",
    "LACKS",
    "METRICS",
    "NOTHING_BEFORE",
    "NO_CASES",
    "SIGN_LABELS",
    "Cases",
    "Cell",
    "CommonProblem",
    "Estimate",
    "Figure",
    "Grain",
    "Ground",
    "HotSpot",
    "Judgement",
    "Lack",
    "LotPlan",
    "LotVerdict",
    "Metric",
    "Names",
    "OnGround",
    "Question",
    "Repeat",
    "Sheet",
    "Sign",
    "Test",
    "TopicCount",
    "Unanswered",
    "Watched",
    "WeekCounts",
    "Weighted",
    "Window",
    "binomial_tail",
    "catalogue",
    "cells",
    "chance_of",
    "clopper_pearson",
    "common_problems",
    "crowded_hours",
    "dtypes",
    "estimate",
    "estimates",
    "figure",
    "figures",
    "finite_interval",
    "gap",
    "hits",
    "hot_spots",
    "hypergeometric_tail",
    "judge",
    "judged",
    "loss_score",
    "lot_plan",
    "mean_score",
    "names",
    "none_shares",
    "not_solved",
    "panjin",
    "posts",
    "praise",
    "pressed",
    "printed",
    "printed_bound",
    "printed_change",
    "printed_number",
    "printed_share",
    "reached_by",
    "read_frame",
    "read_frames",
    "repeats",
    "risks",
    "series",
    "sheet",
    "signs",
    "span_before",
    "top_topics",
    "unanswered",
    "watch_list",
    "weekly",
]
