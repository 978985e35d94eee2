/* In the launcher, before the first fork(). */
static void ignore_hangups(void)
{
    signal(SIGHUP, SIG_IGN);
}

/* In the daemon, after setsid(). */
static void handle_hangups(void (*reload)(int))
{
    struct sigaction action = {.sa_handler = reload};

    if (sigaction(SIGHUP, &action, NULL) < 0)
        fail("sigaction");            /* fail(): daemonspec explain STA-8 */
}
