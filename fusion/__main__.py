"""`python -m fusion` is `fusion`."""

import sys

from fusion.cli import main

sys.exit(main())
