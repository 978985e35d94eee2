if (chdir("/") < 0)
    fail("chdir");                    /* fail(): daemonspec explain STA-8 */
