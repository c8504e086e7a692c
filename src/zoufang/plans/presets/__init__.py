"""Published time limits as data: one file a rule set, usable by its name in a plan.

A file never changes once it is released, because plans in ledgers rest on it; a new rule is a new name.
"""
