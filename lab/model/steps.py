"""The steps of a scenario: what is done to a host, to the control plane, to the fabric, to time."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from lab.model.base import Command, ExitCodes, Patterns, Seconds, Strict

HTTP_METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE", "HEAD")


def _check_request(value: str) -> str:
    method, _, path = value.strip().partition(" ")
    if method not in HTTP_METHODS:
        raise ValueError(
            f"starts with one of {', '.join(HTTP_METHODS)}, such as 'GET ${{vm_id}}?api-version=...'"
        )
    if not path.strip().startswith(("/", "$", "https://")):
        raise ValueError("needs a path after the method: a resource id or a ${fact} that holds one")
    if "api-version=" not in path:
        raise ValueError("needs an api-version, such as '?api-version=2024-05-01'")
    return value.strip()


def _check_jmespath(value: str) -> str:
    import jmespath
    from jmespath.exceptions import ParseError

    try:
        jmespath.compile(value)
    except ParseError as error:
        raise ValueError(f"not a JMESPath query: {error}") from None
    return value


class Step(Strict):
    """What every step may carry."""

    name: str | None = Field(default=None, description="What the step is for, as a support engineer says it.")
    timeout: Seconds | None = Field(default=None, description="Seconds of real time the step may take.")


class HostStep(Step):
    """A step on one host; `on` may be left out where the scenario has a single host."""

    on: str | None = Field(default=None, description="Name of the host.")


class CommandStep(HostStep):
    """A command or script on a host, and what its output must show."""

    finds: Patterns | None = Field(default=None, description="Regular expressions the output must match.")
    lacks: Patterns | None = Field(default=None, description="Regular expressions the output must not match.")
    exit: ExitCodes | None = Field(default=None, description="Accepted exit codes.")
    env: dict[str, str] | None = Field(
        default=None, description="Environment of the command; ${facts} allowed."
    )
    args: list[str] | None = Field(default=None, description="Arguments, where the value is a script.")


class CmdStep(CommandStep):
    """A command line for cmd.exe, or a .cmd/.bat script."""

    cmd: Command


class PowershellStep(CommandStep):
    """A command for Windows PowerShell, or a .ps1 script."""

    powershell: Command


class ShStep(CommandStep):
    """A command for a Linux host's shell, or a .sh script."""

    sh: Command


class PythonStep(Step):
    """A Python script of the folder, run here against the control plane.

    It finds LAB_ARM_ENDPOINT, LAB_ARM_TOKEN, REQUESTS_CA_BUNDLE and one LAB_<FACT> per fact in
    its environment.
    """

    python: Command
    args: list[str] | None = None
    finds: Patterns | None = None
    lacks: Patterns | None = None
    exit: ExitCodes | None = None


class AzureStep(Step):
    """A REST call to the control plane, followed to the end when it is long-running."""

    azure: Annotated[str, AfterValidator(_check_request)] = Field(
        description="Method and path: 'PUT ${nsg_id}/securityRules/x?api-version=2024-05-01'."
    )
    body: Any = Field(default=None, description="JSON body, written as YAML.")
    expect: ExitCodes | None = Field(default=None, description="Accepted HTTP statuses; any 2xx if left out.")
    query: Annotated[str, AfterValidator(_check_jmespath)] | None = Field(
        default=None, description="JMESPath over the answer; finds, lacks and equals look at its result."
    )
    finds: Patterns | None = None
    lacks: Patterns | None = None
    equals: Any = None


class FaultStep(HostStep):
    """An injection: on a simulated host a change of its model, on a real host a script."""

    simulated: dict[str, Any] | None = Field(
        default=None, description="Change of the simulated host's state."
    )
    real: Command | None = Field(default=None, description="Script that does the same on a real host.")

    @model_validator(mode="after")
    def _one_of_both(self) -> FaultStep:
        if self.simulated is None and self.real is None:
            raise ValueError("needs simulated:, real: or both")
        return self


class KnobStep(Step):
    """A setting of the fabric, such as a throttled storage account."""

    knob: Annotated[dict[str, Any], Field(min_length=1)]


class WaitStep(Step):
    """Virtual time that passes."""

    wait: Seconds = Field(description="Seconds of the lab's virtual clock.")
