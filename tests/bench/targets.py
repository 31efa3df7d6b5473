"""Says whether a figure meets its target. A bench informs; it does not fail on a busy machine."""

from __future__ import annotations


def judge(what: str, figure: float, limit: float, unit: str) -> None:
    """Print a figure beside its target."""
    print(
        f"  {'met   ' if figure < limit else 'MISSED'} {what}: {figure:.2f} {unit} (target: under {limit:g} {unit})"
    )
