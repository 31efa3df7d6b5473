"""What the service control manager writes to the System log.

Texts of the "Service Control Manager" message table (netevent.dll); MicrosoftDocs, "Service
Control Manager events".
"""

from __future__ import annotations

from fakes.windows.model.event_logs import EventLogs
from fakes.windows.model.service_config import ServiceConfig, StartType
from fakes.windows.model.service_status import Service
from fakes.windows.model.win32 import message

_START_TYPES = ("boot start", "system start", "auto start", "demand start", "disabled")


def _write(logs: EventLogs, event_id: int, level: str, text: str, data: list[str]) -> None:
    logs.write("System", "Service Control Manager", event_id, level, text, data=data)


def state(logs: EventLogs, config: ServiceConfig, word: str) -> None:
    """Write 7036: a service is ``running`` or ``stopped`` now; drivers leave none."""
    if not config.is_driver:
        text = f"The {config.display_name} service entered the {word} state."
        _write(logs, 7036, "Information", text, [config.display_name, word])


def start_type(logs: EventLogs, config: ServiceConfig, new: StartType) -> None:
    """Write 7040: the start type was changed."""
    old, now = _START_TYPES[config.start], _START_TYPES[new]
    text = f"The start type of the {config.display_name} service was changed from {old} to {now}."
    _write(logs, 7040, "Information", text, [config.display_name, old, now, config.name])


def terminated(logs: EventLogs, service: Service) -> None:
    """Write 7034: the process died."""
    text = f"The {service.display_name} service terminated unexpectedly.  It has done this 1 time(s)."
    _write(logs, 7034, "Error", text, [service.display_name, "1"])


def dependency(logs: EventLogs, service: Service, other: Service, code: int, *, logged: bool) -> None:
    """Write 7001: what a service depends on did not start."""
    if logged:
        text = (
            f"The {service.display_name} service depends on the {other.display_name} service which failed to "
            f"start because of the following error: \n{message(code)}"
        )
        _write(logs, 7001, "Error", text, [service.display_name, other.display_name, f"%%{code}"])


def failure(logs: EventLogs, service: Service, code: int, *, logged: bool) -> None:
    """Write 7000, and 7038 before it when the account could not log on.

    A start that was refused at once (running, disabled) or failed for a dependency, which has
    an event of its own, leaves none.
    """
    if not logged or code in {1056, 1058, 1068}:
        return
    config = service.config
    if code == 1069:
        text = (
            f"The {config.name} service was unable to log on as {config.account} with the currently configured "
            "password due to the following error: \nThe user name or password is incorrect.\n\nTo ensure that the "
            "service is configured properly, use the Services snap-in in Microsoft Management Console (MMC)."
        )
        _write(logs, 7038, "Error", text, [config.name, config.account, "%%1326"])
    text = f"The {service.display_name} service failed to start due to the following error: \n{message(code)}"
    _write(logs, 7000, "Error", text, [service.display_name, f"%%{code}"])
