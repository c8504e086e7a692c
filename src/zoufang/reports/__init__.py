"""Showing: weekly dispatches, ledgers and summaries as values, and the formats that draw them."""

from zoufang.reports.cells import SheetData, sheet_of, write_csv, write_workbook
from zoufang.reports.desk import Dispatch
from zoufang.reports.document import Column, Report, Section, Share, Table, canonical, digest
from zoufang.reports.html import to_html, write_html
from zoufang.reports.ledgers import callback_list, demand_ledger, todo, visit_ledger
from zoufang.reports.notices import noticed
from zoufang.reports.putting import put_in_place
from zoufang.reports.summary import goals_by_unit
from zoufang.reports.templates import write_templates
from zoufang.reports.weekly import weekly
from zoufang.reports.xlsx import to_xlsx, write_xlsx

__all__ = [
    "Column",
    "Dispatch",
    "Report",
    "Section",
    "Share",
    "SheetData",
    "Table",
    "callback_list",
    "canonical",
    "demand_ledger",
    "digest",
    "goals_by_unit",
    "noticed",
    "put_in_place",
    "sheet_of",
    "to_html",
    "to_xlsx",
    "todo",
    "visit_ledger",
    "weekly",
    "write_csv",
    "write_html",
    "write_templates",
    "write_workbook",
    "write_xlsx",
]
