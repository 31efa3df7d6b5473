"""The parts of pyspnego that the NTLM acceptor is built from.

pyspnego's public acceptor takes its users from one file named in the environment and its
computer name from this machine, both global to the process; a lab has many hosts with
their own names and users in one process. Its message structures and primitives
(MS-NLMP 2.2 and 3.4) carry no such state, but they are private modules. So they are
imported here and nowhere else, the versions known to fit are pinned, and anything
else is refused at import with one clear line.
"""

from __future__ import annotations

from importlib.metadata import version

TESTED_FROM, TESTED_BELOW = (0, 11), (0, 13)
_version = version("pyspnego")
_advice = (
    f"pyspnego {_version} is installed, but the simulated WinRM listener needs "
    f">={'.'.join(map(str, TESTED_FROM))},<{'.'.join(map(str, TESTED_BELOW))}: "
    "install a version in that range"
)

if not TESTED_FROM <= tuple(int(part) for part in _version.split(".")[:2]) < TESTED_BELOW:
    raise ImportError(_advice)

try:
    from spnego._context import GSSMech
    from spnego._ntlm_raw.crypto import ntowfv1, rc4init, rc4k, sealkey, signkey
    from spnego._ntlm_raw.messages import (
        Authenticate,
        AvFlags,
        AvId,
        Challenge,
        FileTime,
        Negotiate,
        NegotiateFlags,
        NTClientChallengeV2,
        TargetInfo,
        Version,
    )
    from spnego._ntlm_raw.security import seal, sign
    from spnego._spnego import (
        NegState,
        NegTokenInit,
        NegTokenResp,
        pack_mech_type_list,
        unpack_token,
    )
    from spnego.channel_bindings import GssChannelBindings
    from spnego.exceptions import SpnegoError
except ImportError as error:
    raise ImportError(_advice) from error

__all__ = [
    "Authenticate",
    "AvFlags",
    "AvId",
    "Challenge",
    "FileTime",
    "GSSMech",
    "GssChannelBindings",
    "NTClientChallengeV2",
    "NegState",
    "NegTokenInit",
    "NegTokenResp",
    "Negotiate",
    "NegotiateFlags",
    "SpnegoError",
    "TargetInfo",
    "Version",
    "ntowfv1",
    "pack_mech_type_list",
    "rc4init",
    "rc4k",
    "seal",
    "sealkey",
    "sign",
    "signkey",
    "unpack_token",
]
