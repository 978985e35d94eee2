pytest_plugins = ("daemonspec.plugin",)
