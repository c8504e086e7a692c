"""Plan files as data: a campaign that was really held, and a blank template to copy.

Nothing is imported from here; `zoufang.intake.plans` reads the files.
"""
