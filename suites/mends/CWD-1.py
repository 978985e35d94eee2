os.chdir("/")
