"""A page in headless Chromium, with a keyboard: the DevTools protocol over two pipes."""

import json
import os
import subprocess

_OPTIONS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--remote-debugging-pipe",
)  # fmt: skip
_COMMANDS, _ANSWERS = 3, 4  # descriptors of --remote-debugging-pipe
_KEYS = {"Tab": 9, "ArrowRight": 39}  # as windowsVirtualKeyCode


class Browser:
    """Chromium with one page."""

    def __init__(self, directory):
        commands, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        words = [*_OPTIONS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
        # Beyond the numbers that they are to have, so that neither takes the other's.
        command = f'exec {_COMMANDS}<&{commands} {_ANSWERS}>&{answers}; exec "$@"'
        self._process = subprocess.Popen(
            ["bash", "-c", command, "-", "chromium", *words, f"--user-data-dir={directory}"],
            pass_fds=(commands, answers), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self._rest = b""
        self._number = 0
        self._session = None

    def __enter__(self):
        (page,) = (
            one for one in self._ask("Target.getTargets")["targetInfos"] if one["type"] == "page"
        )
        attached = self._ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        self._ask("Page.enable")
        return self

    def __exit__(self, *exception):
        self._session = None
        self._ask("Browser.close")
        self._process.wait(60)
        os.close(self._commands)
        os.close(self._answers)

    def open(self, path):
        """Open a file; return when it is loaded."""
        self._ask("Page.navigate", url=path.as_uri())
        while self._hear().get("method") != "Page.loadEventFired":
            pass

    def press(self, key):
        """Press a key and let it go."""
        for kind in ("rawKeyDown", "keyUp"):
            code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
            self._ask("Input.dispatchKeyEvent", type=kind, **code)

    def value(self, expression):
        """Return what a JavaScript expression is in the page."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def _ask(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (answer := self._hear()).get("id") != self._number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def _hear(self):
        """Return the next message.  Raises EOFError when Chromium has ended."""
        while b"\0" not in self._rest:
            piece = os.read(self._answers, 1 << 16)
            if not piece:
                raise EOFError(f"chromium ended with status {self._process.wait()}")
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)
