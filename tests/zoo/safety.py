"""Where an animal may do its worst."""

import os

MACHINE = os.environ.get("ZOO_PID_NAMESPACE", "")  # st_ino of the machine's /proc/self/ns/pid


def contained():
    """Whether kill(-1) can reach nobody on the machine; False where it is refused, too."""
    try:
        os.kill(-1, 0)
    except PermissionError:
        return False
    here = os.stat("/proc/self/ns/pid").st_ino
    if not MACHINE or here == int(MACHINE):
        raise OSError("nothing protects the machine from kill(-1)")
    return True
