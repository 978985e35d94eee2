"""The C module behind signal, which the bare interpreter inside of a world imports."""

from signal import *  # noqa: F403
