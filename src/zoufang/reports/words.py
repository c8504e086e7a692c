"""Every word of the reports, in Chinese and English, in one place; definitions stand with their metrics."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zoufang.model import Source
from zoufang.typing import Language, Text


def say(words: Text, language: Language, **data: Any) -> str:
    """Return a sentence in one language with its data filled in."""
    return words.said_in(language).format(**data)


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def long_date(day: date, language: Language) -> str:
    """Return a day as a letter writes it."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


# --- the page and the workbook ----------------------------------------------------------------------------

FOOTER = Text("口径与说明", "Definitions and remarks")
WITNESS = Text("检查点（台账链校验码）：", "Checkpoint of the ledger's chain:")
ON_EACH_PAGE = Text("检查点 {code}", "checkpoint {code}")
"""At the foot of every printed page: the number of the commit, and the first digits of its link."""
SIGNED_BY = Text(
    "检查点签名：密钥 {key_id}，{signed_at}，Ed25519 {signature}",
    "Checkpoint signed: key {key_id}, {signed_at}, Ed25519 {signature}",
)
SHEET_WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "cover": "通报正文", "section": "栏目", "text": "内容", "figure": "数据", "term": "名称", "category": "名称",
        "charts": "图表",
    },
    "en": {
        "cover": "Dispatch", "section": "Section", "text": "Text", "figure": "Figure", "term": "Term",
        "category": "Name", "charts": "Charts",
    },
}  # fmt: skip

TITLE = Text("{title}周调度通报", "{title}: weekly dispatch")
SUBTITLE = Text("第 {number} 期", "No. {number}")
ISSUER = Text("{street}（{offices}）", "{street} ({offices})")
PERIOD = Text(
    "统计期间：{first}至{last}；“累计”截至{last}；数据取自台账第 {as_of} 号提交",
    "Period: {first} to {last}; “so far” means up to {last}; read from the ledger as of commit {as_of}",
)

# --- common to several sections ---------------------------------------------------------------------------

UNIT = Text("单位", "Unit")
THIS_WEEK = Text("本周", "This week")
LAST_WEEK = Text("上周", "Last week")
CHANGE = Text("环比", "Change")
SO_FAR = Text("累计", "So far")
SHARE_SO_FAR = Text("累计占比", "Share so far")
TOTAL = Text("合计", "Total")
GOALS_TABLE = Text("三个100%（按单位）", "The three 100% by unit")
NOBODY = Text("（待派单）", "(no unit yet)")
NO_UNIT_NOW = Text("（现无责任单位）", "(no unit now)")
NOWHERE = Text("（未注明社区）", "(community unknown)")
WEEK_AXIS = Text("周次（第几次调度）", "week (number of the dispatch)")
CASES = Text("件", "cases")
TARGETS = Text("户（家）", "targets")
SOURCES: Mapping[Source, Text] = {
    Source.VISIT: Text("走访", "Visits"),
    Source.CALL: Text("来电", "Calls"),
    Source.LETTER: Text("来信", "Letters"),
    Source.HIGHER: Text("上级交办", "Higher authority"),
    Source.CARRIED: Text("上期移交", "Handed over"),
}

# --- 一、基本情况 -----------------------------------------------------------------------------------------

