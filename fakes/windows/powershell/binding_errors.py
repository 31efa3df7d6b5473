"""Errors of parameter binding. Texts: ``ParameterBinderStrings.resx``, ids as 5.1 gives them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fakes.windows.powershell.conversion import to_string
from fakes.windows.powershell.errors import AUTOMATION, ErrorRecord, PowerShellError
from fakes.windows.powershell.values import type_names


def binding_error(
    message: str,
    fqid: str,
    category: str = "InvalidArgument",
    target: Any = None,
    kind: str = "ParameterBindingException",
) -> PowerShellError:
    """A binding error; the binder's owner adds command name and class."""
    return PowerShellError(ErrorRecord(message, fqid, category, target, exception_type=AUTOMATION + kind))


@contextmanager
def placed(place: tuple[int, int] | None) -> Iterator[None]:
    """Let the errors inside point at one argument instead of the whole command, as 5.1 does.

    Args:
        place: Offsets of the name or value in the command's source.
    """
    try:
        yield
    except PowerShellError as error:
        if place is not None and error.place is None and not error.record.category.activity:
            error.place = place
        raise


def not_found(name: str) -> PowerShellError:
    """No parameter of that name."""
    return binding_error(
        f"A parameter cannot be found that matches parameter name '{name}'.", "NamedParameterNotFound"
    )


def ambiguous(name: str, candidates: list[str]) -> PowerShellError:
    """A prefix of several parameters."""
    shown = "".join(f" -{one}" for one in candidates)
    return binding_error(
        f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches include:{shown}.",
        "AmbiguousParameter",
    )


def missing_argument(name: str, type_name: str) -> PowerShellError:
    """``-Name`` at the end."""
    return binding_error(
        f"Missing an argument for parameter '{name}'. Specify a parameter of type '{type_name}' and try again.",
        "MissingArgument",
    )


def bound_twice(name: str) -> PowerShellError:
    """The same parameter twice."""
    return binding_error(
        f"Cannot bind parameter because parameter '{name}' is specified more than once. To provide multiple values to "
        'parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".',
        "ParameterAlreadyBound",
    )


def positional_not_found(value: Any) -> PowerShellError:
    """A bare argument too many."""
    return binding_error(
        f"A positional parameter cannot be found that accepts argument '{to_string(value)}'.",
        "PositionalParameterNotFound",
    )


def ambiguous_set() -> PowerShellError:
    """Parameters of different sets."""
    return binding_error(
        "Parameter set cannot be resolved using the specified named parameters.", "AmbiguousParameterSet"
    )


def missing_mandatory(names: list[str]) -> PowerShellError:
    """Mandatory parameters without a value; there is nobody to prompt."""
    shown = " ".join(names)
    return binding_error(
        f"Cannot process command because of one or more missing mandatory parameters: {shown}.",
        "MissingMandatoryParameter",
    )


def input_not_bound(value: Any) -> PowerShellError:
    """A pipeline object that no parameter takes."""
    return binding_error(
        "The input object cannot be bound to any parameters for the command either because the command does not take "
        "pipeline input or the input and its properties do not match any of the parameters that take pipeline input.",
        "InputObjectNotBound",
        target=value,
    )


def input_missing_mandatory(value: Any, names: list[str]) -> PowerShellError:
    """A pipeline object that leaves mandatory parameters unbound."""
    return binding_error(
        "The input object cannot be bound because it did not contain the information required to bind all mandatory "
        f"parameters:  {' '.join(names)}",
        "InputObjectMissingMandatory",
        target=value,
    )


def not_allowed(name: str, what: str, fqid: str) -> PowerShellError:
    """Null, an empty string or an empty collection for a mandatory parameter."""
    return binding_error(
        f"Cannot bind argument to parameter '{name}' because it is {what}.",
        f"ParameterArgumentValidationError{fqid}NotAllowed",
        "InvalidData",
        kind="ParameterBindingValidationException",
    )


def validation(name: str, reason: str) -> PowerShellError:
    """A validation attribute refused the value."""
    return binding_error(
        f"Cannot validate argument on parameter '{name}'. {reason}",
        "ParameterArgumentValidationError",
        "InvalidData",
        kind="ParameterBindingValidationException",
    )


def cannot_convert(name: str, value: Any, target: str, reason: str) -> PowerShellError:
    """A cmdlet's argument does not convert."""
    if isinstance(value, list):
        shown = type_names(value)[0]
        message = f"Cannot convert '{shown}' to the type '{target}' required by parameter '{name}'. Specified method is not supported."
        return binding_error(message, "CannotConvertArgument")
    return binding_error(f"Cannot bind parameter '{name}'. {reason}", "CannotConvertArgumentNoMessage")


def cannot_transform(name: str, reason: str) -> PowerShellError:
    """A function's argument does not convert."""
    return binding_error(
        f"Cannot process argument transformation on parameter '{name}'. {reason}",
        "ParameterArgumentTransformationError",
        "InvalidData",
        kind="ParameterBindingArgumentTransformationException",
    )
