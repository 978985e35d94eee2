# breaks: STA-1, STA-2, STA-3, STA-8
# not in: foreground
"""Its launcher returns when the UDP port is bound; the TCP port of the same number comes later.

A client that comes at once is refused there, and a start whose TCP port is taken reports success.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ListensAtItsTcpPortLate(Daemon):
    def listen(self):
        self.listen_at_port("udp", self.udp)

    def start_worker(self):
        if len(self.listeners) > 1:
            super().start_worker()

    def serve(self):
        self.listen_at_port("tcp", self.tcp)
        self.start_worker()
        super().serve()


if __name__ == "__main__":
    main(ListensAtItsTcpPortLate)
