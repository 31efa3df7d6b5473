"""Top-level pytest configuration: the lab's own plugin does the work.

``pytest scenarios -n auto`` runs every scenario as one test item; ``pytest tests`` runs
the project's own tests.
"""
