"""Run one handler command; long work goes on in a child that outlives it.

The agent's loop waits for each command, and sends no status meanwhile, so ``enable`` only
notes that work has begun and returns.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from . import freeze, task
from .environment import BadSettings, Environment
from .status import SUCCESS, Result, StatusFile

USAGE = 64
log = logging.getLogger("vmsnapshot")


def detach() -> bool:
    """Fork twice; returns ``True`` in the grandchild, which holds none of our streams."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return False
    os.setsid()
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    return True


def enable(environment: Environment) -> int:
    """Carry out the newest settings, unless that has been done already."""
    environment.write_heartbeat("Ready", 0, "the handler is enabled")
    sequence = environment.sequence()
    if sequence is None:
        log.info("enabled without settings: nothing to do")
        return 0
    status = StatusFile(environment.status_folder, sequence)
    freeze.thaw_left_over(environment.state_file)
    if status.is_final():
        log.info("settings %d were carried out before", sequence)
        return 0
    try:
        order = environment.order(sequence)
    except BadSettings as error:
        log.error("%s", error)  # noqa: TRY400 - the words suffice
        status.write(Result.failed(11, "ExtensionConfigParsingFailure", str(error)))
        return 0
    if order is None:
        status.write(Result(SUCCESS, 1, "no command was given"))
        return 0
    status.write(Result.working("the command was accepted"))
    if detach():
        code = 1
        try:
            status.write(task.carry_out(order, environment.state_file))
            code = 0
        except BaseException as error:
            log.exception("the task ended unexpectedly")
            status.write(Result.failed(2, "ExtentionOperationFailed", f"{type(error).__name__}: {error}"))
        finally:
            os._exit(code)
    return 0


def main(arguments: list[str]) -> int:
    """Entry point; the working directory is the handler's folder."""
    environment = Environment.load(Path.cwd())
    environment.start_log()
    command = arguments[0] if len(arguments) == 1 else ""
    log.info("command %s, handler %s", command or arguments, Path.cwd().name)
    if command == "enable":
        return enable(environment)
    if command in {"disable", "uninstall", "update"}:
        freeze.thaw_left_over(environment.state_file)
        return 0
    if command == "install":
        return 0
    sys.stderr.write("usage: handle.sh install|enable|disable|update|uninstall\n")
    return USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
