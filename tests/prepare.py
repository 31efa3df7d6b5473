"""Gets the programs that only the tests need: `make test` runs this before pytest.

Where they cannot be had the tests that need them are left out, or fail where ``CI=true``;
so this never fails itself.
"""

from __future__ import annotations

import shutil
import sys

from lab.engine_setup.install import apt_install, may_install
from lab.engine_setup.locking import exclusive
from lab.errors import InfrastructureError

PACKAGES = {"ip": "iproute2", "nft": "nftables"}


def say(text: str) -> None:
    print(f"setup: {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Install what is missing, where that is ours to do."""
    if may_install() is not None or all(map(shutil.which, PACKAGES)):
        return
    with exclusive("packages", lambda: say("another run is installing packages: waiting")):
        missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
        if not missing:
            return
        try:
            apt_install(missing, say)
        except InfrastructureError as error:
            say(error.message)


if __name__ == "__main__":
    main()
