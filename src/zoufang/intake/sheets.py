"""Every sheet and CSV file of a campaign, declared once: templates, imports and exports follow this page."""

from __future__ import annotations

from collections.abc import Mapping

from zoufang.intake.columns import AREA, PHONE, TICKET, TOPIC, choice, day, id_of, unit, words, yes_no
from zoufang.intake.labels import (
    ACTIONS,
    AREA_LEVELS,
    CALL_OUTCOMES,
    CHANNELS,
    FINDING_KINDS,
    OUTCOMES,
    REACTIONS,
    REMEDIES,
    ROLES,
    ROLES_TOO,
    SOURCES,
    STATUSES,
)
from zoufang.intake.problems import PROBLEM_LIST_FILE, PROBLEMS_FILE
from zoufang.intake.promises import WATCH_LIST
from zoufang.intake.specs import ColumnSpec, FileSpec, SheetSpec, Sort
from zoufang.typing import Text

# --- register.xlsx ------------------------------------------------------------------------------------

AREAS = SheetSpec(
    "areas",
    "区域",
    (
        id_of(
            "id",
            "区域编号",
            "街道、社区或网格的编号，不重复",
            "id of the street, community or grid; once only",
        ),
        ColumnSpec("name", "名称", Text("公开的名称", "public name"), required=True),
        choice("level", "级别", "街道、社区或网格", "street, community or grid", AREA_LEVELS),
        id_of(
            "parent",
            "上级编号",
            "上一级区域的编号；街道不填",
            "the area that holds it; empty for the street",
            required=False,
        ),
    ),
    Text(
        "一行一个区域：街道一行，各社区、各网格各一行",
        "one area a row: the street, its communities, their grids",
    ),
    key=("id",),
)

PEOPLE = SheetSpec(
    "people",
    "人员",
    (
        id_of("id", "人员编号", "工作人员编号，不重复", "id of the member of staff; once only"),
        words("name", "姓名", "工作人员姓名", "name"),
        PHONE,
        unit(
            "unit_id",
            "单位编号",
            "方案中的责任单位，或社区的区域编号",
            "a unit of the plan, or a community's area id",
        ),
        choice("role", "角色", "从列表中选一项", "choose one of the list", ROLES, also=ROLES_TOO, named_by="roles"),
        id_of(
            "area_id",
            "负责区域",
            "负责的社区或网格编号，没有可不填",
            "the area they look after, if any",
            required=False,
        ),
        ColumnSpec(
            "capacity",
            "日走访量",
            Text("每个工作日可走访的户数", "visits a working day"),
            Sort.INT,
            at_most=500,
        ),
    ),
    Text("一行一名工作人员", "one member of staff a row"),
    key=("id",),
)

TARGETS = SheetSpec(
    "targets",
    "走访对象",
    (
        id_of("id", "对象编号", "走访对象编号，不重复", "id of the target; once only"),
        ColumnSpec(
            "kind",
            "类型",
            Text("从列表中选一项", "choose one of the list"),
            Sort.CHOICE,
            required=True,
            chosen_from="kinds",
        ),
        id_of("area_id", "网格", "所在网格（或社区）的区域编号", "the grid or community it stands in"),
        words("name", "名称", "户主姓名或单位名称", "name of the household or firm"),
        words("address", "地址", "详细地址", "address"),
        PHONE,
        ColumnSpec(
            "tags",
            "标签",
            Text("公开的简短词语，用顿号隔开，如：餐饮、老旧小区", "short public words, separated by 、"),
            Sort.LIST,
            closed=False,
        ),
        id_of(
            "linked_to",
            "关联对象",
            "学生家庭所在住户的对象编号",
            "the household of a pupil's family",
            required=False,
        ),
        day(
            "since_on",
            "登记日期",
            "列入名册的日期，不填则为活动第一天",
            "on the roster from this day; empty means the campaign's first",
            required=False,
        ),
    ),
    Text("一行一个走访对象：住户、门店、企业、工地或学生家庭", "one target a row"),
    key=("id",),
)

# --- visits-<community>-wNN.xlsx ----------------------------------------------------------------------

