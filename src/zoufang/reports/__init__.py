"""Showing: weekly dispatches, ledgers and summaries as values, and the formats that draw them."""

from zoufang.reports.answering import watch_list_sheet
from zoufang.reports.cells import SheetData, sheet_of, write_csv, write_workbook
from zoufang.reports.desk import Dispatch
from zoufang.reports.document import Column, Report, Section, Share, Table, canonical, digest
from zoufang.reports.html import to_html, write_html
from zoufang.reports.ledgers import callback_list, demand_ledger, todo, visit_ledger
from zoufang.reports.notices import noticed
from zoufang.reports.problem_lists import problem_sheets
from zoufang.reports.putting import put_in_place
from zoufang.reports.summary import goals_by_unit
from zoufang.reports.supervision import Supervised, ladder_list, supervised
from zoufang.reports.templates import write_templates
from zoufang.reports.weekly import weekly
from zoufang.reports.workplans import CONTACTS, WORK_PLAN, contact_list, unplanned_list, work_plans
from zoufang.reports.xlsx import to_xlsx, write_xlsx

__all__ = [
    "CONTACTS",
    "WORK_PLAN",
    "Column",
    "Dispatch",
    "Report",
    "Section",
    "Share",
    "SheetData",
    "Supervised",
    "Table",
    "callback_list",
    "canonical",
    "contact_list",
    "demand_ledger",
    "digest",
    "goals_by_unit",
    "ladder_list",
    "noticed",
    "problem_sheets",
    "put_in_place",
    "sheet_of",
    "supervised",
    "to_html",
    "to_xlsx",
    "todo",
    "unplanned_list",
    "visit_ledger",
    "watch_list_sheet",
    "weekly",
    "work_plans",
    "write_csv",
    "write_html",
    "write_templates",
    "write_workbook",
    "write_xlsx",
]
