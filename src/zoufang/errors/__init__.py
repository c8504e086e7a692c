"""Every error: what, about which, and what would be allowed; in Chinese and English, with its data.

No message holds a person's name, number, telephone or words: ids and places only.
"""

from zoufang.errors.base import (
    BadInputError,
    ZoufangError,
)
from zoufang.errors.files import (
    BadCellsError,
    FileError,
    InFileError,
    MappingError,
    MissingColumnError,
    NothingDueError,
    PlanNotSoundError,
)
from zoufang.errors.ledgers import (
    BusyError,
    LedgerError,
    NotALedgerError,
    OccupiedError,
    OtherPlanError,
    RefusedFactError,
    SchemaError,
    StorageError,
    SubmissionConflictError,
    UnreadableError,
)
from zoufang.errors.plans import (
    NotACampaignError,
    PlanError,
    PlanProblemsError,
)
from zoufang.errors.plugins import (
    PluginCallError,
    PluginConflictError,
    PluginError,
    PluginLoadError,
    PluginReturnError,
    PluginSettingsError,
    PluginSpecError,
)
from zoufang.errors.records import (
    AreaLoopError,
    BadValueError,
    ConflictError,
    DuplicateIdError,
    UnknownAreaError,
    UnknownIdError,
)
from zoufang.errors.steps import (
    BackwardsError,
    ContestedLeadError,
    IllegalStepError,
    MissingPartError,
    NotAllowedError,
    RefusedError,
    SamePersonError,
    StaleError,
)

__all__ = [
    "AreaLoopError",
    "BackwardsError",
    "BadCellsError",
    "BadInputError",
    "BadValueError",
    "BusyError",
    "ConflictError",
    "ContestedLeadError",
    "DuplicateIdError",
    "FileError",
    "IllegalStepError",
    "InFileError",
    "LedgerError",
    "MappingError",
    "MissingColumnError",
    "MissingPartError",
    "NotACampaignError",
    "NotALedgerError",
    "NotAllowedError",
    "NothingDueError",
    "OccupiedError",
    "OtherPlanError",
    "PlanError",
    "PlanNotSoundError",
    "PlanProblemsError",
    "PluginCallError",
    "PluginConflictError",
    "PluginError",
    "PluginLoadError",
    "PluginReturnError",
    "PluginSettingsError",
    "PluginSpecError",
    "RefusedError",
    "RefusedFactError",
    "SamePersonError",
    "SchemaError",
    "StaleError",
    "StorageError",
    "SubmissionConflictError",
    "UnknownAreaError",
    "UnknownIdError",
    "UnreadableError",
    "ZoufangError",
]
