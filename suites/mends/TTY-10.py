# After the last message to the user.
def release_terminals():
    null = os.open("/dev/null", os.O_RDWR)
    for number in map(int, os.listdir("/proc/self/fd")):
        if os.isatty(number):
            os.dup2(null, number)
    if null > 2:
        os.close(null)