BASICS = Text("一、基本情况", "1. Overview")
VISITS_SAID = Text(
    "截至{last}，名册登记走访对象 {of} 户（家），累计走访到 {n} 户（家），走访率 {share}。本周走访 {visits} "
    "次（上周 {before} 次，"
    "环比 {change}），其中见到 {met} 次、不在家 {absent} 次、拒访 {refused} 次、搬走 {moved} 次、空置 {vacant} "
    "次；累计走访 {all} 次。",
    "By {last}, {n} of the {of} targets on the roster had been reached ({share}). This week {visits} visits were "
    "made "
    "(last week {before}, {change}): {met} met, {absent} absent, {refused} refused, {moved} moved, {vacant} vacant. "
    "So far {all} visits.",
)
RECEIVED_SAID = Text(
    "本周新收诉求 {n} 件（上周 {before} 件，环比 {change}），累计 {all} 件。走访中另听到建议 {suggestions} 条、"
    "好做法 {practices} 条。",
    "This week {n} tickets were received (last week {before}, {change}), {all} so far. Visits also heard "
    "{suggestions} "
    "suggestions and {practices} good practices.",
)
CARD_NOTE = Text("{n} / {of}\n目标：{goal}", "{n} of {of}\ngoal: {goal}")
BY_SOURCE = Text("新收诉求（按来源）", "Tickets received, by source")
BY_TOPIC = Text("新收诉求（按主题）", "Tickets received, by topic")
SOURCE = Text("来源", "Source")
TOPIC = Text("主题", "Topic")
BURN_UP = Text("走访覆盖进度", "Coverage so far")
BURN_UP_SAID = Text(
    "每周末累计走访到的对象数与计划进度；本期末为 {n}，名册共 {of}。",
    "Targets reached by the end of each week against the planned pace; now {n} of {of}.",
)
REACHED = Text("累计走访到", "Reached so far")
PACE = Text("计划进度", "Planned pace")
STACKED = Text("每周新收诉求（按来源）", "Tickets received per week, by source")
STACKED_SAID = Text(
    "各周收到的诉求件数，按走访、来电、来信等来源叠加；本周 {n} 件。",
    "Tickets received each week, stacked by source; {n} this week.",
)
TILES = Text("各社区走访率（辖区内全部对象）", "Coverage by community, all targets there")
TILES_SAID = Text("每格一个社区，颜色越深走访率越高。", "One tile per community; the darker, the better covered.")
UNIT_BARS = Text("各单位走访率（本单位负责的对象）", "Coverage by unit, of the targets it answers for")
UNIT_BARS_SAID = Text("各单位已走访到的对象占应访对象的比例。", "Targets reached over targets owed, by unit.")

# --- 二、办理情况 -----------------------------------------------------------------------------------------

HANDLING = Text("二、办理情况", "2. Handling")
HANDLING_SAID = Text(
    "本周新收 {received} 件，其中当场解决并反馈 {spot} 件、交办 {sent} 件；本周办结 {handled} 件、反馈 "
    "{fed_back} 件、销号 {closed} 件、"
    "退单 {returned} 件。",
    "Of {received} tickets received this week, {spot} were solved on the spot and {sent} sent to units. This "
    "week {handled} "
    "were handled, {fed_back} fed back, {closed} closed and {returned} returned.",
)
STANDING_SAID = Text(
    "截至{last}，累计交办 {sent} 件；应办诉求（含当场解决的）{due} 件，已销号 {closed} 件，"
    "结案率 {closed_share}，按期结案率 {in_time}；尚未销号 {open} 件，其中待派单 "
    "{unrouted} 件、超期未办 {overdue} 件。",
    "By {last}, {sent} had been sent to units. Of {due} due (with those solved on the spot), {closed} were "
    "closed ({closed_share}; in time {in_time}); {open} are open, of "
    "which {unrouted} wait for a unit and {overdue} are overdue.",
)
RATES = Text("办理指标（累计）", "Handling figures so far")
FIGURE = Text("指标", "Figure")
HITS = Text("分子", "Numerator")
OF = Text("分母", "Denominator")
RATE = Text("比率", "Rate")
CLAUSE = Text("方案条款", "Plan clause")
LINES = Text("每周新收与销号", "Received and closed per week")
LINES_SAID = Text("各周新收与销号的诉求件数。", "Tickets received and tickets closed each week.")
RECEIVED = Text("新收", "Received")
CLOSED = Text("销号", "Closed")
OVERDUE_TABLE = Text("超期未办（按单位）", "Overdue now, by unit")
HELD = Text("在办", "Held")
OVERDUE = Text("其中超期", "Overdue")
OVERDUE_SHARE = Text("超期占比", "Share overdue")
NO_OVERDUE = Text("目前没有超期未办的诉求。", "No ticket is overdue.")

NO_LADDER = Text("督办阶梯：目前没有诉求被提醒、亮牌或督办。", "Ladder of supervision: no ticket stands on it.")
LADDER_SAID = Text(
    "督办阶梯：截至{last}，{steps}。全部名单见 ladder.xlsx。",
    "Ladder of supervision, {last}: {steps}. The whole list is in ladder.xlsx.",
)
MOVED_UP = Text(
    "其中 {n} 件的督办角色在名册中无人担任，已上移一级或以上。",
    " For {n} of them nobody holds the role in the register, and a higher one answers.",
)
AS_PROBLEM = Text("{id}（普遍问题）", "{id} (common problem)")
ON_STEP = Text("{step} {n} 件", "{step} {n}")
SUPERVISED = Text("督办诉求（共 {n} 件，列出 {shown} 件）", "Supervised tickets ({n}, of which {shown} are listed)")
STEP = Text("级次", "Step")
TICKET = Text("诉求编号", "Ticket")
DUE = Text("办理时限", "Due")
SINCE = Text("起始日期", "Since")

