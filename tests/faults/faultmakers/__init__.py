"""Makers of faults: each does one bad thing to a ledger, and none of them asserts anything.

| module | what it does |
|---|---|
| `changes` | makes the changes that are committed, and says which of them stand whole in a ledger |
| `children` | work that is done in a process of its own |
| `clients` | many writers at once, as threads or as processes |
| `driver` | lets the Nth call to the database fail, kill the process, or meet a full disk |
| `fuzzing` | spoils workbooks and CSV files |
| `killing` | starts processes and kills them |
| `lines` | cuts the line to a PostgreSQL server |
| `migrating` | migrates a ledger, and dies on the way |
| `script` | a small campaign as a list of steps |
| `tampering` | edits a ledger's file by hand |
| `tearing` | cuts and garbles a write-ahead log |
"""
