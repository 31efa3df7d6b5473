"""The courier: plays the Windows guest agent for a host reached over WinRM."""

from __future__ import annotations

from fakes.courier.courier import Courier

__all__ = ["Courier"]
