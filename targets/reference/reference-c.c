// leaves out: NTF-1, NTF-2, NTF-3, NTF-4, NTF-5, NTF-7, ACT-1, ACT-2, ACT-3, ACT-4
/*
 * A daemon that follows daemon(7), "SysV Daemons", step by step: the twin of reference.py in C,
 * without its ports.
 *
 *     reference-c [--foreground] [--pidfile PATH] [--socket PATH] [--hook PATH]
 *
 * It answers "ok" to every connection to its UNIX socket.  The main process holds the socket and
 * the pidfile, and keeps one worker alive, which does the answering.  SIGTERM ends it, SIGUSR1
 * makes it start the hook, SIGHUP would make it read its configuration again if it had one.
 *
 * Step 13, dropping privileges, is missing: it never has more than its user gave it.
 */

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char READY[] = "ready";

static char pidfile[PATH_MAX];
static char draft[PATH_MAX + 16]; /* the pidfile before it has its name; empty when there is none */
static char socket_path[PATH_MAX];
static char hook[PATH_MAX];

static int complaints = STDERR_FILENO; /* where the reason of a failed start goes */
static bool made_pidfile, made_socket;
static int pidfile_lock = -1;
static int listener = -1;
static pid_t worker;

static volatile sig_atomic_t stop_asked, child_died, hook_asked;

/* ---- Ends ---- */

/* Leave nothing behind.  SIGKILL, because the worker may be stopped and has nothing to save. */
static void tidy_up(void)
{
    if (worker > 0) {
        kill(worker, SIGKILL);
        waitpid(worker, NULL, 0);
    }
    if (made_socket)
        unlink(socket_path);
    if (made_pidfile)
        unlink(pidfile);
    if (*draft)
        unlink(draft);
}

/* Say the last words.  Nobody may be left to hear them: a terminal that hung up answers EIO. */
static void say(int descriptor, const char *text, size_t length)
{
    if (write(descriptor, text, length) < 0)
        return;
}

static _Noreturn void give_up(const char *what, ...)
{
    const char *reason = strerror(errno);
    char detail[2 * PATH_MAX], text[3 * PATH_MAX];
    va_list arguments;

    tidy_up();
    va_start(arguments, what);
    vsnprintf(detail, sizeof detail, what, arguments);
    va_end(arguments);
    snprintf(text, sizeof text, "reference-c: cannot serve: %s: %s\n", detail, reason);
    say(complaints, text, strlen(text));
    _exit(1);
}

/* ---- Steps 1 to 4: a context of its own ---- */

/* Not a step of its own: started without 0-2, the pipe to the launcher would land there. */
static void fill_standard_streams(void)
{
    int null;

    do
        null = open("/dev/null", O_RDWR);
    while (null >= 0 && null <= STDERR_FILENO);
    if (null < 0)
        give_up("open /dev/null");
    close(null);
}

/* Step 1.  close_range(2) is of Linux 5.9. */
static void close_descriptors(void)
{
    if (close_range(3, ~0U, 0) == 0)
        return;
    DIR *open_ones = opendir("/proc/self/fd");
    if (!open_ones)
        give_up("opendir /proc/self/fd");
    for (struct dirent *entry; (entry = readdir(open_ones));) {
        int descriptor = atoi(entry->d_name); /* 0 for "." and ".." */
        if (descriptor > STDERR_FILENO && descriptor != dirfd(open_ones))
            close(descriptor);
    }
    closedir(open_ones);
}

static void set_disposition(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    if (sigaction(number, &action, NULL) < 0)
        give_up("sigaction of signal %d", number);
}

/* Step 2.  glibc answers EINVAL for the signals that it keeps to itself (nptl(7)). */
static void reset_signals(void)
{
    for (int number = 1; number < NSIG; number++) {
        struct sigaction found;
        if (sigaction(number, NULL, &found) == 0 && found.sa_handler != SIG_DFL)
            set_disposition(number, SIG_DFL);
    }
}

/* Step 3. */
static void unblock_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) < 0)
        give_up("sigprocmask");
}

/* Step 4. */
static void sanitise_environment(void)
{
    if (clearenv() != 0 || setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1) < 0)
        give_up("clearenv");
}

/* ---- Steps 5 to 11: away from the launcher ---- */

/*
 * Not a step: from the first fork on, a start finishes although its terminal hangs up.
 *
 * Otherwise the hangup can kill the launcher, whose promise is then lost, or the first child before
 * setsid().  The daemon has its own dispositions from watch_signals() on.
 */
static void ignore_the_terminal(void)
{
    set_disposition(SIGHUP, SIG_IGN);
    set_disposition(SIGINT, SIG_IGN);
    set_disposition(SIGQUIT, SIG_IGN);
}

