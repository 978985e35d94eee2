"""A daemon that follows daemon(7), "SysV Daemons", step by step.

    reference.py [--foreground] [--pidfile PATH] [--socket PATH] [--tcp ADDRESS:PORT]
                 [--udp ADDRESS:PORT] [--hook PATH]

It answers "ok" to every connection to its UNIX socket and its TCP port, and to every "ping" at its
UDP port.  The main process holds the sockets and the pidfile, and keeps one worker alive, which
does the answering.  A service manager may give it its sockets (sd_listen_fds(3)), and hears when it
serves, that it lives, and when it stops (sd_notify(3)).  SIGTERM ends it, SIGUSR1 makes it start
the hook, SIGHUP would make it read its configuration again if it had one.

Each step is one method of `Daemon`, so that a mutant is this daemon with one method replaced.
Step 13, dropping privileges, has no method: it never has more than its user gave it.
"""

import fcntl
import os
import select
import signal
import socket
import stat
import sys
import time

READY = b"ready"
STDERR = 2
FIRST_GIVEN = 3  # SD_LISTEN_FDS_START, sd_listen_fds(3)
OF_THE_MANAGER = (
    "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
)  # fmt: skip
PING = b"ping"
USAGE = (
    b"usage: reference [--foreground] [--pidfile PATH] [--socket PATH] [--tcp ADDRESS:PORT]"
    b" [--udp ADDRESS:PORT] [--hook PATH]\n"
)


