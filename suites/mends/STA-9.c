/* Around daemon(3). */
static void detach(void)
{
    signal(SIGHUP, SIG_IGN);          /* its launcher's exit hangs up */
    if (daemon(0, 0) < 0) {
        perror("daemon");
        _exit(1);
    }
    signal(SIGHUP, SIG_DFL);          /* after setsid(): or your handler */
}
