"""The journal of a run: JSON Lines, written as things happen, free of secrets."""