# --- 三、回访情况 -----------------------------------------------------------------------------------------

CALLED = Text("三、回访情况", "3. Call-backs")
CALLED_SAID = Text(
    "本周回访 {calls} 次。累计抽取回访 {drawn} 件，接通 {reached} 件；有效回答中解决率 {solved}，满意率 {satisfied}。",
    "{calls} calls were made this week. So far {drawn} closings were drawn and {reached} people reached; of "
    "valid answers "
    "{solved} said solved and {satisfied} satisfied.",
)
FLOOR_SAID = Text(
    "解决率底线为 {floor}%（方案 {clause} 的线索阈值换算），有效回答不足 {least} 件的单位不作比较。"
    "高于或达到底线：{above}。低于底线：{below}。",
    "The floor for “said solved” is {floor}% (from the threshold of plan {clause}); units with fewer than "
    "{least} valid "
    "answers are not compared. At or above the floor: {above}. Below: {below}.",
)
NONE = Text("无", "none")
CALLS_TABLE = Text("回访结果（按单位，累计）", "Call-backs by unit, so far")
DRAWN = Text("抽取", "Drawn")
GOT = Text("接通", "Reached")
ANSWERS = Text("有效回答", "Valid answers")
SOLVED = Text("解决率", "Said solved")
SATISFIED = Text("满意率", "Satisfied")
AGAINST = Text("与底线比", "Floor")
ABOVE = Text("达到", "met")
BELOW = Text("低于", "below")
FEW = Text("样本不足", "too few")

INFERRED_SAID = Text(
    "由回访推断全部入抽样的 {of} 件销号（按每层每次抽取的件数加权，打不通和拒访的由同层下一件替补，不代他们作答）："
    "解决率 {solved}（{confidence}% 区间 {solved_in}），满意率 {satisfied}（{satisfied_in}）。",
    "From the call-backs to all {of} closings that draws have considered (weighted by stratum and draw; whoever cannot "
    "be reached or refuses is replaced by the next of the stratum and not spoken for): said solved {solved} "
    "({confidence}% interval {solved_in}), satisfied {satisfied} ({satisfied_in}).",
)
LOT_SAID = Text(
    "成批判定取各单位最近 {n} 件有效回答，未解决不超过 {bear} 件为通过："
    "未解决仅 {good}% 的单位误判不通过的可能为 {producer}，"
    "未解决达 {bad}% 的单位误判通过的可能为 {consumer}（方案 {clause}）。",
    "A unit passes with at most {bear} “not solved” among its last {n} valid answers: a unit with {good}% not solved "
    "fails with a chance of {producer}, one with {bad}% passes with a chance of {consumer} (plan {clause}).",
)
INFERRED_TABLE = Text(
    "由回访推断的解决率、满意率与成批判定（按单位，累计）", "Inferred from call-backs by unit, so far"
)
CONSIDERED = Text("入抽样销号", "Considered")
COVERED = Text("其中可推断", "Covered")
SOLVED_INFERRED = Text("推断解决率", "Said solved")
SATISFIED_INFERRED = Text("推断满意率", "Satisfied")
INTERVAL = Text("{n}% 区间", "{n}% interval")
LOT = Text("成批判定", "Lot")
PASSED = Text("通过", "accept")
NOT_PASSED = Text("不通过", "reject")
UNDECIDED = Text("样本不足", "not enough")
INFERRED_NOTE = Text(
    "区间向外取整；带 * 的各层权重不等，以有效样本量计。没有一件有效回答的层不计入推断，“其中可推断”不含这些层。",
    "Bounds are rounded outwards; * where weights differ and an effective number of answers is used. Strata without a "
    "valid answer are not inferred and not in “Covered”.",
)

# --- 四、热点问题 -----------------------------------------------------------------------------------------

