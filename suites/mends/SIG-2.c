/* Before any handler is installed. */
static void reset_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);      /* EINVAL for those that cannot */
}