class Daemon:
    def __init__(self, pidfile=None, socket_path=None, hook=None, tcp=None, udp=None):
        self.pidfile = pidfile
        self.socket_path = socket_path
        self.tcp = tcp  # (address, port), as udp
        self.udp = udp
        self.hook = hook
        self.listeners = []  # what clients come to
        self.complaints = STDERR  # where the reason of a failed start goes
        self.made = []  # paths to remove at the end, oldest first
        self.worker = None
        self.watchdog = 0  # seconds within which it tells that it lives

    def run_detached(self):
        self.run(self.detach, self.set_up, self.announce, self.serve)

    def run_in_foreground(self):
        """For a service manager, which did steps 1 to 11 (daemon(7), "New-Style Daemons").

        Not every one opens 0 to 2, and the socket is not to be one of them.
        """
        self.watchdog = self.watchdog_seconds()
        self.run(self.fill_standard_streams, self.set_up, self.tell_that_it_serves, self.serve)

    def run(self, *stages):
        try:
            for stage in stages:
                stage()
        except OSError as error:
            self.give_up(error)
        self.tidy_up()
        os._exit(0)

    def detach(self):
        """Steps 1 to 11 in their order.  Only the daemon returns from here."""
        self.fill_standard_streams()
        self.close_descriptors()
        self.reset_signals()
        self.unblock_signals()
        self.sanitise_environment()
        self.ignore_the_terminal()
        verdict, promise = os.pipe()
        if self.fork():
            os.close(promise)
            self.leave(os.read(verdict, select.PIPE_BUF))
        os.close(verdict)
        self.complaints = promise
        self.new_session()
        self.fork_again()
        self.null_standard_streams()
        self.reset_umask()
        self.leave_directory()

    def set_up(self):
        self.watch_signals()  # first, so that from here on SIGTERM leaves nothing behind
        if self.pidfile:
            self.take_pidfile()
        if self.socket_path or self.tcp or self.udp:
            self.listen()
            self.start_worker()

    # The steps

    def fill_standard_streams(self):
        """Not a step of its own: started without 0-2, the pipe to the launcher would land there."""
        while (null := os.open("/dev/null", os.O_RDWR)) <= STDERR:
            pass
        os.close(null)

    def close_descriptors(self):
        """Step 1."""
        close_all_but({0, 1, 2})

    def reset_signals(self):
        """Step 2.  It is not idle even after a clean start: CPython ignores SIGPIPE and SIGXFSZ."""
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            if signal.getsignal(number) != signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)

    def unblock_signals(self):
        """Step 3."""
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def sanitise_environment(self):
        """Step 4."""
        os.environ.clear()
        os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"

    def ignore_the_terminal(self):
        """Not a step: from the first fork on, a start finishes although its terminal hangs up.

        Otherwise the hangup can kill the launcher, whose promise is then lost, or the first child
        before setsid().  The daemon has its own dispositions from `watch_signals` on.
        """
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)

    def fork(self):
        """Step 5."""
        return os.fork()

    def new_session(self):
        """Step 6."""
        os.setsid()

    def fork_again(self):
        """Steps 7 and 8: no session leader, hence no way to acquire a terminal (credentials(7))."""
        if self.fork():
            os._exit(0)

    def null_standard_streams(self):
        """Step 9."""
        null = os.open("/dev/null", os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.close(null)

    def reset_umask(self):
        """Step 10.  Everything below that makes a file says its mode."""
        os.umask(0)

    def leave_directory(self):
        """Step 11."""
        os.chdir("/")

    def take_pidfile(self):
        """Step 12: the file appears complete and locked, or not at all.

        The lock is flock(2) and not fcntl(2): it belongs to the open file description, and ends
        with the daemon, however it ends.
        """
        draft = f"{self.pidfile}.{os.getpid()}"
        lock = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.write(lock, b"%d\n" % os.getpid())
            while not linked(draft, self.pidfile):
                remove_stale_pidfile(self.pidfile)
            self.made.append(self.pidfile)
        finally:
            os.unlink(draft)

    def announce(self):
        """Step 14.  If the launcher is gone, and cannot say so, this and the start fail."""
        os.write(self.complaints, READY)
        os.close(self.complaints)
        self.complaints = STDERR

    def leave(self, answer):
        """Step 15, in the launcher: 0 means that the daemon serves."""
        if answer == READY:
            os._exit(0)
        say(STDERR, answer or b"reference: died before it was ready\n")
        os._exit(1)

    # The service

    def watch_signals(self):
        """Turn signals into bytes to wait for.

        SIGPIPE and SIGXFSZ are ignored because write(2) reports the same as EPIPE and EFBIG, and
        an error can be cleaned up after.
        """
        self.arrivals, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup)
        for number in (
            signal.SIGTERM,
            signal.SIGINT,
            signal.SIGHUP,
            signal.SIGCHLD,
            signal.SIGUSR1,
        ):
            signal.signal(number, lambda *_: None)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)

    @property
    def listener(self):
        return self.listeners[0]

    def listen(self):
        """Take the sockets that were given, and bind what else clients come to."""
        self.listeners.extend(self.take_sockets())
        given = {one.family for one in self.listeners}
        if self.socket_path and socket.AF_UNIX not in given:
            self.listen_at_path()
        if self.tcp and not given & {socket.AF_INET, socket.AF_INET6}:
            self.listen_at_port("tcp", self.tcp)
        if self.udp:
            self.listen_at_port("udp", self.udp)

    def take_sockets(self):
        return given_sockets()

    def listen_at_path(self):
        """Bind the socket.  The file gets its mode, less the umask (af_unix.c, unix_bind_bsd)."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self.listeners.append(listener)
        os.fchmod(listener.fileno(), 0o600)
        if is_stale_socket(self.socket_path):
            os.unlink(self.socket_path)
        try:
            listener.bind(self.socket_path)
        except OSError as error:
            raise OSError(f"{error}: {self.socket_path}") from None  # bind(2) names no path
        self.made.append(self.socket_path)
        listener.listen()

    def listen_at_port(self, kind, address):
        listener = self.open_port(kind)
        self.listeners.append(listener)
        try:
            listener.bind(address)
            if kind == "tcp":
                listener.listen()
        except OSError as error:
            raise OSError(error.errno, f"{error.strerror}: {kind} {spelt(address)}") from None

    def open_port(self, kind):
        """Return a socket for a "tcp" or "udp" port, not bound yet.

        SO_REUSEADDR: ended connections keep a TCP port for a minute (TIME_WAIT, tcp(7)).  With it,
        a UDP port would be shared with any process that wants it too.
        """
        type_ = socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM
        made = socket.socket(socket.AF_INET, type_ | socket.SOCK_NONBLOCK)
        if kind == "tcp":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return made

    def serve(self):
        """Sleep until a signal comes; return when it asks to stop."""
        while True:
            for number in self.next_signals():
                if number in (signal.SIGTERM, signal.SIGINT):
                    self.tell_that_it_stops()
                    return
                if number == signal.SIGHUP:
                    self.reload()
                if number == signal.SIGUSR1 and self.hook:
                    self.start_hook()
                if number == signal.SIGCHLD and self.worker in self.reap():
                    self.start_worker()

    def tell_that_it_serves(self):
        tell("READY=1")

    def reload(self):
        """It has no configuration to read again, and says so as if it had."""
        self.tell_that_it_reloads()
        self.tell_that_it_serves()

    def tell_that_it_reloads(self):
        tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def tell_that_it_stops(self):
        tell("STOPPING=1")

    def tell_that_it_lives(self):
        tell("WATCHDOG=1")

    def watchdog_seconds(self):
        return watchdog_seconds()

    def next_signals(self):
        """Wait for signals; meanwhile tell the watchdog twice as often as it asks for."""
        while self.watchdog and not select.select([self.arrivals], [], [], self.watchdog / 2)[0]:
            self.tell_that_it_lives()
        return os.read(self.arrivals, select.PIPE_BUF)

    def start_worker(self):
        """Fork the worker with all signals blocked.

        Until it has given up main's handlers, a signal to the worker would arrive in main's pipe.
        """
        main, self.worker = os.getpid(), None
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        self.worker = os.fork()
        if not self.worker:
            self.work(main)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def work(self, main):
        """Be the worker.  Never return into main's code."""
        try:
            signal.set_wakeup_fd(-1)
            Daemon.reset_signals(self)
            Daemon.unblock_signals(self)
            close_all_but({0, 1, 2, *(one.fileno() for one in self.listeners)})
            self.answer_clients(os.pidfd_open(main))
        finally:
            os._exit(1)

    def answer_clients(self, main_gone):
        """Answer clients until the descriptor `main_gone` is readable."""
        found = []
        while main_gone not in found:
            for listener in found:
                answer(listener)
            found = select.select([*self.listeners, main_gone], [], [])[0]

    def start_hook(self):
        """Fork with all signals blocked, as for the worker; `reap` buries it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        if not os.fork():
            try:
                self.forget_the_manager()
                self.become_hook()
            finally:
                os._exit(127)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def forget_the_manager(self):
        """What was meant for main is not handed on: a hook could report or listen in its name."""
        for name in OF_THE_MANAGER:
            os.environ.pop(name, None)

    def become_hook(self):
        """Give it what main wanted for itself at its own start; every descriptor ends at exec."""
        signal.set_wakeup_fd(-1)
        Daemon.reset_signals(self)
        Daemon.unblock_signals(self)
        os.execv(self.hook, [self.hook])

    def reap(self):
        """Bury every dead child, those inherited through exec(3) too; return their pids."""
        buried = set()
        try:
            while child := os.waitpid(-1, os.WNOHANG)[0]:
                buried.add(child)
        except ChildProcessError:
            pass  # that was the last one
        return buried

    def tidy_up(self):
        """Leave nothing behind.  SIGKILL: the worker may be stopped, and has nothing to save."""
        if self.worker:
            os.kill(self.worker, signal.SIGKILL)
            os.waitpid(self.worker, 0)
        for path in reversed(self.made):
            try:
                os.unlink(path)
            except OSError:
                pass  # somebody else removed it, or took the right to

    def give_up(self, error):
        self.tidy_up()
        say(self.complaints, f"reference: cannot serve: {error}\n".encode())
        os._exit(1)


def close_all_but(kept):
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                pass  # the descriptor that listed the directory is closed already


def linked(draft, path):
    """Give `draft` its real name; return False if that name is taken (link(2) never replaces)."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    return True


