"""UNI: what a unit gives its service to live in: a sandbox, directories, a user."""

from daemonspec import RECOMMENDED, SYSTEMD_EXEC, assume, clause, facts_of, require


@clause(
    "UNI-11",
    since="0.2.0",
    unit=RECOMMENDED,
    source=SYSTEMD_EXEC.at("SANDBOXING; SYSTEM CALL FILTERING; CAPABILITIES"),
)
def test_works_under_its_sandbox(unit_sandbox):
    """Is refused nothing by its own sandbox.

    Wrong: The daemon makes a call that its unit's own sandbox refuses.

    Why: The service starts, and does not do what it needed that call for: an authorization is not
    written (usbguard #363), an interface is not found (unbound #350). A line in a log is often all
    that tells.

    Test: The service is started, used, reloaded and stopped with the unit's sandbox and without it,
    while its calls are traced. A call that is refused with the sandbox only is a finding. Then
    directives are taken back until it is known which of them refuses it. clone3(2) is refused on
    purpose (RestrictNamespaces=), and does not count. A unit without a sandbox is not judged.

    Control: A unit that cannot write its own file, by ProtectSystem=strict.

    Mend: Loosen that directive: declare StateDirectory= or ReadWritePaths=, name the address family
    or the group of calls. Or have the daemon do without the call.

    Unit: StateDirectory=mydaemon
    """
    faults = unit_sandbox.of_target().faults  # first: of many units there is nothing to judge

    faults_of_control = unit_sandbox.of("is-refused-its-own-file.service").faults

    assume(faults_of_control, "the control was refused nothing")
    require(not faults, "; ".join(map(str, faults)), facts=facts_of(*faults))


@clause(
    "UNI-12",
    since="0.2.0",
    unit=RECOMMENDED,
    source=SYSTEMD_EXEC.at("RuntimeDirectory=, StateDirectory=, CacheDirectory=, LogsDirectory="),
)
def test_starts_on_empty_directories(unit_on_empty_directories):
    """Starts with /run and its own directories empty.

    Wrong: The service needs a file or a directory that neither the unit nor tmpfiles.d declares.

    Why: /run is empty after each boot, and a cache may be deleted at any time: the service ran
    since its installation, and does not come up after the next reboot (fapolicyd #258,
    sbt-native-packager #609, st2-packages #254).

    Test: `systemctl clean` removes what the unit's RuntimeDirectory=, CacheDirectory=,
    LogsDirectory= and StateDirectory= have. /run is empty, and so are the files in /var/cache. The
    service is started; if that fails, once more after systemd-tmpfiles --create.

    Control: A unit that needs a file in its cache.

    Mend: Declare RuntimeDirectory= and the like, or ship a tmpfiles.d file. Make at the start what
    the daemon needs in them.

    Unit: RuntimeDirectory=mydaemon
    """
    fault_of_control = unit_on_empty_directories.of("needs-its-cache.service").fault

    fault = unit_on_empty_directories.of_target().fault

    assume(fault_of_control, "the control started without its cache")
    require(not fault, f"with its directories empty {fault}", facts=["empty-directories"])


@clause(
    "UNI-13",
    since="0.2.0",
    unit=RECOMMENDED,
    source=SYSTEMD_EXEC.at("User=, Group=; SupplementaryGroups=; AmbientCapabilities="),
)
def test_runs_as_its_user(unit_identity):
    """Runs as the user that the unit names.

    Wrong: The unit has a User=, and a process of the service runs as another user, with more groups
    or with more capabilities.

    Why: Who reads the unit takes the service for confined. A command with `+` in front, a set-uid
    helper or a file capability keeps the privileges all the same (declarative-jellyfin #13).

    Test: The service is started. Each thread of each process must have the ids of User= and Group=,
    no groups but those of the account and SupplementaryGroups=, and no capabilities but those of
    AmbientCapabilities=. A unit without User= is not judged.

    Control: A unit whose ExecStart= has a `+` in front.

    Mend: Leave out the `+`, and put what needs root into ExecStartPre=+. Or remove User=, if the
    daemon gives up root itself.
    """
    faults = unit_identity.of_target().faults  # first: of most units there is nothing to judge

    faults_of_control = unit_identity.of("runs-as-root.service").faults

    assume(faults_of_control, "the control ran as its user")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))
