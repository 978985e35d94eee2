os.umask(0o022)
