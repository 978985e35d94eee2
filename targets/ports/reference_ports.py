"""The reference, which serves on its ports: nothing of it is replaced."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import main

if __name__ == "__main__":
    main()