def remove_stale_pidfile(path):
    """Remove a pidfile that nobody holds the lock of.  Raises OSError if a living daemon does."""
    try:
        found = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Between open and flock another start may have replaced it: then this is not the file.
        if os.path.samestat(os.fstat(found), os.lstat(path)):
            os.unlink(path)
    except BlockingIOError:
        raise OSError(f"already running: another process holds {path}") from None
    except FileNotFoundError:
        pass
    finally:
        os.close(found)


def is_stale_socket(path):
    """A socket file that refuses connections has no process behind it (unix(7), ECONNREFUSED)."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as caller:
            caller.connect(path)
    except (FileNotFoundError, BlockingIOError):
        return False
    except ConnectionRefusedError:
        return True
    return False


def spelt(address):
    return "{}:{}".format(*address)


def parse_address(text):
    """Return (address, port).  Raises ValueError."""
    host, _, port = text.rpartition(":")
    if not 0 < int(port) < 65536:
        raise ValueError(text)
    return host, int(port)


def answer(listener):
    """Answer one client.  It may be gone by now: that is the client's affair."""
    try:
        if listener.type == socket.SOCK_DGRAM:
            answer_datagram(listener)
        else:
            answer_connection(listener)
    except (BlockingIOError, ConnectionError):
        pass


