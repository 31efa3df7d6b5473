"""The extension packages that the wire server offers for download."""

from __future__ import annotations

from collections.abc import Callable

Packages = dict[str, dict[str, Callable[[], bytes]]]


def packages(os: str) -> Packages:
    """Return handler name -> version -> what builds the package's bytes.

    Args:
        os: ``windows`` or ``linux``; a machine is offered the packages of its own system,
            in the versions that the backup service asks for (:mod:`fakes.backup.extension`).
    """
    from fakes.backup.extension import VERSIONS

    if os == "windows":
        from fakes.extension.windows.package import packages as offered
    else:
        from fakes.extension.linux.package import packages as offered
    return offered(VERSIONS[os.capitalize()])
