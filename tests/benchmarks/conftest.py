"""Let the tests import the benchmarks: they stand beside the package, in nobody's installation."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))