VISITS = SheetSpec(
    "visits",
    "走访",
    (
        id_of("id", "记录编号", "走访记录编号，不重复", "number of the record; once only"),
        day("on", "走访日期", "走访当天", "the day of the visit"),
        ColumnSpec("minute", "开始时间", Text("几点几分开始，如 09:30", "when it began, e.g. 09:30"), Sort.TIME),
        ColumnSpec("minutes", "时长分钟", Text("走访用时，分钟", "how long it took, minutes"), Sort.INT, at_most=1440),
        id_of("target_id", "对象编号", "名册中的对象编号", "the target, as in the register"),
        id_of("visitor_id", "走访人", "名册中的人员编号", "the visitor, as in the register"),
        unit(
            "unit_id",
            "责任单位",
            "方案中的责任单位，或社区的区域编号",
            "a unit of the plan, or a community's area id",
        ),
        choice("channel", "走访方式", "从列表中选一项", "choose one of the list", CHANNELS, named_by="channels"),
        choice("outcome", "走访结果", "从列表中选一项", "choose one of the list", OUTCOMES),
        yes_no("no_demand", "无诉求", "问过且没有诉求填“是”，否则不填", "是 where asked and there is nothing"),
        ColumnSpec(
            "made_known",
            "宣传内容",
            Text("宣传了哪些内容，多项用顿号隔开", "what was made known, separated by 、"),
            Sort.LIST,
            chosen_from="messages",
        ),
        words("note", "备注", "仅留在表中，不进入台账", "stays in the sheet, never in the ledger"),
    ),
    Text("一行一次走访；没见到人也要登记", "one visit a row, also where nobody was met"),
    key=("id",),
)

FINDINGS = SheetSpec(
    "findings",
    "诉求",
    (
        id_of(
            "visit_id",
            "记录编号",
            "在哪次走访中听到，与“走访”表一致",
            "on which visit, as in the sheet of visits",
        ),
        ColumnSpec(
            "n",
            "序号",
            Text("该次走访的第几条，从 1 起", "its number on that visit, from 1"),
            Sort.INT,
            required=True,
            at_least=1,
            at_most=999,
        ),
        choice("kind", "类别", "诉求、建议或好做法", "a demand, a suggestion or a good practice", FINDING_KINDS),
        TOPIC,
        words("said", "内容", "群众反映的内容", "what the person said"),
        yes_no("solved", "现场解决", "当场解决并答复填“是”", "是 where solved and told at once"),
        words("answer", "现场答复", "当场怎样解决、怎样答复", "what was done on the spot"),
    ),
    Text("一行一条诉求、建议或好做法", "one demand, suggestion or good practice a row"),
    key=("visit_id", "n"),
)

# --- hotline.csv, letters.csv -------------------------------------------------------------------------

CALLS = SheetSpec(
    "calls",
    "来电",
    (
        id_of("id", "工单编号", "热线工单编号，不重复", "number of the call; once only"),
        day("on", "来电日期", "来电当天", "the day of the call"),
        words("name", "来电人", "来电人姓名，可不填", "who called, if known"),
        PHONE,
        AREA,
        id_of(
            "target_id",
            "对象编号",
            "来电人在名册中的对象编号，不清楚可不填",
            "the target, if known",
            required=False,
        ),
        TOPIC,
        words("said", "内容", "来电反映的内容", "what was said"),
    ),
    Text("一行一个来电工单；每周导出全部", "one call a row; all calls so far each week"),
    key=("id",),
)

LETTERS = SheetSpec(
    "letters",
    "来信",
    (
        id_of("id", "信件编号", "信件编号，不重复", "number of the letter; once only"),
        day("on", "来信日期", "收到当天", "the day it came"),
        words("name", "来信人", "来信人姓名，可不填", "who wrote, if known"),
        AREA,
        TOPIC,
        words("said", "内容", "来信反映的内容", "what it says"),
    ),
    Text("一行一封来信；每周导出全部", "one letter a row; all letters so far each week"),
    key=("id",),
)

# --- replies-wNN.xlsx, callbacks-wNN.xlsx -------------------------------------------------------------

