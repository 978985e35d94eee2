"""STP: how the daemon ends."""

from daemonspec import DAEMON_7, PEP_3143, REQUIRED, assume, clause, require


@clause(
    "STP-1",
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("New-Style Daemons, SIGTERM"),
        PEP_3143.at("signal_map, SIGTERM"),
    ),
)
def test_ends_when_asked(launch, control):
    """A daemon ends when it is asked to: by SIGTERM, or by the stop command that it declares.

    What does not end is killed by whoever manages it, after a timeout that holds up every shutdown
    and restart, and without a chance to write its data (containers/podman #3452, SIGTERM blocked).
    How long it may take is policy: `--stop-timeout`.

    Control: the same daemon with SIGTERM ignored, which the signal alone does not end.

    Mend: leave SIGTERM at its default, or set a flag in its handler and leave the main loop.
    """
    survived = control.once("ignores-sigterm", _outlives_sigterm)
    daemon = launch()

    ended = daemon.stop()

    assume(survived, "a daemon that ignores SIGTERM ended all the same")
    require(ended, daemon.last_seen)


def _outlives_sigterm(daemon):
    return daemon.receive("SIGTERM")["SIGTERM"] != "gone"
