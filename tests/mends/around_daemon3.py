# passes: STA-9

import os
import signal

PAGE(STA-9)

detach()
while True:
    signal.pause()