HOT = Text("四、热点问题", "4. Hot topics")
TOP_SAID = Text(
    "本周诉求前 {n} 位的主题：{topics}；合计 {sum} 件，占本周诉求的 {share}。",
    "The top {n} topics this week: {topics}; together {sum}, {share} of the week's tickets.",
)
TOP_ITEM = Text("{topic} {n} 件（占 {share}）", "{topic} {n} ({share})")
NOTHING = Text("本周没有收到诉求。", "No ticket was received this week.")
TOP_CHART = Text("本周诉求主题", "Topics this week")
TOP_CHART_SAID = Text("本周件数最多的主题，按件数排列。", "The most frequent topics this week, by number.")
SPOTS_SAID = Text(
    "近四周在个别社区明显集中的问题：", "Topics that stood out in single communities in the last four weeks:"
)
SPOT = Text(
    "{community}“{topic}”{n} 件，占该社区诉求的 {share}，其他社区这一主题占 {rest}。",
    "{community}, {topic}: {n} tickets, {share} of the community's; elsewhere the topic takes {rest}.",
)
NO_SPOTS = Text(
    "近四周没有在个别社区明显集中的问题。", "In the last four weeks no topic stood out in a single community."
)
REPEATS_SAID = Text(
    "累计有 {n} 个走访对象就同一主题反映两次以上，共 {tickets} 件，涉及：{topics}。",
    "So far {n} targets raised the same topic more than once, {tickets} tickets in all: {topics}.",
)
REPEAT_ITEM = Text("{topic} {n} 户（家）", "{topic} {n}")
NO_REPEATS = Text("没有走访对象就同一主题重复反映。", "No target raised the same topic more than once.")

# --- 五、表扬与通报 ---------------------------------------------------------------------------------------

NOTICES = Text("五、表扬与通报", "5. Praise and notices")
PRAISED = Text("表扬：{name}。{label}：{n}/{of}，{share}。", "Praise: {name}. {label}: {n} of {of}, {share}.")
NOTICED = Text(
    "线索：{name}。{label}：{why}（方案 {clause}）", "To be looked into: {name}. {label}: {why} (plan {clause})"
)
PERSON = Text("{unit}工作人员（编号 {id}）", "member of staff {id} of {unit}")
NO_PRAISE = Text(
    "本期没有同时达到最低样本数并高于全街道的单位。", "No unit is both above the street and above the smallest sample."
)
NO_NOTICE = Text("本期没有敷衍应付、流于形式的线索。", "No sign of merely going through the motions was seen.")
REPLY = Text(
    "以上线索只说明数据异常，不是结论。有关单位和个人可在{until}向{offices}说明情况、提供佐证；"
    "核实后再决定是否通报，说明与核实结果一并归档。",
    "These are signs in the figures, not verdicts. Those concerned may explain and give evidence to {offices} "
    "{until}; only what is verified is published, and the reply is filed with it.",
)
UNTIL = Text("下一次周调度（{next}）前", "before the next dispatch ({next})")
UNTIL_SUMMARY = Text("活动总结前", "before the summary of the campaign")

# --- 附表 -------------------------------------------------------------------------------------------------

APPENDIX = Text("附表", "Appendix")
UNITS_TABLE = Text("各单位工作情况（累计）", "Every unit so far")
UNIT_COLUMNS: tuple[Text, ...] = (
    Text("应访", "Owed"),
    Text("已访", "Visited"),
    Text("走访率", "Coverage"),
    Text("收集率", "Collected"),
    Text("当场解决", "On the spot"),
    Text("交办", "Sent"),
    Text("按时办结", "In time"),
    Text("超时办结", "Late"),
    Text("未办结", "Open"),
    Text("结案率", "Closed"),
    Text("按时结案率", "Closed in time"),
    Text("满意率", "Satisfied"),
    Text("退单", "Returned"),
)
UNITS_NOTE = Text(
    "按时办结、超时办结指已销号的诉求（含当场解决的）；未办结指尚未销号的诉求。绿色▲：走访率达到 100%；橙色▼："
    "低于全街道 10 个百分点以上"
    "（均须分母不少于 10）。",
    "“In time” and “Late” are closed tickets, those solved on the spot among them; “Open” are not yet closed. "
    "Green ▲: full "
    "coverage; orange ▼: more than 10 points below the street; both of at least 10 cases.",
)