def answer_connection(listener):
    """MSG_MORE: the answer travels with its end, so that it is always this side that ends first."""
    connection, _ = listener.accept()
    with connection:
        connection.send(b"ok\n", socket.MSG_NOSIGNAL | socket.MSG_MORE)


def answer_datagram(listener):
    """Answer a request alone: two services that answer anything would keep each other busy."""
    request, client = listener.recvfrom(len(PING))
    if request == PING:
        listener.sendto(b"ok\n", client)


def tell(state):
    """Tell the service manager, if there is one (sd_notify(3)); one that is gone hears nothing."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if path[:1] not in ("/", "@"):
        return
    address = path if path.startswith("/") else "\0" + path[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as teller:
        try:
            teller.sendto(state.encode(), address)
        except OSError:
            pass


def watchdog_seconds():
    """Return within how many seconds it is to tell that it lives, or 0 (sd_watchdog_enabled(3))."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0
    return int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6


def given_sockets():
    """Return the sockets that are meant for this process (sd_listen_fds(3))."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    given = [socket.socket(fileno=FIRST_GIVEN + number) for number in range(count)]
    for one in given:
        one.setblocking(False)
        os.set_inheritable(one.fileno(), False)
    return given


def say(descriptor, text):
    """Say the last words.  Nobody may be left to hear them: a terminal that hung up answers EIO."""
    try:
        os.write(descriptor, text)
    except OSError:
        pass


def main(daemon_class=Daemon):
    try:
        options = parse(sys.argv[1:])
    except ValueError:
        say(STDERR, USAGE)
        sys.exit(2)
    foreground = options.pop("foreground", False)
    daemon = daemon_class(**options)
    if foreground:
        daemon.run_in_foreground()
    else:
        daemon.run_detached()


def parse(words):
    """Return the Daemon's arguments, and "foreground" if it is to stay.  Raises ValueError."""
    paths = {"--pidfile": "pidfile", "--socket": "socket_path", "--hook": "hook"}
    options, words = {}, iter(words)
    for word in words:
        if word == "--foreground":
            options["foreground"] = True
            continue
        value = next(words, "")
        if word in paths and value:
            options[paths[word]] = os.path.abspath(value)  # relative to the launch directory
        elif word in ("--tcp", "--udp"):
            options[word[2:]] = parse_address(value)
        else:
            raise ValueError(word)
    return options


if __name__ == "__main__":
    main()