_PARTS = Text("动作为“分解”时填写，牵头单位在前，用顿号隔开", "with 分解: the units, the lead first, separated by 、")
REPLIES = SheetSpec(
    "replies",
    "办理",
    (
        TICKET,
        choice("event", "动作", "从列表中选一项", "choose one of the list", ACTIONS),
        day("on", "日期", "办理当天", "the day it happened"),
        unit(
            "unit_id",
            "单位",
            "办理的责任单位，或社区的区域编号；动作为“派单”时是派给的单位",
            "the unit, or a community's area id; with 派单 the one that it is sent to",
        ),
        id_of("person_id", "经办人", "名册中的人员编号；销号须两人", "the person; closing needs two", required=False),
        choice("remedy", "办理结果", "动作为“办结”时填写", "with 办结", REMEDIES, required=False),
        ColumnSpec(
            "reason",
            "理由",
            Text("退回、不同意销号、解释说明时填写", "when sending back, refusing or explaining"),
            Sort.CHOICE,
            chosen_from="reasons",
        ),
        day(
            "plan_on",
            "计划日期",
            "暂不能解决的，计划何时解决",
            "when an explained demand can be met",
            required=False,
        ),
        words("note", "说明", "办理情况说明", "what was done"),
        ColumnSpec(
            "version",
            "版本",
            Text("待办表中的版本，原样保留", "the version in the to-do list, as it is"),
            Sort.INT,
            at_least=1,
        ),
        ColumnSpec("days", "天数", Text("申请或同意延期的天数", "days asked for or granted"), Sort.INT, at_least=1),
        ColumnSpec("parts", "分解单位", _PARTS, Sort.LIST, chosen_from="units", closed=False),
        id_of("into", "并入诉求", "动作为“并案”时填写", "with 并案", required=False),
        choice("reaction", "本人态度", "反馈解释说明时填写", "with 反馈", REACTIONS, required=False),
        ColumnSpec(
            "minute",
            "时间",
            Text("几点几分，如 09:30；时限按小时计算时填写", "at what time, e.g. 09:30; where limits count hours"),
            Sort.TIME,
        ),
        ColumnSpec(
            "limit_id",
            "时限类别",
            Text("动作为“派单”时可填；不填按主题", "with 派单, if it is not the topic's own"),
            Sort.CHOICE,
            chosen_from="limits",
        ),
    ),
    Text("一行一个动作，按先后排列", "one step a row, in their order"),
)

CALLBACKS = SheetSpec(
    "callbacks",
    "回访",
    (
        TICKET,
        day("on", "回访日期", "回访当天", "the day of the call"),
        choice("outcome", "回访结果", "接通、未接通或拒访", "reached, unreachable or refused", CALL_OUTCOMES),
        yes_no(
            "solved",
            "是否解决",
            "群众说是否解决；没说不填",
            "whether they said it is solved; empty where not said",
        ),
        yes_no(
            "satisfied",
            "是否满意",
            "群众说是否满意；没说不填",
            "whether they said satisfied; empty where not said",
        ),
        id_of("caller_id", "回访人", "名册中的人员编号", "who called, as in the register", required=False),
        words("note", "说明", "回访中说了什么", "what was said"),
    ),
    Text("一行一次回访", "one call-back a row"),
)

# --- what we write: todo.xlsx, callback-list.xlsx -----------------------------------------------------

_SOURCE = choice("source", "来源", "走访、来电、来信或上级交办", "where it comes from", SOURCES)
_SOURCE_ID = id_of("source_id", "来源编号", "走访记录、来电工单或信件的编号", "the visit, call or letter")
_HOLDER = unit("unit_id", "责任单位", "现由哪个单位办理", "the unit that holds it")

TODO = SheetSpec(
    "todo",
    "待办",
    (
        TICKET,
        choice("status", "状态", "办到哪一步", "where it stands", STATUSES),
        ColumnSpec("next", "下一步", Text("现在可以做什么", "what may be done now")),
        _HOLDER,
        ColumnSpec("unit_name", "单位名称", Text("责任单位名称", "the unit's name")),
        TOPIC,
        id_of("area_id", "区域", "所在社区或网格", "community or grid", required=False),
        _SOURCE,
        _SOURCE_ID,
        day("routed_on", "派单日期", "何时派到该单位", "when it was sent to the unit", required=False),
        day("due_on", "办理时限", "最迟何时办结", "by when it must be handled", required=False),
        ColumnSpec(
            "due_minute",
            "时限时刻",
            Text(
                "按小时计的时限，当天几点几分；空为当天之内", "of a limit in hours, the time of that day; else all day"
            ),
            Sort.TIME,
        ),
        ColumnSpec("version", "版本", Text("填写办理表时原样抄录", "copy it into the reply"), Sort.INT, at_least=1),
        choice("remedy", "办理结果", "已办结的办到什么程度", "what handling came to", REMEDIES, required=False),
        ColumnSpec("parts", "分解件", Text("各分解件办到哪一步", "its parts, and where each stands")),
        id_of("problem_id", "普遍问题", "归入哪个普遍问题", "the common problem it belongs to", required=False),
    ),
    Text("一行一件未销号的诉求", "one open ticket a row"),
    key=("ticket_id",),
)

