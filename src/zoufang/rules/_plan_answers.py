"""What the plan check and the register check say of who answers for whom, work plans and the hand-over."""

from __future__ import annotations

from typing import Literal

ANSWERS: dict[str, tuple[Literal["error", "remark"], str, str]] = {
    # --- the matrix over time
    "duty_backwards": (
        "error",
        "职责“{id}”的起始日 {since} 晚于截止日 {until}",
        "duty {id} begins on {since}, after its last day {until}",
    ),
    "duty_versions": (
        "error",
        "职责“{id}”的第 {one} 版和第 {two} 版同时有效；请用 since_on、until_on 分开",
        "versions {one} and {two} of duty {id} are in force on the same days; part them by since_on and until_on",
    ),
    "serves_without_each": (
        "error",
        'one_visit_serves = true 只用于 rule = "each" 且有两个类别的交叉',
        'one_visit_serves = true belongs to rule = "each" between two kinds',
    ),
    "each_served": (
        "remark",
        "{kinds}有交叉：{leads}各有职责，关联的两个对象走访一次同时算数",
        "{kinds} overlap: {leads} each have a duty, and one visit serves both of two linked targets",
    ),
    "kind_unanswered": (
        "remark",
        "“{kind}”自 {first} 至 {last} 没有任何一项职责有效",
        "nobody answers for {kind} from {first} to {last}",
    ),
    "kind_unanswered_here": (
        "remark",
        "“{kind}”在{area}自 {first} 至 {last} 没有任何一项职责有效",
        "nobody answers for {kind} in {area} from {first} to {last}",
    ),
    # --- work plans and the hand-over
    "absence_backwards": (
        "error",
        "起始日 {first} 晚于截止日 {last}",
        "the first day {first} is after the last {last}",
    ),
    "rhythm_twice": ("error", "“{kind}”写了两种联系频次", "{kind} has two rhythms of contact"),
    "rhythm_missing": (
        "remark",
        "“{kind}”没有写明多久联系一次，常态化后不再安排走访",
        "no rhythm of contact is declared for {kind}; nobody will be sent to it afterwards",
    ),
    "carried_over": (
        "remark",
        "自方案 {follows} 移交 {n} 件：未销号 {open} 件，承诺办理 {promise} 件，列入跟踪 {watch} 件",
        "{n} carried over from plan {follows}: {open} open, {promise} promised, {watch} watched",
    ),
    # --- the plan against a register
    "register_unanswered": (
        "remark",
        "“{kind}”在{areas}没有责任单位，涉及 {n} 个走访对象",
        "nobody answers for {kind} in {areas}; {n} targets stand there",
    ),
    "register_unknown_area": (
        "remark",
        "职责“{duty}”限于“{area}”，名册上没有这个区域",
        "duty {duty} is limited to {area}, which the register does not know",
    ),
    "register_idle_duty": (
        "remark",
        "职责“{duty}”没有任何走访对象",
        "duty {duty} covers no target of the register",
    ),
    "register_no_people": (
        "remark",
        "{unit}负责 {n} 个走访对象，名册上却没有人员",
        "{unit} answers for {n} targets and has nobody in the register",
    ),
    "register_no_capacity": (
        "remark",
        "{unit}负责 {n} 个走访对象，但没有可上门的人员（{roles}，日走访量大于 0）",
        "{unit} answers for {n} targets and has nobody who could go ({roles} with a capacity above 0)",
    ),
    "register_double_lead": (
        "remark",
        "“{kind}”在{areas}有多个牵头单位（{leads}），方案没有写明怎样处理",
        "{kind} in {areas} has several leads ({leads}), and the plan has no rule for it",
    ),
    "register_no_worker": (
        "remark",
        "{n} 个网格有走访对象而没有网格员：{areas}",
        "{n} grids have targets and no grid worker: {areas}",
    ),
}
"""Code → level, Chinese, English."""
