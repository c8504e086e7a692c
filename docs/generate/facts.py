"""The fact tables and their columns, and the bytes from which the digests are computed."""

from __future__ import annotations

from itertools import zip_longest

from docs.generate import markdown as md
from zoufang.analysis import DTYPES, dtypes
from zoufang.facts import (
    AREAS,
    BLIND_INDEX,
    CHUNK,
    COMMITS,
    DRAWS,
    FACT_TABLES,
    META,
    OUTBOX,
    PRIVATE,
    SUBJECT_KEYS,
    FactTable,
    Sort,
)
from zoufang.ledger import canonical, digest_facts
from zoufang.typing import WireRow

BESIDE = (PRIVATE, SUBJECT_KEYS, BLIND_INDEX, META, OUTBOX)

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
import hmac
import json
import sqlite3

# Each table: whether its rows have digests of their own, and the sort of each column: a number or a text.
TABLES = {{
{tables}
}}


def encoded(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sha(written):
    return hashlib.sha256(written).digest()


def column(sort, cells):
    if sort == "n":
        return b"".join((-(2**63) if c is None else c).to_bytes(8, "little", signed=True) for c in cells)
    return b"".join((b"\\1" if c is None else c.encode()) + b"\\0" for c in cells)


def chunk_digest(leaves, sorts, rows):
    if not leaves:
        inner = sha(b"".join(column(sort, cells) for sort, cells in zip(sorts, zip(*rows))))
        return hmac.digest(key, inner, "sha256").hex()
    written = [encoded(row) for row in rows]
    salts = hashlib.shake_256(hmac.digest(key, sha(b"\\n".join(written)), "sha256")).digest(16 * len(rows))
    return sha(b"".join(sha(salts[16 * i : 16 * i + 16] + row) for i, row in enumerate(written))).hex()


db = sqlite3.connect("ledger.sqlite")
key = bytes.fromhex(db.execute("SELECT value FROM ledger_meta WHERE name = 'seal'").fetchone()[0])
previous = ""
for seq, *header, facts_digest, chain in db.execute("SELECT * FROM commits ORDER BY seq"):
    outline = []
    for table, (leaves, sorts) in TABLES.items():
        rows = db.execute(f"SELECT * FROM {{table}} WHERE commit_seq = ? ORDER BY ord", (seq,)).fetchall()
        cells = [row[2:] for row in rows]
        chunks = [cells[i : i + {chunk}] for i in range(0, len(cells), {chunk})]
        if chunks:
            outline.append([table, len(cells), [chunk_digest(leaves, sorts, chunk) for chunk in chunks]])
    assert sha(encoded(outline)).hex() == facts_digest, f"commit {{seq}}: its facts were changed"
    body = sha(encoded([*header, facts_digest])).hex()
    assert sha(encoded([previous, seq, body])).hex() == chain, f"commit {{seq}}: its header was changed"
    previous = chain
print("in order:", seq, "commits, the last link is", previous)
"""

VECTORS = (
    (AREAS, [("C01", 1, "第一社区", "community", None, "C01"), ("C02", 2, "", "community", None, "C02")]),
    (DRAWS, [("K1", 8, "2023-03-06", "wangge/sample", 1, 10, 1, 1, None)]),
)
"""Changes whose digests the page gives, so that a checker in another language can be tried."""

KEY = bytes(range(32))


def page() -> str:
    """Return the page of facts."""
    sorts = [(md.code(sort), wire, looks, md.code(DTYPES[sort])) for sort, (wire, looks) in WIRE.items()]
    overview = [(f"[{md.code(t.name)}](#{_anchor(t)})", t.doc) for t in (COMMITS, *FACT_TABLES, *BESIDE)]
    return md.page(
        "Facts",
        "The tables of a ledger. Rows are added and never changed, so the state as of commit *n* is the rows with "
        "`commit_seq <= n`. The last three tables alone can be erased from, and hold no facts: "
        "[what is private](../explanation/privacy.md). "
        "The tables are declared once, in `zoufang.facts`: the ledger writes them, the analysis "
        "reads them, and `zoufang.facts.tables()` gives them as SQLAlchemy tables.",
        md.table(("table", "holds"), overview),
        "## Cells",
        "A cell is a JSON string, an integer or null, in the database as in the digest; only PostgreSQL keeps a day as "
        "a `date`. Its texts have the collation `C`: they sort by code point, as on SQLite.",
        md.table(("sort", "is stored as a", "and looks like", "and is read as"), sorts),
        "`zoufang.analysis.read_frames(ledger, table)` reads a table as pandas frames of at most so many rows, "
        "`read_frame` as one. A frame begins with `commit_seq` and `ord`, both `int64`; its other columns have the "
        "dtypes that stand beside them below, the same on every database, with every pandas, and where there is no "
        "row. A commitment is not read: `has_name` says whether there is a `name_ref`.",
        "## The canonical bytes",
        "The rows of a table, without `commit_seq` and `ord`, are cut into chunks of "
        f"{CHUNK:,}, in their order. A chunk is written column by column: of a number eight bytes, the lowest first, "
        "in two's complement; of anything else its UTF-8 and a byte 0. A number that is null is -2^63, another null "
        "cell is the byte 1; no cell may be or hold these. The digest of a chunk is the HMAC-SHA-256, under the "
        "seal's key, of the SHA-256 of these bytes. (The key stands in `ledger_meta`, named `seal`. Without it nobody "
        "who sees a digest can try which rows would give it.)",
        "In the tables " + md.codes(t.name for t in FACT_TABLES if t.leaves) + " each row has a digest of its own, so "
        "that the history of one ticket can be shown without its neighbours. A row is written as the JSON array of its "
        "cells; its digest is the SHA-256 of a salt of sixteen bytes and these bytes. The salts of a chunk are the "
        "SHAKE-256 of the HMAC-SHA-256, under the key, of the SHA-256 of the rows with line feeds between them. The "
        "digest of the chunk is the SHA-256 of its rows' digests, one after the other.",
        "A commit's outline is the JSON array of `[table, number of rows, [digest of each chunk]]` for each table that "
        "has rows in it, in the order above; its SHA-256 is `facts_digest`. The SHA-256 of the JSON array of the "
        "header's values from `recorded_at` to `facts_digest` is the digest of the commit's body, and its link is the "
        "SHA-256 of the JSON array of the link before it (an empty string for the first), `seq`, and the digest of the "
        "body. JSON is written in UTF-8 without blanks, strings escaped as RFC 8785 says; digests are hexadecimal.",
        "So a ledger can be checked without this library, in any language. In plain Python:",
        f"```python\n{WITHOUT_US.format(tables=_tables(), chunk=CHUNK)}```",
        "`zoufang verify` does the same, looks further for rows that belong to no commit, and checks the private "
        "texts against their commitments. A missing text is in order only where a fact of `erased_texts` names it.",
        f"To try a checker: with the key `{KEY.hex()}`, these rows give these digests.",
        md.table(("table", "rows", "`facts_digest` of a commit with them"), map(_vector, VECTORS)),
        *(_section(table) for table in (COMMITS, *FACT_TABLES, *BESIDE)),
    )


def _tables() -> str:
    return "\n".join(
        f'    "{table.name}": ({table.leaves}, "{"".join("n" if c.sort is Sort.INT else "t" for c in table.columns)}"),'
        for table in FACT_TABLES
    )


def _vector(vector: tuple[FactTable, list[WireRow]]) -> tuple[str, str, str]:
    table, rows = vector
    _, digest = digest_facts({table.name: rows}, KEY)
    return md.code(table.name), md.code(canonical(rows).decode()), md.code(digest)


def _anchor(table: FactTable) -> str:
    return table.name.replace("_", "-")


def _section(table: FactTable) -> str:
    read = () if table in BESIDE else list(dtypes(table.name).items())[-len(table.columns) :]
    rows = [
        (md.code(column.name), md.code(column.sort), *dtype, "may be null" if column.null else "", column.doc)
        for column, dtype in zip_longest(table.columns, map(_read, read), fillvalue=())
    ]
    key = f"\n\nUnique: {md.codes(table.key)}." if table.key else ""
    title = table.name.replace("_", " ")
    names = ("column", "sort", *(["is read as"] if read else []), "", "means")
    return f"## {title}\n\n{table.doc}\n\n{md.table(names, rows)}{key}"


def _read(column: tuple[str, str]) -> tuple[str]:
    name, dtype = column
    return (f"{md.code(name)}, {md.code(dtype)}" if name.startswith("has_") else md.code(dtype),)
