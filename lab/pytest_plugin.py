"""Scenarios as pytest items, and the `lab` fixture for teams that test their own scripts."""

from __future__ import annotations