NO_UNIT_NOTE = Text(
    "“（现无责任单位）”一行的诉求：待派单 {waiting} 件，不予立案、撤诉或并案 {gone} 件。",
    " Of the tickets in the line “(no unit now)” {waiting} wait for a unit, {gone} were struck, withdrawn or merged.",
)
PARTS_TABLE = Text(
    "各部门分解件办理情况（累计，不计入上表）", "Parts of split tickets by department so far (not in the table above)"
)
PART_COLUMNS: tuple[Text, ...] = (
    Text("收到", "Received"),
    Text("应办", "Due"),
    Text("按期办理", "In time"),
    Text("按期办理率", "In time, share"),
    Text("在办", "Held"),
    Text("其中超期", "Overdue"),
    Text("退单", "Returned"),
)
PARTS_NOTE = Text(
    "一件诉求分解后，在上表只按总牵头单位计一次；本表按各部门自己收到的分解件和各自的时限计，两表不得相加。"
    "分解相符：{whole}/{split} 件；共分解为 {parts} 件，各部门收到合计 {held} 件，待重派 {waiting} 件。",
    "A ticket that was split counts once above, for the unit that leads on the whole; here each department is shown by "
    "the parts that it was sent and by their own limits. The two must not be added. Split tickets that add up: {whole} "
    "of {split}; they were split into {parts} parts, of which departments hold {held} and {waiting} wait for one.",
)

PARTS_GONE = Text(
    "另有 {gone} 件已退回的分解件不予立案、撤诉或并案。",
    " A further {gone} were struck, withdrawn or merged after they had been returned.",
)

# --- 口径与说明 ------------------------------------------------------------------------------------------

DEFINED = Text("{doc}（方案 {clause}；口径第 {version} 版）", "{doc} (plan {clause}; definition {version})")
GOAL_DEFINED = Text("{note}（方案 {clause}）", "{note} (plan {clause})")
PLAN_TERM = Text("方案", "Plan")
PLAN_SAID = Text("{id} 第 {version} 版；{source}", "{id}, version {version}; {source}")
AS_OF_TERM = Text("数据范围", "Data")
AS_OF_SAID = Text(
    "台账第 1 至 {seq} 号提交中截至{last}的事实；之后录入或发生的不影响本期，重印结果逐字节相同。",
    "Facts up to {last} in commits 1 to {seq} of the ledger. Nothing recorded or happening later changes this "
    "issue; a "
    "reprint is the same byte for byte.",
)
ROUNDING_TERM = Text("取舍", "Rounding")
ROUNDING_SAID: Mapping[str, Text] = {
    "half_up": Text(
        "百分比保留 {digits} 位小数，只在最后四舍五入一次；分母为零时写“{none}”。",
        "Percentages have {digits} digits, rounded half up once, at the end; with nothing to divide by it says "
        "“{none}”.",
    ),
    "down": Text(
        "百分比保留 {digits} 位小数，只在最后舍去一次；分母为零时写“{none}”。",
        "Percentages have {digits} digits, cut off once, at the end; with nothing to divide by it says “{none}”.",
    ),
}
LIMITS_TERM = Text("办理时限", "Time limits")
LIMITS_SAID = Text(
    "派单次日起 {handle} 个工作日办理，派错的 {back} 个工作日内退回（{basis}；方案 {clause}）。",
    "{handle} working days from the day after dispatch; a wrong dispatch goes back within {back} ({basis}; plan "
    "{clause}).",
)
SPOTS_TERM = Text("热点判定", "Hot spots")
SPOTS_RULE = Text(
    "比较某主题在一个社区诉求中的占比与其他社区的占比：至少 5 件、占比达 2 倍以上，且精确检验（按比较次数校正）显著。",
    "A topic's share of one community's tickets against its share elsewhere: at least 5 tickets, at least twice "
    "the share, "
    "and significant by an exact test corrected for the number of comparisons.",
)
SIGNS_TERM = Text("线索阈值", "Signs")
SIGNS_SAID = Text(
    "按累计数据。"
    "有效走访满 {visits} 次才看：一小时上门超过 {hour} 次、“无诉求”超过 {none}%；有效回访满 {closed} 件才看："
    "“未解决”超过 {bad}%（方案 {clause}）。",
    "On the figures so far. "
    "From {visits} effective visits: more than {hour} within an hour, or more than {none}% “no demand”; from "
    "{closed} valid "
    "call-backs: more than {bad}% “not solved” (plan {clause}).",
)
PACE_TERM = Text("计划进度", "Planned pace")
PACE_RULE = Text(
    "名册对象数按{phase}的工作日平均分配，只作参照。",
    "The roster spread evenly over the working days of “{phase}”; for comparison only.",
)
PRIVACY_TERM = Text("个人信息", "Personal data")
PRIVACY_SAID = Text(
    "本通报不含姓名、电话、住址和群众原话；工作人员只写编号。",
    "No name, telephone, address or spoken word stands here; staff appear by number only.",
)
WARNING_TERM = Text("插件提示", "Plugin failed")
