"""``python -m fakes.fabric``: run one fabric.

The configuration (:mod:`fakes.fabric.config`) is the first line of standard input. When
everything answers, one line of JSON on standard output says where. The fabric ends when
standard input ends (so it cannot outlive whoever started it), on SIGTERM, on ``POST /stop``
of the control API, and when it expires; a detached one does not mind the end of its input.
Exit code 0, or 3 with one line on standard error when it could not start.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

from fakes.fabric.config import ConfigError, FabricConfig


def main() -> int:
    """Read the configuration, run until told to stop, return the exit code."""
    try:
        config = FabricConfig.parse(json.loads(sys.stdin.readline() or "{}"))
    except (ConfigError, json.JSONDecodeError) as error:
        print(f"fabric: configuration: {error}", file=sys.stderr)
        return 3
    from fakes.fabric.start import storage_server
    from fakes.storage.errors import StorageSetupError
    from fakes.tls import Authority

    authority = Authority(config.dir / "tls")
    storage = storage_server(config, authority)
    try:
        storage.start()  # it starts while we import the rest
        from fakes.fabric.fabric import Fabric

        fabric = Fabric(config, authority, storage)
        asyncio.run(fabric.run())
    except (ConfigError, StorageSetupError, OSError) as error:
        print(f"fabric: {error}", file=sys.stderr)
        return 3
    finally:
        storage.stop()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # all is stopped; taking a thousand modules apart would only make the lab wait
