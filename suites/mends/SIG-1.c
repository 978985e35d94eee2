/* First of all. */
static void unblock_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    if (sigprocmask(SIG_SETMASK, &none, NULL) < 0)
        fail("sigprocmask");          /* fail(): daemonspec explain STA-8 */
}
