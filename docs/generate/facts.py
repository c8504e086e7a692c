"""The fact tables and their columns, and the bytes from which the digests are computed."""

from __future__ import annotations

from docs.generate import markdown as md
from zoufang.facts import COMMITS, FACT_TABLES, PRIVATE, FactTable, Sort

WIRE = {
    Sort.ID: ("string", "a short word or id"),
    Sort.TEXT: ("string", "any text"),
    Sort.INT: ("integer", "a count, a number, or 1 and 0 for yes and no"),
    Sort.DAY: ("string", "`2023-03-01`"),
    Sort.INSTANT: ("string", "`2023-03-01T01:02:03.000000Z`, always UTC with six decimals"),
    Sort.REF: ("string", "the salted commitment to a private text"),
}

WITHOUT_US = """\
import hashlib
import json
import sqlite3

TABLES = [
{tables}
]


def encoded(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


db = sqlite3.connect("ledger.sqlite")
previous = ""
for seq, *header, facts_digest, chain in db.execute("SELECT * FROM commits ORDER BY seq"):
    facts = hashlib.sha256()
    for table in TABLES:
        rows = db.execute(f"SELECT * FROM {{table}} WHERE commit_seq = ? ORDER BY ord", (seq,))
        cells = [row[2:] for row in rows]
        if cells:
            facts.update(f"{{table}}\\n{{encoded(cells)}}\\n".encode())
    assert facts.hexdigest() == facts_digest, f"commit {{seq}}: its facts were changed"
    link = encoded([previous, seq, *header, facts_digest])
    assert hashlib.sha256(link.encode()).hexdigest() == chain, f"commit {{seq}}: its header was changed"
    previous = chain
print("in order:", seq, "commits, the last link is", previous)
"""


def page() -> str:
    """Return the page of facts."""
    sorts = [(md.code(sort), wire, looks) for sort, (wire, looks) in WIRE.items()]
    overview = [(f"[{md.code(t.name)}](#{_anchor(t)})", t.doc) for t in (COMMITS, *FACT_TABLES, PRIVATE)]
    return md.page(
        "Facts",
        "The tables of a ledger. Rows are added and never changed, so the state as of commit *n* is the rows with "
        "`commit_seq <= n`. The tables are declared once, in `zoufang.facts`: the ledger writes them, the analysis "
        "reads them, and `zoufang.facts.tables()` gives them as SQLAlchemy tables.",
        md.table(("table", "holds"), overview),
        "## Cells",
        "A cell is a JSON string, an integer or null, in the database as in the digest.",
        md.table(("sort", "is stored as a", "and looks like"), sorts),
        "## The canonical bytes",
        "A commit's digest is the SHA-256 over its facts, table after table in the order above, tables without "
        "rows left out. Each table gives its name, a line feed, the JSON array of its rows, and a line feed. A row "
        "is the array of its cells without `commit_seq` and `ord`, in the order of the columns below. JSON is "
        "written in UTF-8 without blanks, with strings escaped as RFC 8785 says.",
        "A commit's link is the SHA-256 over the JSON array of the link before it (an empty string for the first) "
        "and the header's values from `seq` to `facts_digest`.",
        "So a ledger can be checked without this library, in any language. In plain Python:",
        f"```python\n{WITHOUT_US.format(tables=_tables())}```",
        "`zoufang verify` does the same, looks further for rows that belong to no commit, and checks the private "
        "texts against their commitments.",
        *(_section(table) for table in (COMMITS, *FACT_TABLES, PRIVATE)),
    )


def _tables() -> str:
    return "\n".join(f'    "{table.name}",' for table in FACT_TABLES)


def _anchor(table: FactTable) -> str:
    return table.name.replace("_", "-")


def _section(table: FactTable) -> str:
    rows = [
        (md.code(column.name), md.code(column.sort), "may be null" if column.null else "", column.doc)
        for column in table.columns
    ]
    key = f"\n\nUnique: {md.codes(table.key)}." if table.key else ""
    title = table.name.replace("_", " ")
    return f"## {title}\n\n{table.doc}\n\n{md.table(('column', 'sort', '', 'means'), rows)}{key}"