/* Step 15, in the launcher: 0 means that the daemon serves. */
static _Noreturn void leave(int verdict)
{
    static const char died[] = "reference-c: died before it was ready\n";
    char answer[PIPE_BUF];
    ssize_t length = read(verdict, answer, sizeof answer);

    if (length == sizeof READY && memcmp(answer, READY, sizeof READY) == 0)
        _exit(0);
    if (length > 0)
        say(STDERR_FILENO, answer, (size_t)length);
    else
        say(STDERR_FILENO, died, sizeof died - 1);
    _exit(1);
}

/* Step 5.  Returns in the child; the launcher waits for the daemon's word. */
static void fork_from_launcher(void)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        give_up("pipe");
    pid_t child = fork();
    if (child < 0)
        give_up("fork");
    if (child > 0) {
        close(ends[1]);
        leave(ends[0]);
    }
    close(ends[0]);
    complaints = ends[1];
}

/* Step 6. */
static void new_session(void)
{
    if (setsid() < 0)
        give_up("setsid");
}

/* Steps 7 and 8: no session leader, hence no way to acquire a terminal (credentials(7)). */
static void fork_again(void)
{
    pid_t child = fork();

    if (child < 0)
        give_up("second fork");
    if (child > 0)
        _exit(0);
}

/* Step 9. */
static void null_standard_streams(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0)
        give_up("open /dev/null");
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (dup2(null, stream) < 0)
            give_up("dup2 onto %d", stream);
    close(null);
}

static void detach(void)
{
    fill_standard_streams();
    close_descriptors();
    reset_signals();
    unblock_signals();
    sanitise_environment();
    ignore_the_terminal();
    fork_from_launcher();
    new_session();
    fork_again();
    null_standard_streams();
    umask(0); /* step 10: everything below that makes a file says its mode */
    if (chdir("/") < 0) /* step 11 */
        give_up("chdir to /");
}

/* ---- Step 12: the pidfile ---- */

/* Remove a pidfile that nobody holds the lock of; give up if a living daemon does. */
static void remove_stale_pidfile(void)
{
    int found = open(pidfile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat ours, named;

    if (found < 0 && errno == ENOENT)
        return;
    if (found < 0 || fstat(found, &ours) < 0)
        give_up("%s", pidfile);
    if (flock(found, LOCK_EX | LOCK_NB) < 0)
        give_up("already running: another process holds %s", pidfile);
    /* Between open and flock another start may have replaced it: then this is not the file. */
    if (lstat(pidfile, &named) == 0 && ours.st_ino == named.st_ino && ours.st_dev == named.st_dev
        && unlink(pidfile) < 0 && errno != ENOENT)
        give_up("%s", pidfile); /* a directory, or a directory that is not ours to write */
    close(found);
}

/*
 * Step 12: the file appears complete and locked, or not at all.
 *
 * The lock is flock(2) and not fcntl(2): it belongs to the open file description, and ends with the
 * daemon, however it ends.
 */
static void take_pidfile(void)
{
    char name[sizeof draft];

    snprintf(name, sizeof name, "%s.%d", pidfile, (int)getpid());
    pidfile_lock = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (pidfile_lock < 0)
        give_up("%s", name);
    strcpy(draft, name);
    if (flock(pidfile_lock, LOCK_EX) < 0 || dprintf(pidfile_lock, "%d\n", (int)getpid()) < 0)
        give_up("%s", draft);
    while (link(draft, pidfile) < 0) { /* which never replaces a file */
        if (errno != EEXIST)
            give_up("%s", pidfile);
        remove_stale_pidfile();
    }
    made_pidfile = true;
    unlink(draft);
    *draft = '\0';
}

/* Step 14.  A launcher that is gone cannot say so: then this fails, and the start with it. */
static void announce(void)
{
    if (write(complaints, READY, sizeof READY) < 0)
        give_up("the launcher is gone");
    close(complaints);
    complaints = STDERR_FILENO;
}

/* ---- The service ---- */

static void note_signal(int number)
{
    if (number == SIGCHLD)
        child_died = 1;
    else if (number == SIGUSR1)
        hook_asked = 1;
    else if (number != SIGHUP)
        stop_asked = 1;
}

/*
 * Block the signals that main waits for: they arrive in sigsuspend(2) only, so none is missed.
 *
 * SIGPIPE and SIGXFSZ are ignored because write(2) reports the same as EPIPE and EFBIG, and an
 * error can be cleaned up after.
 */
static void watch_signals(void)
{
    static const int expected[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1};
    sigset_t blocked;

    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        sigaddset(&blocked, expected[i]);
    if (sigprocmask(SIG_BLOCK, &blocked, NULL) < 0)
        give_up("sigprocmask");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        set_disposition(expected[i], note_signal);
    set_disposition(SIGPIPE, SIG_IGN);
    set_disposition(SIGXFSZ, SIG_IGN);
    set_disposition(SIGQUIT, SIG_DFL);
}

/* A socket file that refuses connections has no process behind it (unix(7), ECONNREFUSED). */
static bool is_stale_socket(const struct sockaddr_un *address)
{
    struct stat found;

    if (lstat(socket_path, &found) < 0 || !S_ISSOCK(found.st_mode))
        return false;
    int caller = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (caller < 0)
        give_up("socket");
    bool refused = connect(caller, (const struct sockaddr *)address, sizeof *address) < 0
                   && errno == ECONNREFUSED;
    close(caller);
    return refused;
}

/* Bind the socket.  The file gets its mode, less the umask (net/unix/af_unix.c, unix_bind_bsd). */
static void open_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(socket_path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        give_up("%s", socket_path);
    }
    strcpy(address.sun_path, socket_path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || fchmod(listener, 0600) < 0)
        give_up("socket");
    if (is_stale_socket(&address))
        unlink(socket_path);
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) < 0)
        give_up("%s", socket_path);
    made_socket = true;
    if (listen(listener, SOMAXCONN) < 0)
        give_up("listen on %s", socket_path);
}

