"""Disturbs a run, looks at what is left, runs it again, and says what is wrong."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from support import Command

from chaos import home
from chaos.home import Prepared
from chaos.kills import COLLECT, Kill
from chaos.troubles import Scene, Trouble

_PATIENCE = 240.0


@dataclass(frozen=True)
class Told:
    """How a case went. ended: how the disturbed run did; sentence: its last words; problems: what should not be."""

    name: str
    ended: str
    sentence: str
    problems: tuple[str, ...]
    seconds: float


def kill(prepared: Prepared, case: Kill, name: str) -> Told:
    """Kills a run at a point, and completes it."""
    began = time.monotonic()
    arguments = tuple(str(prepared.files) if each == "{files}" else each for each in case.arguments)
    settings = prepared.settings_of(arguments)
    command = prepared.copy(name)
    if arguments == COLLECT:
        settings |= {"NIANBAO_KEEP_RELEASES": "1", "NIANBAO_KEEP_MONTHS": "0"}
        command("refresh", **settings)
    published = command.current
    code = home.start(command, case.plan, *arguments, **settings).wait(_PATIENCE)
    problems = [] if code == -signal.SIGKILL else [f"it did not come to that point (exit code {code})"]
    if published != command.current and "link" not in case.stage and "end," not in case.stage:
        problems.append(f"current moved from {published} to {command.current}")
    expected = prepared.undisturbed(("refresh",) if arguments == COLLECT else arguments)
    problems += _afterwards(command, arguments, settings, expected)
    home.forget(command)
    return Told(case.name, "killed", "", tuple(problems), time.monotonic() - began)


def trouble(prepared: Prepared, case: Trouble, name: str) -> Told:
    """Makes trouble for a refresh at a point, ends it, and refreshes again."""
    began = time.monotonic()
    expected = prepared.undisturbed(("refresh",))
    command = prepared.command_of(name)
    with ExitStack() as stack:
        scene = Scene(prepared, command)
        if case.around:
            stack.enter_context(contextmanager(case.around)(scene))
        home.copy_home(prepared.command.home, command.home)
        code, problems = _disturbed(scene, case)
        said = home.said(command)
        sentence = _last_words(said)
        if case.fails is not None and case.fails != (code != 0):
            problems.append(
                f"exit code {code}, which was to be {'another' if case.fails else '0'}: {sentence}"
            )
        if "Traceback" in said:
            problems.append("its words are a traceback")
        if code != 0:
            problems += [
                f"it does not say '{word}': {sentence}"
                for word in case.says
                if word.lower() not in said.lower()
            ]
        problems += _afterwards(command, ("refresh",), prepared.settings, expected)
        home.forget(command)
    return Told(case.name, f"exit code {code}", sentence, tuple(problems), time.monotonic() - began)


def _disturbed(scene: Scene, case: Trouble) -> tuple[int, list[str]]:
    """Runs until the point, makes the trouble, and waits for the end: (exit code, problems)."""
    command = scene.command
    at, go = (command.home.parent.parent / f"{command.home.parent.name}.{word}" for word in ("at", "go"))
    calls, number = case.at or ("nianbao.cli:main", 10**9)
    plan = {"calls": calls, "number": number, "do": "wait", "at": str(at), "go": str(go)}
    with ExitStack() as trouble:
        if case.at is None:
            trouble.enter_context(contextmanager(case.make)(scene))
        process = home.start(command, plan, "refresh", **scene.prepared.settings | scene.environment)
        if case.at is not None:
            until = time.monotonic() + _PATIENCE
            while not at.exists() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            if not at.exists():
                process.kill()
                return process.wait(), ["it did not come to that point"]
            trouble.enter_context(contextmanager(case.make)(scene))
            go.touch()
        problems = []
        try:
            code = process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            code, problems = process.wait(), [f"it did not end within {_PATIENCE:g} s"]
        problems += home.wrong_after(command)
    return code, problems


def _afterwards(
    command: Command,
    arguments: tuple[str, ...],
    settings: dict[str, str],
    expected: dict[str, tuple[int, str]],
) -> list[str]:
    """Looks, runs again, looks again."""
    problems = home.wrong_after(command)
    before = home.captures(command)
    command(*arguments, exit_code=None, **settings)
    if command.code != 0:
        problems.append(f"the next run failed ({command.code}): {_last_words(command.out + command.err)}")
    return problems + home.wrong_at_the_end(command, expected, before)


def _last_words(said: str) -> str:
    """The line that says how a run ended."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for mark in ("FAILED:", "REFUSED:", "INTERRUPTED:", "PUBLISHED:", "QUIET:"):
        for line in lines:
            if line.startswith(mark):
                return line
    return lines[-1] if lines else ""