CALLBACK_LIST = SheetSpec(
    "callback_list",
    "回访名单",
    (
        TICKET,
        _HOLDER,
        TOPIC,
        choice("remedy", "办理结果", "办到什么程度", "what handling came to", REMEDIES, required=False),
        day("closed_on", "销号日期", "何时销号", "when it was closed"),
        id_of("target_id", "对象编号", "走访对象，如有", "the target, if any", required=False),
        _SOURCE_ID,
        ColumnSpec("attempt", "第几次", Text("这是第几次拨打", "which attempt this is"), Sort.INT, at_least=1),
        id_of("replaces", "替补", "本件替补的诉求，如有", "the ticket in whose place this one is", required=False),
    ),
    Text("一行一件抽中回访的诉求", "one ticket to call back a row"),
    key=("ticket_id",),
)

LADDER = SheetSpec(
    "ladder",
    "督办阶梯",
    (
        TICKET,
        ColumnSpec("step", "级次", Text("黄牌、红牌、督办等，见方案 ladder", "the step of the plan's ladder")),
        day("since_on", "起始日期", "从哪一天起在这一级", "since when it stands there"),
        choice("status", "状态", "办到哪一步", "where it stands", STATUSES),
        _HOLDER,
        ColumnSpec("unit_name", "单位名称", Text("责任单位名称", "the unit's name")),
        day("due_on", "办理时限", "最迟何时办结", "by when it must be handled", required=False),
        choice("responsible", "督办角色", "由什么角色负责", "the role that must see to it", ROLES),
        id_of("responsible_unit_id", "督办单位", "由哪个单位负责", "the unit that must see to it", required=False),
        ColumnSpec("person_ids", "督办人", Text("人员编号", "ids of people")),
        choice(
            "in_place_of",
            "代替角色",
            "方案规定、但名册中无人担任的角色；空为未上移",
            "the step's own role where nobody holds it and a higher one answers; empty where somebody does",
            ROLES,
            required=False,
        ),
        choice(
            "about",
            "类别",
            "诉求或普遍问题；普遍问题的编号写在诉求编号列",
            "a ticket, or a common problem, whose number stands in the column of tickets",
            {"诉求": "ticket", "普遍问题": "problem"},
        ),
    ),
    Text("一行一件在督办阶梯上的诉求或普遍问题", "one ticket or common problem on the ladder a row"),
    key=("ticket_id",),
)

# --- files --------------------------------------------------------------------------------------------

REGISTER_FILE = FileSpec("register", "register.xlsx", (AREAS, PEOPLE, TARGETS))
VISITS_FILE = FileSpec("visits", "visits.xlsx", (VISITS, FINDINGS))
REPLIES_FILE = FileSpec("replies", "replies.xlsx", (REPLIES,))
CALLBACKS_FILE = FileSpec("callbacks", "callbacks.xlsx", (CALLBACKS,))
HOTLINE_FILE = FileSpec("calls", "hotline.csv", (CALLS,))
LETTERS_FILE = FileSpec("letters", "letters.csv", (LETTERS,))

INBOX_FILES: tuple[FileSpec, ...] = (
    REGISTER_FILE,
    VISITS_FILE,
    REPLIES_FILE,
    PROBLEMS_FILE,
    CALLBACKS_FILE,
    HOTLINE_FILE,
    LETTERS_FILE,
)
"""What an office fills in; each has a template."""

OUTBOX_FILES: tuple[FileSpec, ...] = (
    FileSpec("todo", "todo.xlsx", (TODO,)),
    FileSpec("callback_list", "callback-list.xlsx", (CALLBACK_LIST,)),
    FileSpec("ladder", "ladder.xlsx", (LADDER,)),
    FileSpec("watch_list", "watch-list.xlsx", (WATCH_LIST,)),
    PROBLEM_LIST_FILE,
)
"""What a campaign writes for the office."""

SHEETS: Mapping[str, SheetSpec] = {sheet.id: sheet for file in (*INBOX_FILES, *OUTBOX_FILES) for sheet in file.sheets}
"""Every sheet by its id."""
