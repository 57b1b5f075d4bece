"""`nianbao sql -i` in a real terminal: several lines, help, completion, an interrupt, history."""

import os
import pty
import select
import signal
import sys
import time
from contextlib import suppress

import pytest
from toy import toy_release

from nianbao.warehouse.release import DATABASE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals of Unix")


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, *arguments, **environment):
        self.seen = ""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.environ.update(environment)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job would ignore Ctrl-C
            os.execv(sys.executable, [sys.executable, "-m", "nianbao.cli", *arguments])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with suppress(ProcessLookupError, ChildProcessError):  # it has ended, as it should
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def until(self, words, seconds=60):
        """Reads on until these words were shown; what was shown so far is forgotten."""
        end = time.monotonic() + seconds
        while words not in self.seen and time.monotonic() < end:
            if select.select([self.file], [], [], 0.2)[0]:
                try:
                    part = os.read(self.file, 65536).decode(errors="replace")
                except OSError:
                    break  # it has left
                self.seen += part
                if "\x1b[6n" in part:  # where is the cursor?
                    os.write(self.file, b"\x1b[1;1R")
        assert words in self.seen
        shown, _, self.seen = self.seen.partition(words)
        return shown + words

    def type(self, text):
        os.write(self.file, text.encode())

    def ask(self, text):
        """Types once the prompt is there: what is typed before is shown by the terminal itself, and not completed."""
        self.until("nianbao>")
        self.type(text)


def test_a_session_with_all_its_manners(tmp_path):
    toy_release(tmp_path / "home")
    with Terminal(
        "sql",
        "-i",
        NIANBAO_HOME=str(tmp_path / "home"),
        XDG_STATE_HOME=str(tmp_path / "state"),
        TERM="xterm",
        PAGER="cat",
    ) as terminal:
        terminal.until("read-only")
        terminal.ask("select 40\r")
        terminal.until("…")
        terminal.type("+ 2 as answer;\r")
        terminal.until("42")
        terminal.ask("select report_ye\t")
        terminal.until("ar")  # the rest of the word, wherever the screen has it
        terminal.type(" from toy;\r")
        terminal.until("2023")
        terminal.ask("\\d toy\r")
        terminal.until("decimal(28,6)")
        terminal.ask("delete from toy;\r")
        terminal.until("only one reading query")
        terminal.ask("from toyz;\r")
        terminal.until("did you mean toy")
        terminal.ask("select sum(a.range * b.range) from range(10000000) a, range(1000000) b;\r")
        terminal.until("\x1b[?2004l")  # the prompt is left, the query begins
        time.sleep(0.5)
        terminal.type("\x03")
        terminal.until("nterrupted")
        terminal.ask("\\q\r")
        assert os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]) == 0
    history = tmp_path / "state" / "nianbao" / "sql_history"
    assert "+ 2 as answer;" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0
    assert (tmp_path / "home" / "current" / DATABASE).stat().st_mode & 0o222 == 0