/* From here on the process is the worker: what main made is not its to keep or to remove. */
static void forget_main(void)
{
    made_pidfile = made_socket = false;
    if (pidfile_lock >= 0)
        close(pidfile_lock); /* or the lock would outlive main by a moment (flock(2)) */
    if (complaints != STDERR_FILENO)
        close(complaints);
    complaints = STDERR_FILENO;
}

/* Answer connections until main is gone. */
static _Noreturn void work(pid_t main_process)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != main_process)
        _exit(1);
    for (;;) {
        int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0 && errno != EINTR && errno != ECONNABORTED)
            _exit(1);
        if (connection < 0)
            continue;
        send(connection, "ok\n", 3, MSG_NOSIGNAL); /* it may be gone: that is the client's affair */
        close(connection);
    }
}

static void start_worker(void)
{
    pid_t main_process = getpid();

    worker = fork();
    if (worker < 0)
        give_up("fork of the worker");
    if (worker == 0) {
        forget_main();
        reset_signals(); /* before unblocking: a signal to the worker is not for main's handlers */
        unblock_signals();
        work(main_process);
    }
}

/* Start the hook as clean as main was started; no descriptor of main's outlives its exec(3). */
static void start_hook(void)
{
    pid_t child = fork();

    if (child == 0) {
        reset_signals();
        unblock_signals();
        execl(hook, hook, (char *)NULL);
        _exit(127);
    }
}

/* Bury every dead child, those inherited through exec(3) too; return whether the worker is dead. */
static bool reap(void)
{
    bool worker_died = false;

    for (pid_t child; (child = waitpid(-1, NULL, WNOHANG)) > 0;)
        worker_died |= child == worker;
    return worker_died;
}

/* Sleep until a signal comes; return when it asks to stop. */
static void serve(void)
{
    sigset_t none;

    sigemptyset(&none);
    while (!stop_asked) {
        if (child_died) {
            child_died = 0;
            if (reap())
                start_worker();
        }
        if (hook_asked) {
            hook_asked = 0;
            if (*hook)
                start_hook();
        }
        sigsuspend(&none);
    }
}

/* ---- Start ---- */

static _Noreturn void usage(void)
{
    static const char text[] =
        "usage: reference-c [--foreground] [--pidfile PATH] [--socket PATH] [--hook PATH]\n";

    say(STDERR_FILENO, text, sizeof text - 1);
    _exit(2);
}

/*
 * Store the path as an absolute one: a relative path means the launch directory.  The directory is
 * resolved now, because that one may be gone when the daemon removes its files.
 */
static void set_path(char stored[static PATH_MAX], const char *path)
{
    char directory[PATH_MAX], resolved[PATH_MAX];

    if (!path || !*path)
        usage();
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    snprintf(directory, sizeof directory, "%.*s", (int)(name - path), path);
    if (!realpath(slash ? directory : ".", resolved))
        give_up("%s", path);
    if (snprintf(stored, PATH_MAX, "%s/%s", resolved, name) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        give_up("%s", path);
    }
}

int main(int count, char **words)
{
    bool foreground = false;

    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--foreground") == 0)
            foreground = true;
        else if (strcmp(words[i], "--pidfile") == 0)
            set_path(pidfile, words[++i]);
        else if (strcmp(words[i], "--socket") == 0)
            set_path(socket_path, words[++i]);
        else if (strcmp(words[i], "--hook") == 0)
            set_path(hook, words[++i]);
        else
            usage();
    }
    if (foreground)
        fill_standard_streams(); /* a service manager did steps 1 to 11 */
    else
        detach();
    watch_signals(); /* first, so that from here on SIGTERM leaves nothing behind */
    if (*pidfile)
        take_pidfile();
    if (*socket_path) {
        open_socket();
        start_worker();
    }
    if (!foreground)
        announce();
    serve();
    tidy_up();
    _exit(0);
}
