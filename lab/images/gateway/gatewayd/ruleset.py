"""Apply the packet filter that the fabric compiles from the effective security rules."""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
from pathlib import Path

PLATFORM_CHAINS = """
table inet gateway {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    iifname "guest0" ip daddr 168.63.129.16 tcp dport { 53, 80, 32526 } accept
    iifname "guest0" ip daddr 168.63.129.16 udp dport 53 accept
    iifname "guest0" ip daddr 169.254.169.254 tcp dport 80 accept
  }
}
"""
"""What the gateway itself answers. No NSG filters these addresses, as in Azure:
https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16"""

OPEN_NETWORK = """
table inet nsg {
  chain forward {
    type filter hook forward priority 0; policy accept;
  }
}
"""
"""In force until the fabric has written a ruleset: a subnet without any NSG."""

log = logging.getLogger("gateway.ruleset")


def digest(text: str) -> str:
    """Return the hash by which the lab recognises an applied ruleset (SHA-256, hex)."""
    return hashlib.sha256(text.encode()).hexdigest()


def transaction(text: str) -> str:
    """Return one nft transaction that replaces everything; connection tracking lives on."""
    return f"flush ruleset\n{text}\n{PLATFORM_CHAINS}"


def write_atomically(path: Path, text: str) -> None:
    """Write a file that its reader never sees half done."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


class Ruleset:
    """The file ``ruleset.nft`` of the shared folder and the kernel's state after it.

    ``ruleset.applied`` is written back: the hash of the text in force, or
    ``error <hash>`` and nft's words on the next lines when nft refused it (the former
    ruleset then stays in force).
    """

    def __init__(self, folder: Path) -> None:
        self.source = folder / "ruleset.nft"
        self.answer = folder / "ruleset.applied"
        self._seen: str | None = None
        self._looked = False

    def refresh(self) -> bool:
        """Apply the file if it changed; return whether anything was applied."""
        try:
            text: str | None = self.source.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = None
        if self._looked and text == self._seen:
            return False
        self._looked, self._seen = True, text
        result = subprocess.run(
            ["nft", "-f", "-"],
            input=transaction(OPEN_NETWORK if text is None else text),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            log.error("nft refused the ruleset: %s", result.stderr.strip())
            write_atomically(self.answer, f"error {digest(text or '')}\n{result.stderr}")
            return False
        if text is not None:
            write_atomically(self.answer, digest(text) + "\n")
        return True
