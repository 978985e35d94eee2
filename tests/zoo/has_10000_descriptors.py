"""Opens 10,000 descriptors, or as many as it is allowed."""

import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class Has10000Descriptors(Daemon):
    def set_up(self):
        super().set_up()
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        for _ in range(min(10000, most - 50)):
            os.open("/dev/null", os.O_RDONLY)


if __name__ == "__main__":
    main(Has10000Descriptors)
